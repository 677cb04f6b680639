/* Logarithms in integers: natural, Q10 (1024 = one nat), probabilities Q30 (2^30 = 1). Private to native/decoder.
 * Tables and the same arithmetic in Python: models/training/earshot_training/log_tables.py. */
#ifndef EARSHOT_FIXED_LOG_H
#define EARSHOT_FIXED_LOG_H

#include "earshot/base.h"

#define ES_ONE_Q30 (1u << 30)
#define ES_NEVER_Q10 20480 /* 20 nats: exp(-20) is 2e-9, below what Q30 tells from nothing */

extern const uint32_t es_exp_high_q30[160];
extern const uint32_t es_exp_low_q30[128];
extern const uint16_t es_ln_q16[129];
extern const uint16_t es_log_add_q10[257];

/* exp(-d / 1024) for d >= 0: exp of the eighths of a nat times exp of the rest, rounded to nearest. */
static inline uint32_t es_exp_q30(int32_t d) {
    if (d >= ES_NEVER_Q10)
        return 0;
    return (uint32_t)(((uint64_t)es_exp_high_q30[d >> 7] * es_exp_low_q30[d & 127] + (1u << 29)) >> 30);
}

/* 1024 ln(x / 2^30) for 1 <= x < 2^63: leading bit, then a table of ln(1 + k / 128) with straight lines between. */
int32_t es_ln_q10(uint64_t x);

/* ln(exp(a) + exp(b)): the larger one and a table of ln(1 + exp(-d)), d in steps of 1/32 nat, straight lines between;
 * from 8 nats on the smaller one is nothing. */
static inline int32_t es_log_add(int32_t a, int32_t b) {
    int32_t high = a > b ? a : b, d = a > b ? a - b : b - a;
    if (d >= 8192)
        return high;
    int32_t low = es_log_add_q10[d >> 5], next = es_log_add_q10[(d >> 5) + 1];
    return high + low + (((next - low) * (d & 31) + 16) >> 5);
}

/* Logarithm of the sum of exp(logit), Q10, of `count` logits, the first one taken less `penalty`: what has to be taken
 * from each of them to make log-probabilities. */
int32_t es_log_total(const int16_t *logits, uint32_t count, int32_t penalty);

#endif
