/* Sums back to fixed point, plain C. */
#include "nn.h"

void es_requantize_c(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias) {
    for (uint32_t r = 0; r < rows; r++) {
        int64_t sum = es_mul_shift(a->sums[r], a->multipliers[r], a->shift);
        if (b != NULL)
            sum += es_mul_shift(b->sums[r], b->multipliers[r], b->shift);
        if (bias != NULL)
            sum += bias[r];
        z[r] = es_sat16(sum);
    }
}
