/* The JavaScript machine's memory: one fixed area, first fit, neighbours joined when given back. Only JavaScript's task
 * takes from it. Its size is the manifest's `creation` plus what the engine keeps beside it. */
#ifndef EARSHOT_RV32_HEAP_H
#define EARSHOT_RV32_HEAP_H

#include <stddef.h>

/* The area, supplied by the image (gen/areas.c) or by the freezer. */
extern unsigned char es_heap_area[];
extern const size_t es_heap_bytes;

size_t es_heap_used(void);
size_t es_heap_peak(void);

#endif
