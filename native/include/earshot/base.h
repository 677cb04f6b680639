/* Memory, queues, counted work and fixed-point maths that every subsystem shares.
 * No heap, no globals, no operating system. */
#ifndef EARSHOT_BASE_H
#define EARSHOT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "earshot/status.h"

/* A bump allocator over memory that the caller owns. Blocks are aligned to 16 bytes. */
typedef struct es_arena {
    uint8_t *base;
    size_t size; /* bytes */
    size_t used; /* bytes, also the high-water mark: nothing is given back but by reset */
} es_arena;

void es_arena_init(es_arena *arena, void *memory, size_t bytes);
/* Zeroed memory, or NULL when the arena is exhausted. */
void *es_arena_take(es_arena *arena, size_t bytes);
/* What a block of `bytes` costs in an arena: rounded up to 16. */
size_t es_arena_need(size_t bytes);

/* Work done, counted by the kernels themselves; no clock is read.
 * `instructions` is the nominal number of RV32IMAC instructions, from the cost table in base/work.h. */
typedef struct es_work {
    uint64_t macs;         /* multiply-accumulates after sparsity */
    uint64_t weight_bytes; /* weight and index bytes read, each pass counted */
    uint64_t instructions;
} es_work;

/* Round half up: (a * m + 2^(s-1)) >> s with a 64-bit product, 1 <= s <= 62. */
static inline int64_t es_mul_shift(int32_t a, int32_t m, int s) {
    return ((int64_t)a * m + ((int64_t)1 << (s - 1))) >> s;
}
static inline int16_t es_sat16(int64_t v) { return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v); }
static inline int8_t es_sat8(int32_t v) { /* -127..127: weights and activations never hold -128 */
    return (int8_t)(v > 127 ? 127 : v < -127 ? -127 : v);
}

#endif
