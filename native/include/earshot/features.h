/* Fixed-point log-mel front end: 16 kHz int16 in, 40 int8 bins each 10 ms out.
 * Window 400 samples (Hann), hop 160, FFT 512, triangular mel filters 60-7600 Hz, natural log of power,
 * steps of 1/8 (0.54 dB), after a one-pole DC blocker. No running normalisation. Same bits on every board;
 * the trainer calls this same code. Formula: native/features/README.md. */
#ifndef EARSHOT_FEATURES_H
#define EARSHOT_FEATURES_H

#include "earshot/base.h"

#define ES_SAMPLE_RATE 16000
#define ES_FEATURE_BINS 40
#define ES_FEATURE_WINDOW 400
#define ES_FEATURE_HOP 160

typedef struct es_features es_features;

size_t es_features_bytes(void);
/* ES_E_MEMORY when the arena is too small. */
es_status es_features_init(es_features **features, es_arena *arena);
/* Forget all sound heard so far. */
void es_features_reset(es_features *features);
/* Take one hop of 160 samples. Frame k covers samples [160 k, 160 k + 400) and is complete after hop k + 3:
 * returns true and fills `frame` (values -127..127), or false for the first two hops. */
bool es_features_push(es_features *features, const int16_t hop[ES_FEATURE_HOP], int8_t frame[ES_FEATURE_BINS],
                      es_work *work);

#endif
