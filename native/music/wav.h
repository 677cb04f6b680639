/* WAV in device form: PCM 16 bit, 48 kHz, 1 or 2 channels. Internal to native/music. */
#ifndef EARSHOT_MUSIC_WAV_H
#define EARSHOT_MUSIC_WAV_H

#include "earshot/music.h"

typedef struct es_wav {
    const uint8_t *samples; /* little-endian int16, not necessarily aligned */
    uint32_t frames;
    uint32_t position; /* next frame */
    uint16_t channels;
} es_wav;

/* Walks the chunks, unknown ones with their pad byte. Lengths that go beyond the file (also 0xFFFFFFFF, as pipes
 * write it) mean "up to the end of the file". */
es_status es_wav_open(es_wav *wav, const uint8_t *data, size_t bytes, es_music_info *info);
int es_wav_read(es_wav *wav, int16_t *stereo, int frames);

#endif
