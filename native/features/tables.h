/* Tables of the front end. Made by `python3 -m earshot_training.tables` (models/training); do not edit. */
#ifndef ES_FEATURES_TABLES_H
#define ES_FEATURES_TABLES_H

#include "earshot/features.h"

#define ES_MEL_FIRST 2
#define ES_MEL_COUNT 242
/* 8 ln 2 */
#define ES_LOG_SLOPE_Q16 363409
/* 8 (16 ln 2 + 15) */
#define ES_LOG_BIAS_Q16 13678860

extern const int32_t es_hann_q31[ES_FEATURE_WINDOW];
extern const int32_t es_sine_q31[512];
extern const uint8_t es_mel_edge[ES_MEL_COUNT];
extern const uint16_t es_mel_rise_q12[ES_MEL_COUNT];
extern const uint32_t es_log2_q16[65];

#endif
