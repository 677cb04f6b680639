/* Logarithms: of a number, of a sum of exponentials. */
#include "fixed_log.h"

#define LN2_Q16 45426

int32_t es_ln_q10(uint64_t x) {
    int top = 63;
    while (!(x >> top & 1))
        top--;
    /* the part behind the leading one, Q40; what does not fit is cut */
    uint64_t m = (top <= 40 ? x << (40 - top) : x >> (top - 40)) - ((uint64_t)1 << 40);
    uint32_t at = (uint32_t)(m >> 33);
    int32_t rest = (int32_t)(m >> 23 & 1023), low = es_ln_q16[at], high = es_ln_q16[at + 1];
    int32_t ln = low + (((high - low) * rest + 512) >> 10) + (top - 30) * LN2_Q16;
    return (ln + 32) >> 6;
}

int32_t es_log_total(const int16_t *logits, uint32_t count, int32_t penalty) {
    int32_t first = logits[0] - penalty, best = first;
    for (uint32_t k = 1; k < count; k++)
        best = logits[k] > best ? logits[k] : best;
    uint64_t sum = es_exp_q30(best - first);
    for (uint32_t k = 1; k < count; k++)
        sum += es_exp_q30(best - logits[k]);
    return best + es_ln_q10(sum);
}
