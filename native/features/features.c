/* Fixed-point log-mel: DC blocker, Hann window, 512-point FFT, mel filters, logarithm. Formula and scales of every
 * stage: README.md of this folder. Reads nothing but its struct and the tables; keeps no statistics of the past. */
#include "earshot/features.h"

#include <string.h>

#include "tables.h"

_Static_assert((-1 >> 1) == -1, "right shift of negative numbers must be arithmetic");

#define FFT_POINTS 256 /* complex; 512 real samples packed two by two */
#define KEPT 480       /* samples kept: three hops */

/* Nominal RV32IMAC instructions, measured on an emulated RV32 with gcc 12 -O2. */
#define COST_HOP 3440    /* DC blocker, history moved up */
#define COST_FRAME 60000 /* window, FFT, power, filters, logarithm */

struct es_features {
    int32_t level_q14;      /* output of the DC blocker */
    int32_t last;           /* last sample in */
    bool primed;            /* `last` holds a sample */
    uint8_t hops;           /* hops held, 0..3 */
    int32_t kept_q14[KEPT]; /* newest at the end */
    int32_t re[FFT_POINTS];
    int32_t im[FFT_POINTS];
};

size_t es_features_bytes(void) { return es_arena_need(sizeof(es_features)); }

es_status es_features_init(es_features **features, es_arena *arena) {
    *features = es_arena_take(arena, sizeof(es_features));
    if (*features == NULL)
        return ES_E_MEMORY;
    es_features_reset(*features);
    return ES_OK;
}

void es_features_reset(es_features *features) { memset(features, 0, sizeof *features); }

/* y[n] = x[n] - x[n-1] + (1 - 2^-8) y[n-1]: pole at 10 Hz, time constant 16 ms. |y| <= 2 * 32768, so Q14 stays inside
 * int32 for every input. The first sample after a reset is taken as the offset, which spares the start-up step. */
static void block_dc(es_features *f, const int16_t hop[ES_FEATURE_HOP]) {
    int32_t level = f->level_q14, last = f->primed ? f->last : hop[0];
    memmove(f->kept_q14, f->kept_q14 + ES_FEATURE_HOP, (KEPT - ES_FEATURE_HOP) * sizeof f->kept_q14[0]);
    int32_t *out = f->kept_q14 + KEPT - ES_FEATURE_HOP;
    for (int n = 0; n < ES_FEATURE_HOP; n++) {
        level = (int32_t)(level - (level >> 8) + (int64_t)(hop[n] - last) * 16384);
        last = hop[n];
        out[n] = level;
    }
    f->level_q14 = level;
    f->last = last;
    f->primed = true;
}

/* The upper half of the 64-bit product: one instruction where there is one. */
static inline int32_t high(int32_t a, int32_t b) { return (int32_t)((int64_t)a * b >> 32); }

/* Even samples to the real part, odd ones to the imaginary part, Q6; zeros after sample 400. */
static void apply_window(es_features *f) {
    for (int n = 0; n < ES_FEATURE_WINDOW / 2; n++) {
        f->re[n] = (high(f->kept_q14[2 * n], es_hann_q31[2 * n]) + 64) >> 7;
        f->im[n] = (high(f->kept_q14[2 * n + 1], es_hann_q31[2 * n + 1]) + 64) >> 7;
    }
    for (int n = ES_FEATURE_WINDOW / 2; n < FFT_POINTS; n++)
        f->re[n] = f->im[n] = 0;
}

/* (re + j im) times exp(-2 pi j k / 512). Each upper half is rounded down by half a unit in the mean: the sum gets it
 * back, in the difference it cancels. */
static inline void turn(int32_t *re, int32_t *im, unsigned k) {
    int32_t c = es_sine_q31[(k + 128) & 511], s = es_sine_q31[k & 511];
    int32_t a = *re, b = *im;
    *re = (high(a, c) + high(b, s) + 1) * 2;
    *im = (high(b, c) - high(a, s)) * 2;
}

/* Radix-4 butterfly on elements i, i + q, i + 2q, i + 3q, then the twiddles of step `k` in units of 1/512 turn. */
static inline void butterfly(int32_t *re, int32_t *im, unsigned i, unsigned q, unsigned k) {
    int32_t *r = re + i, *m = im + i;
    int32_t sum_re = r[0] + r[2 * q], sum_im = m[0] + m[2 * q];
    int32_t dif_re = r[0] - r[2 * q], dif_im = m[0] - m[2 * q];
    int32_t odd_re = r[q] + r[3 * q], odd_im = m[q] + m[3 * q];
    int32_t gap_re = r[q] - r[3 * q], gap_im = m[q] - m[3 * q];
    r[0] = sum_re + odd_re;
    m[0] = sum_im + odd_im;
    r[q] = dif_re + gap_im;
    m[q] = dif_im - gap_re;
    r[2 * q] = sum_re - odd_re;
    m[2 * q] = sum_im - odd_im;
    r[3 * q] = dif_re - gap_im;
    m[3 * q] = dif_im + gap_re;
    if (k == 0)
        return;
    turn(&r[q], &m[q], k);
    turn(&r[2 * q], &m[2 * q], 2 * k);
    turn(&r[3 * q], &m[3 * q], 3 * k);
}

/* 256-point FFT in place, decimation in frequency: the output lies at digit-reversed places. A sample is at
 * most 2^22 and the window sums to 200, so no value passes 2^30: no scaling between the stages. */
static void transform(int32_t *re, int32_t *im) {
    for (unsigned q = FFT_POINTS / 4; q >= 1; q /= 4)
        for (unsigned i = 0; i < FFT_POINTS; i += 4 * q)
            for (unsigned j = 0; j < q; j++)
                butterfly(re, im, i + j, q, j * (FFT_POINTS / 2 / q));
}

/* Where transform() left output k: the four base-4 digits in reverse. */
static inline unsigned place_of(unsigned k) { return (k & 3) << 6 | (k & 12) << 2 | (k >> 2 & 12) | (k >> 6 & 3); }

/* Power of bin k of the 512-point real FFT, Q4, in squared int16 steps. */
static uint64_t power_q4(const es_features *f, unsigned k) {
    unsigned a = place_of(k & (FFT_POINTS - 1)), b = place_of((FFT_POINTS - k) & (FFT_POINTS - 1));
    int32_t even_re = f->re[a] + f->re[b], even_im = f->im[a] - f->im[b];
    /* -j times the difference: twice the spectrum of the odd samples */
    int32_t odd_re = f->im[a] + f->im[b], odd_im = f->re[b] - f->re[a];
    turn(&odd_re, &odd_im, k);
    int32_t re = even_re + odd_re, im = even_im + odd_im; /* twice the bin, Q6: below 2^31 by the same bound */
    return ((uint64_t)((int64_t)re * re) + (uint64_t)((int64_t)im * im) + 512) >> 10;
}

/* Sums of power times triangle, Q16. Parseval bounds a sum by 2^47.3 squared steps, so Q16 fits 64 bits. */
static void filter(const es_features *f, uint64_t mel_q16[ES_FEATURE_BINS]) {
    uint64_t edges[ES_FEATURE_BINS + 2] = {0}; /* [m + 1] is filter m; both ends are thrown away */
    for (unsigned i = 0; i < ES_MEL_COUNT; i++) {
        uint64_t power = power_q4(f, ES_MEL_FIRST + i);
        uint64_t rise = power * es_mel_rise_q12[i];
        edges[es_mel_edge[i] + 1] += rise;
        edges[es_mel_edge[i]] += (power << 12) - rise;
    }
    memcpy(mel_q16, edges + 1, ES_FEATURE_BINS * sizeof edges[0]);
}

/* round(8 (ln(power) - offset)), clipped. log2 by counting leading zeros and a table of 64 steps with straight lines
 * between them; silence counts as the smallest power. */
static int8_t logarithm(uint64_t power_q16) {
    if (power_q16 == 0)
        return -127;
    int zeros = __builtin_clzll(power_q16);
    uint64_t mantissa = power_q16 << zeros; /* top bit set */
    unsigned step = (unsigned)(mantissa >> 57) & 63;
    uint32_t rest = (uint32_t)(mantissa >> 41) & 0xffff;
    uint32_t low = es_log2_q16[step], high = es_log2_q16[step + 1];
    int64_t log2_q16 = ((int64_t)(63 - zeros) << 16) + low + (((high - low) * (uint64_t)rest + 32768) >> 16);
    int64_t q16 = ((log2_q16 * ES_LOG_SLOPE_Q16 + 32768) >> 16) - ES_LOG_BIAS_Q16;
    int64_t q = (q16 + 32768) >> 16;
    return (int8_t)(q > 127 ? 127 : q < -127 ? -127 : q);
}

bool es_features_push(es_features *features, const int16_t hop[ES_FEATURE_HOP], int8_t frame[ES_FEATURE_BINS],
                      es_work *work) {
    block_dc(features, hop);
    work->instructions += COST_HOP;
    if (features->hops < 2) {
        features->hops++;
        return false;
    }
    uint64_t mel_q16[ES_FEATURE_BINS];
    apply_window(features);
    transform(features->re, features->im);
    filter(features, mel_q16);
    for (int m = 0; m < ES_FEATURE_BINS; m++)
        frame[m] = logarithm(mel_q16[m]);
    work->instructions += COST_FRAME;
    return true;
}
