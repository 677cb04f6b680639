/* A platform of 32 bits without an operating system, to type-check what the SDK links for an ESP32 when the vendor's
 * compiler is not there. Read by the engine's headers (XSPLATFORM); nothing that includes it is ever run. */
#ifndef EARSHOT_SDK_PLATFORM32_H
#define EARSHOT_SDK_PLATFORM32_H

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
#include <time.h>

#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))
#define ICACHE_FLASH_ATTR
#define ICACHE_RODATA_ATTR
#define mxMachinePlatform void *host;

#undef mxLittleEndian
#define mxLittleEndian 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultSharedChunks 1

#endif
