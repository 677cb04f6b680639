/* The kernels of the network, one table for each instruction set. Every table gives the same bits; the plain C one is
 * the law. Sizes and bounds of a matrix were checked by es_model_open; kernels do not check them again. */
#ifndef EARSHOT_KERNELS_H
#define EARSHOT_KERNELS_H

#include "earshot/model.h"

/* Sums of one matrix that wait for their requantisation. */
typedef struct es_sums {
    const int32_t *sums;        /* [rows] */
    const int32_t *multipliers; /* [rows] */
    int shift;                  /* 1..62 */
} es_sums;

#define ES_KERNEL_VECTORS 4

typedef struct es_kernels {
    const char *name; /* "c", "avx2", "avxvnni", "avx512vnni" */
    /* sums[8 * i + r] = row r of row group (first + i) times x, for i < groups. `block` is the index of the first block
     * of row group `first`. */
    void (*product)(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                    int32_t *sums);
    /* The same for `count` vectors (2..ES_KERNEL_VECTORS) in one pass over the weights. Their values lie together by
     * fours: x[4 * (count * b + k) + i] is value 4 * b + i of vector k; its sums begin at sums[8 * groups * k]. */
    void (*products)(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                     uint32_t count, int32_t *sums);
    /* z[r] = sat16(mul_shift(a) + mul_shift(b) + bias[r]); `b` and `bias` may be NULL; rows is a multiple of 8. */
    void (*requantize)(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias);
} es_kernels;

/* The i-th table that this CPU can run, fastest first, the plain C one last; NULL when there is none. */
const es_kernels *es_kernels_at(unsigned i);
/* The one named so; NULL when it is unknown or this CPU cannot run it. */
const es_kernels *es_kernels_named(const char *name);

#endif
