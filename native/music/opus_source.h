/* Ogg Opus (RFC 7845, mapping family 0) as frames of int16 at 48 kHz. Internal to native/music.
 * Times are granules: samples at 48 kHz from the zero of the stream's own clock, pre-skip included. */
#ifndef EARSHOT_MUSIC_OPUS_SOURCE_H
#define EARSHOT_MUSIC_OPUS_SOURCE_H

#include "earshot/music.h"
#include "ogg.h"

#define ES_OPUS_FRAME 2880 /* longest single Opus frame: 60 ms of SILK */
#define ES_OPUS_FRAMES 48  /* of one packet: 120 ms of 2.5 ms */
#define ES_OPUS_BYTES 1275 /* of one frame */

typedef struct es_opus {
    es_ogg ogg;
    void *decoder;    /* libopus state, room for two channels */
    size_t audio;     /* offset of the first page that carries sound */
    int64_t base;     /* granule of the first sample coded */
    int64_t end;      /* granule after the last sample to play, INT64_MAX when not known yet */
    int64_t position; /* granule of the next sample to be decoded */
    int64_t skip_to;  /* samples before this one are decoded and dropped: pre-skip, seek */
    uint64_t stop;    /* of ogg.examined: the present read looks no further */
    uint32_t conceal; /* samples still to be made up for what was lost */
    int16_t gain_q8;  /* output gain of the header, dB */
    uint16_t pre_skip;
    uint16_t channels;
    uint8_t toc; /* of the packet in hand */
    uint8_t frame_count, frame_next;
    bool page_open; /* packets of the present page are being taken */
    bool unsure;    /* something was lost: the next granule tells how much */
    bool ended;
    int16_t frame_bytes[ES_OPUS_FRAMES];
    const uint8_t *frame[ES_OPUS_FRAMES];
    uint8_t single[ES_OPUS_BYTES + 1]; /* one frame as a packet of its own */
    int16_t pcm[ES_OPUS_FRAME * ES_PLAY_CHANNELS];
    int pcm_at, pcm_count; /* frames of pcm given out and there */
} es_opus;

size_t es_opus_decoder_bytes(void);
/* Only the identification header; `info->frames` is 0. */
es_status es_opus_check(const uint8_t *data, size_t bytes, es_music_info *info);
/* `opus->decoder` is set by the caller and kept. */
es_status es_opus_open(es_opus *opus, const uint8_t *data, size_t bytes, es_music_info *info);
int es_opus_read(es_opus *opus, int16_t *stereo, int frames, es_work *work);
/* To a frame of the piece (granule less base and pre-skip). */
void es_opus_seek(es_opus *opus, uint32_t frame);

#endif
