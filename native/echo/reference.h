/* The reference: played sound, 48 kHz stereo, as 16 kHz mono by capture time. Private to native/echo. */
#ifndef EARSHOT_ECHO_REFERENCE_H
#define EARSHOT_ECHO_REFERENCE_H

#include "earshot/echo.h"

#define ES_REFERENCE_TAPS 48
/* Samples; a power of two, at least ES_ECHO_BEHIND + 2 blocks and the longest delay. */
#define ES_REFERENCE_KEPT 2048

typedef struct es_reference {
    int16_t past[ES_REFERENCE_TAPS - 3]; /* mean of left and right, the last frames before the next block */
    int16_t kept[ES_REFERENCE_KEPT];     /* by capture time */
    int64_t end;                         /* capture time after the newest */
    int64_t sounded;                     /* capture time after the last sample that was not 0; INT64_MIN: never */
    bool silent;                         /* `past` is all zero */
} es_reference;

void es_reference_clear(es_reference *reference);
void es_reference_push(es_reference *reference, int64_t end, const int16_t *played, es_work *work);
/* The block from capture time `start` on; what was not played, or is no longer kept, is silence. */
void es_reference_read(const es_reference *reference, int64_t start, int16_t block[ES_ECHO_BLOCK]);

#endif
