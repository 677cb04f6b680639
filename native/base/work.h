/* Cost table of counted work (es_work): nominal RV32IMAC instructions, and how they are added.
 * The matrix, gate and tanh costs were measured on the plain C kernels, emulated RV32IMAC, gcc 12 -O2 (product.c with
 * -fno-schedule-insns), random weights at 0, 25 and 50 % density: whole layers come out within 2 % of the count. The
 * others are counted by hand. They are nominal: a tuned kernel on a PC adds the same numbers as the plain one. */
#ifndef EARSHOT_WORK_H
#define EARSHOT_WORK_H

#include "earshot/base.h"

#define ES_COST_BLOCK 106   /* one 8 x 4 block: 32 weights at 3.3, its column index included */
#define ES_COST_BLOCK_2 178 /* the same for two vectors in one pass (products.c: the loop as gcc 12 compiles it) */
#define ES_COST_BLOCK_3 264
#define ES_COST_BLOCK_4 342
#define ES_COST_GROUP 44      /* one row group of one matrix: counters, eight sums stored, its share of the call */
#define ES_COST_REQUANTIZE 33 /* one row of one matrix: 64-bit product, rounding, 64-bit shift */
#define ES_COST_SATURATE 5    /* one row: bias, limits, store */
#define ES_COST_LSTM_UNIT 122 /* five table look-ups, cell and output arithmetic */
#define ES_COST_TANH8 36      /* one element: sum, look-up, scale, store */
#define ES_COST_ARGMAX 6      /* one label */
#define ES_COST_COPY 2        /* one byte moved by a loop of words, bookkeeping included */
#define ES_COST_STEP 400      /* one encoder step of the search: end-pointers, word bookkeeping */
#define ES_COST_SLICE 60      /* entering and leaving one slice */

static inline void es_work_add(es_work *work, uint64_t macs, uint64_t weight_bytes, uint64_t instructions) {
    work->macs += macs;
    work->weight_bytes += weight_bytes;
    work->instructions += instructions;
}

#endif
