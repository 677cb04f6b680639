/* Music sources, gain and mixer. Output is 48 kHz, 16 bit, stereo, in blocks of 480 frames (10 ms).
 * A source is pulled; it never blocks and never takes heap memory. */
#ifndef EARSHOT_MUSIC_H
#define EARSHOT_MUSIC_H

#include "earshot/base.h"

#define ES_PLAY_RATE 48000
#define ES_PLAY_CHANNELS 2
#define ES_PLAY_BLOCK 480 /* frames */

/* Bytes of one piece, in memory or memory-mapped flash; kept by the caller while it plays. */
typedef struct es_music es_music;

typedef struct es_music_info {
    uint32_t sample_rate; /* of the source */
    uint16_t channels;    /* 1 or 2 */
    uint32_t frames;      /* at 48 kHz; 0 when unknown */
    bool opus;
} es_music_info;

/* Arena bytes of one source of any kind (Opus decoder included). */
size_t es_music_bytes(void);
es_status es_music_init(es_music **music, es_arena *arena);
/* Looks at the header alone, without a source: what es_music_open would say of it. `info->frames` may be 0. */
es_status es_music_check(const void *data, size_t bytes, es_music_info *info);
/* WAV (PCM 16 bit, 48 kHz, 1 or 2 channels) or Ogg Opus (RFC 7845, mapping family 0). ES_E_MAGIC, ES_E_SHORT,
 * ES_E_CORRUPT, ES_E_UNSUPPORTED. The player converts other files before they reach the device. */
es_status es_music_open(es_music *music, const void *data, size_t bytes, es_music_info *info);
/* Fills `frames` (at least 1) of interleaved stereo; fewer at the end; 0 after the end. A damaged page or packet is
 * concealed and counted, never fatal. */
int es_music_read(es_music *music, int16_t *stereo, int frames, es_work *work);
/* Jump to a frame at 48 kHz; beyond the end the next read gives 0. ES_E_STATE when nothing is open. */
es_status es_music_seek(es_music *music, uint32_t frame);
uint32_t es_music_position(const es_music *music);
uint32_t es_music_damaged(const es_music *music); /* pages and packets concealed */

/* Gain with linear fades, in Q15 of amplitude (32768 = 1.0, at most 65536 = 2.0); sums saturate. A gain of zeros is
 * silence. */
typedef struct es_gain {
    int32_t now;    /* Q15 << 8 */
    int32_t target; /* Q15 << 8 */
    int32_t step;   /* a frame */
} es_gain;
void es_gain_set(es_gain *gain, int32_t q15, uint32_t fade_frames);
/* Adds `frames` of stereo `in` times gain to `out` with saturation. */
void es_mix(int16_t *out, const int16_t *in, int frames, es_gain *gain, es_work *work);

#endif
