/* Block-sparse int8 matrix times vector, plain C: eight sums in registers, one load of x serves eight rows.
 * On 32-bit cores build this file with -fno-schedule-insns: gcc's first scheduling pass hoists loads until the sums
 * spill (4.6 instead of 3.3 instructions a weight on RV32). */
#include "nn.h"

/* Column c of a block. Written out four times, not looped over: a loop costs 12 % more instructions on RV32. */
#define COLUMN(c)                                                                                                      \
    do {                                                                                                               \
        int32_t v = in[c];                                                                                             \
        s0 += w[c] * v;                                                                                                \
        s1 += w[4 + c] * v;                                                                                            \
        s2 += w[8 + c] * v;                                                                                            \
        s3 += w[12 + c] * v;                                                                                           \
        s4 += w[16 + c] * v;                                                                                           \
        s5 += w[20 + c] * v;                                                                                           \
        s6 += w[24 + c] * v;                                                                                           \
        s7 += w[28 + c] * v;                                                                                           \
    } while (0)

void es_product_c(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                  int32_t *sums) {
    const uint8_t *column = matrix->columns + block;
    const int8_t *w = matrix->blocks + (size_t)block * 32;
    for (uint32_t g = first; g < first + groups; g++, sums += 8) {
        int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (const uint8_t *end = column + matrix->counts[g]; column < end; column++, w += 32) {
            const int8_t *in = x + 4 * (size_t)*column;
            COLUMN(0);
            COLUMN(1);
            COLUMN(2);
            COLUMN(3);
        }
        sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
        sums[4] = s4, sums[5] = s5, sums[6] = s6, sums[7] = s7;
    }
}
