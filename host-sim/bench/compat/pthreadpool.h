/* Stands in for Debian's libpthreadpool-dev, which xnnpack.h includes and libxnnpack-dev does not bring: the benchmark
 * runs on one thread and passes NULL for every pool. Searched after the system's folders. */
#ifndef EARSHOT_BENCH_PTHREADPOOL_H
#define EARSHOT_BENCH_PTHREADPOOL_H

typedef struct pthreadpool *pthreadpool_t;

#endif
