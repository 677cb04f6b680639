/* Cost table of counted work (es_work): nominal RV32IMAC instructions, and how they are added.
 * Matrix cost: 3.3 instructions a weight, measured on an emulated RV32 with gcc 12 -O2 -fno-schedule-insns for 8 x 4
 * blocks. The others are counted by hand from the plain C loops, 64-bit products as two multiplies. They are nominal:
 * a tuned kernel on a PC adds the same numbers as the plain one. */
#ifndef EARSHOT_WORK_H
#define EARSHOT_WORK_H

#include "earshot/base.h"

#define ES_COST_BLOCK 106     /* one 8 x 4 block: 32 weights at 3.3, its column index included */
#define ES_COST_GROUP 44      /* one row group of a product: counters, eight sums stored */
#define ES_COST_REQUANTIZE 13 /* one row: 64-bit product, rounding, shift */
#define ES_COST_SATURATE 9    /* one row: bias, limits, store */
#define ES_COST_LSTM_UNIT 128 /* five table look-ups of 18, cell and output arithmetic */
#define ES_COST_TANH8 34      /* one element: sum, look-up, scale, store */
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
