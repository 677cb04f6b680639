/* Echo canceller: takes the speaker's own sound out of what the microphone hears, by the samples that were played.
 * SpeexDSP's block frequency-domain filter in fixed point behind the played sound brought to 16 kHz mono. The same bits
 * on every board. Two filters run side by side, so that one who speaks over the music does not spoil what was learnt.
 * While nothing was played lately, samples pass bit for bit and no work is done. */
#ifndef EARSHOT_ECHO_H
#define EARSHOT_ECHO_H

#include "earshot/base.h"

#define ES_ECHO_BLOCK 160         /* samples of 16 kHz: 10 ms */
#define ES_ECHO_PLAYED_BLOCK 480  /* stereo frames of 48 kHz: 10 ms */
#define ES_ECHO_LONGEST_DELAY 512 /* samples */
#define ES_ECHO_BEHIND 8          /* microphone blocks that may wait before they come here */

typedef struct es_echo es_echo;

typedef struct es_echo_config {
    /* Samples of 16 kHz from es_echo_played's time to the first of it in the microphone, at most: a little less than
     * the board's true way from speaker to microphone. */
    uint16_t delay;
    uint16_t tail; /* samples of echo path that are modelled, 320..4096; 0: 1600 (100 ms) */
} es_echo_config;

/* Bytes of arena; 0: out of bounds, or this build has no canceller. */
size_t es_echo_bytes(const es_echo_config *config);
/* ES_E_ARGUMENT: out of bounds; ES_E_MEMORY; ES_E_UNSUPPORTED: built without SpeexDSP. */
es_status es_echo_init(es_echo **echo, es_arena *arena, const es_echo_config *config);
/* Nothing was ever played or heard. */
void es_echo_reset(es_echo *echo);
/* 10 ms of played sound, as it goes to the speaker; `end`: capture time after its last sample. In order of time. */
void es_echo_played(es_echo *echo, int64_t end, const int16_t played[2 * ES_ECHO_PLAYED_BLOCK], es_work *work);
/* 10 ms of the microphone; `end`: capture time after its last sample, at most ES_ECHO_BEHIND blocks before the last
 * es_echo_played. `out` may be `heard`. */
void es_echo_hear(es_echo *echo, int64_t end, const int16_t heard[ES_ECHO_BLOCK], int16_t out[ES_ECHO_BLOCK],
                  es_work *work);
/* True while the canceller works on what is heard. */
bool es_echo_active(const es_echo *echo);

#endif
