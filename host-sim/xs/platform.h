/* What the XS engine needs to know of the host's platform. Included by the engine's own headers (XSPLATFORM) and
 * compiled into the cached library: its text is part of that library's name, so a change here rebuilds the engine.
 * No declaration of ours but the fields that each machine carries. */
#ifndef EARSHOT_XS_PLATFORM_H
#define EARSHOT_XS_PLATFORM_H

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#undef mxLinux
#define mxLinux 1
#define mxUseGCCAtomics 1
#define mxUsePOSIXThreads 1

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultParseScript 1

#endif
