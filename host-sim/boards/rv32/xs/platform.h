/* What the XS engine needs to know of a board without an operating system. Its text is part of the cached library's
 * name, so a change here rebuilds the engine. Memory of the engine comes from heap.c alone. */
#ifndef EARSHOT_RV32_PLATFORM_H
#define EARSHOT_RV32_PLATFORM_H

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

/* Fields of every machine. The engine's Atomics want the three waiter fields. */
#define mxMachinePlatform                                                                                              \
    void *host;      /* struct es_js of host-sim/xs/machine.h */                                                       \
    int promiseJobs; /* a promise job waits */                                                                         \
    int abortStatus; /* why fxAbort was called, 0 when it was not */                                                   \
    void *waiterCondition;                                                                                             \
    void *waiterData;                                                                                                  \
    void *waiterLink;

#undef mxLittleEndian
#define mxLittleEndian 1

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultCStackLimit 0

void *es_heap_take(size_t bytes);
void *es_heap_take_zeroed(size_t count, size_t bytes);
void *es_heap_resize(void *block, size_t bytes);
void es_heap_give(void *block);
#define c_malloc es_heap_take
#define c_calloc es_heap_take_zeroed
#define c_realloc es_heap_resize
#define c_free es_heap_give
#define c_malloc_uint32 es_heap_take
#define c_free_uint32 es_heap_give

/* The calendar of scripts is the board's (es_date); the engine's own Date counts from it, too. */
struct timeval;
int es_time_of_day(struct timeval *now, void *zone);
#define c_gettimeofday es_time_of_day
#define c_timeval struct timeval
#define c_timezone timezone

#endif
