/* The layers of the network, by row groups, so that a caller with a deadline can stop between any two of them.
 * Arithmetic: models/FORMAT.md, "Numbers". In: verified matrices, int8 activations. Out: int8 or Q12 / Q10 int16. */
#ifndef EARSHOT_NN_H
#define EARSHOT_NN_H

#include "earshot/kernels.h"

#define ES_NN_CHUNK 16 /* row groups of one kernel call; the scratch holds their sums */

typedef struct es_nn_scratch {
    int32_t a[8 * ES_NN_CHUNK];
    int32_t b[8 * ES_NN_CHUNK];
    int16_t z[8 * ES_NN_CHUNK];
} es_nn_scratch;

/* Where a walk through a matrix stands. Begin with zeros. */
typedef struct es_nn_cursor {
    uint32_t group;
    uint32_t block; /* first block of `group` */
    uint32_t other; /* first block of `group` in the recurrent matrix of an LSTM layer */
} es_nn_cursor;

extern const int16_t es_sigmoid_q15[257];
extern const int16_t es_tanh_q15[257];

/* Table look-up with straight lines between the entries: z is Q12, the result Q15. */
static inline int32_t es_look_up(const int16_t table[257], int16_t z) {
    uint32_t u = (uint32_t)(z + 32768);
    int32_t low = table[u >> 8], high = table[(u >> 8) + 1];
    return low + (((high - low) * (int32_t)(u & 255) + 128) >> 8);
}

/* Counted instructions of row group `group`: of a plain matrix for `count` vectors, of an LSTM layer. */
uint32_t es_nn_cost(const es_matrix *matrix, uint32_t group, uint32_t count);
uint32_t es_nn_lstm_cost(const es_lstm_layer *layer, uint32_t group);

/* The next `groups` row groups of a plain matrix for `count` vectors (1..ES_KERNEL_VECTORS, groups * count at most
 * ES_NN_CHUNK): out[8 * group + r] = requantised sums + bias (NULL: none), those of vector k from out[rows * k] on. `x`
 * as es_nn_interleave has it. One pass over the weights, which is counted once. */
void es_nn_linear(const es_kernels *kernels, const es_matrix *matrix, es_nn_cursor *at, uint32_t groups,
                  const int8_t *x, uint32_t count, const int16_t *bias, int16_t *out, es_nn_scratch *scratch,
                  es_work *work);
/* Value i of vector k among `count` that lie together by fours (earshot/kernels.h, products). */
static inline size_t es_nn_interleave(size_t i, uint32_t k, uint32_t count) {
    return 4 * (count * (i / 4) + k) + i % 4;
}

/* The next `groups` (1..ES_NN_CHUNK) row groups of an LSTM layer, two units each. `x` and `h` are the layer's input and
 * its output of the step before; c[unit] is renewed in place, out[unit] is written. `out` must not be `h`. */
void es_nn_lstm(const es_kernels *kernels, const es_lstm_layer *layer, es_nn_cursor *at, uint32_t groups,
                const int8_t *x, const int8_t *h, int16_t *c, int8_t *out, es_nn_scratch *scratch, es_work *work);

/* out = round(127 tanh(a[i] + b[i])); `b` may be NULL. Written as vector k of `vectors`. */
void es_nn_tanh8(const int16_t *a, const int16_t *b, uint32_t count, uint32_t k, uint32_t vectors, int8_t *out,
                 es_work *work);

/* Kernels, for their table in kernels.c. */
void es_product_c(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                  int32_t *sums);
void es_products_c(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                   uint32_t count, int32_t *sums);
void es_requantize_c(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias);
#if defined(__x86_64__) && defined(__GNUC__)
#define ES_NN_X86 1
void es_product_avx2(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                     int32_t *sums);
void es_products_avx2(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                      uint32_t count, int32_t *sums);
void es_requantize_avx2(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias);
#if __GNUC__ >= 11 || (defined(__clang_major__) && __clang_major__ >= 12)
#define ES_NN_VNNI 1
void es_product_avxvnni(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                        int32_t *sums);
void es_product_avx512vnni(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                           int32_t *sums);
void es_products_avxvnni(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                         uint32_t count, int32_t *sums);
void es_products_avx512vnni(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                            uint32_t count, int32_t *sums);
void es_requantize_avx512(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias);
#endif
#endif

#endif
