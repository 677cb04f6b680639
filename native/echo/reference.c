#include "reference.h"

#include <string.h>

#define RATIO 3
/* Nominal RV32IMAC instructions of one block, measured on an emulated RV32 with gcc 12 -O2 (README.md). */
#define COST_BLOCK 48000
#define COST_SILENCE 8200

/* First half of a symmetric low pass, Q15: round(32768 h[k] / sum h), h[k] = sin(2 pi f x) / (pi x) under a Kaiser
 * window of beta 6, x = k - 23.5, f = 7500 / 48000. -6 dB at 7.5 kHz, -40 dB from 9.2 kHz on, where what is left would
 * fold below 6.8 kHz. test/native/echo_test.c computes it anew. */
static const int16_t low_pass[ES_REFERENCE_TAPS / 2] = {-6,  -1,  17,    33,    15,   -46,  -100, -63,
                                                        83,  226, 183,   -105,  -433, -433, 68,   748,
                                                        922, 127, -1259, -2004, -814, 2565, 6842, 9819};

void es_reference_clear(es_reference *reference) {
    memset(reference, 0, sizeof *reference);
    reference->sounded = INT64_MIN;
    reference->silent = true;
}

/* The magnitudes of the half table sum to 26,912: with pairs of int16 a sum stays inside int32. */
static int16_t filtered(const int16_t *frames) {
    int32_t sum = 1 << 14;
    for (int k = 0; k < ES_REFERENCE_TAPS / 2; k++) {
        sum += (int32_t)low_pass[k] * (frames[k] + frames[ES_REFERENCE_TAPS - 1 - k]);
    }
    return es_sat16(sum >> 15);
}

static void keep(es_reference *reference, int64_t t, int16_t sample) {
    reference->kept[t & (ES_REFERENCE_KEPT - 1)] = sample;
    if (sample != 0) {
        reference->sounded = t + 1;
    }
}

void es_reference_push(es_reference *reference, int64_t end, const int16_t *played, es_work *work) {
    enum { PAST = ES_REFERENCE_TAPS - RATIO };
    int16_t frames[PAST + ES_ECHO_PLAYED_BLOCK];
    int64_t start = end - ES_ECHO_BLOCK;
    bool silent = true;
    memcpy(frames, reference->past, sizeof reference->past);
    for (int k = 0; k < ES_ECHO_PLAYED_BLOCK; k++) {
        frames[PAST + k] = (int16_t)((played[2 * k] + played[2 * k + 1]) >> 1);
        silent = silent && frames[PAST + k] == 0;
    }
    memcpy(reference->past, frames + ES_ECHO_PLAYED_BLOCK, sizeof reference->past);
    for (int k = 0; k < ES_ECHO_BLOCK; k++) {
        keep(reference, start + k, silent && reference->silent ? 0 : filtered(frames + RATIO * k));
    }
    work->instructions += silent && reference->silent ? COST_SILENCE : COST_BLOCK;
    reference->silent = silent;
    reference->end = end;
}

void es_reference_read(const es_reference *reference, int64_t start, int16_t block[ES_ECHO_BLOCK]) {
    for (int k = 0; k < ES_ECHO_BLOCK; k++) {
        int64_t t = start + k;
        bool known = t >= 0 && t < reference->end && t >= reference->end - ES_REFERENCE_KEPT;
        block[k] = known ? reference->kept[t & (ES_REFERENCE_KEPT - 1)] : 0;
    }
}
