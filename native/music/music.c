#include "earshot/music.h"

#include "cost.h"
#include "opus_source.h"
#include "wav.h"

struct es_music {
    enum { NONE, WAV, OPUS } kind;
    uint32_t position;
    uint64_t looked_at; /* bytes of pages examined by open and seek, charged to the next read */
    es_wav wav;
    es_opus opus;
};

size_t es_music_bytes(void) { return es_arena_need(sizeof(es_music)) + es_arena_need(es_opus_decoder_bytes()); }

es_status es_music_init(es_music **music, es_arena *arena) {
    es_music *made = es_arena_take(arena, sizeof *made);
    if (!made || !(made->opus.decoder = es_arena_take(arena, es_opus_decoder_bytes()))) {
        return ES_E_MEMORY;
    }
    *music = made;
    return ES_OK;
}

es_status es_music_check(const void *data, size_t bytes, es_music_info *info) {
    es_wav wav;
    es_status status;
    if (!data || !info) {
        return ES_E_ARGUMENT;
    }
    status = es_wav_open(&wav, data, bytes, info);
    return status == ES_E_MAGIC ? es_opus_check(data, bytes, info) : status;
}

es_status es_music_open(es_music *music, const void *data, size_t bytes, es_music_info *info) {
    es_status status;
    music->kind = NONE;
    music->position = 0;
    music->looked_at = 0;
    if (!data || !info) {
        return ES_E_ARGUMENT;
    }
    status = es_wav_open(&music->wav, data, bytes, info);
    if (status == ES_OK) {
        music->kind = WAV;
        return ES_OK;
    }
    if (status != ES_E_MAGIC) {
        return status;
    }
    status = es_opus_open(&music->opus, data, bytes, info);
    if (status == ES_OK) {
        music->kind = OPUS;
        music->looked_at = music->opus.ogg.examined;
    }
    return status;
}

int es_music_read(es_music *music, int16_t *stereo, int frames, es_work *work) {
    int done = 0;
    if (frames <= 0) {
        return 0;
    }
    if (music->kind == WAV) {
        done = es_wav_read(&music->wav, stereo, frames);
        work->instructions += (uint64_t)done * ES_COST_WAV_FRAME;
    } else if (music->kind == OPUS) {
        done = es_opus_read(&music->opus, stereo, frames, work);
        work->instructions += music->looked_at * ES_COST_OGG_BYTE;
        music->looked_at = 0;
    }
    music->position += (uint32_t)done;
    return done;
}

es_status es_music_seek(es_music *music, uint32_t frame) {
    if (music->kind == WAV) {
        music->wav.position = frame > music->wav.frames ? music->wav.frames : frame;
        music->position = music->wav.position;
        return ES_OK;
    }
    if (music->kind == OPUS) {
        uint64_t before = music->opus.ogg.examined;
        es_opus_seek(&music->opus, frame);
        music->looked_at += music->opus.ogg.examined - before;
        music->position = frame;
        return ES_OK;
    }
    return ES_E_STATE;
}

uint32_t es_music_position(const es_music *music) { return music->position; }

uint32_t es_music_damaged(const es_music *music) { return music->kind == OPUS ? music->opus.ogg.damaged : 0; }
