#include "internal.h"

es_status es_voice_open(es_voice *voice, const void *data, size_t bytes, uint32_t from_frame) {
    es_music_info info;
    es_status status;
    es_voice_close(voice);
    status = es_music_open(voice->music, data, bytes, &info);
    if (status == ES_OK && from_frame > 0) {
        status = es_music_seek(voice->music, from_frame);
    }
    if (status != ES_OK) {
        return status;
    }
    voice->state = ES_VOICE_OPEN;
    voice->from_frame = from_frame;
    voice->position = from_frame;
    return ES_OK;
}

/* The next clip that can be played; false when none is left. */
static bool next_clip(es_voice *voice) {
    es_music_info info;
    while (voice->clips_left > 0) {
        const es_clip *clip = voice->clips++;
        voice->clips_left--;
        if (es_music_open(voice->music, clip->data, clip->bytes, &info) == ES_OK) {
            return true;
        }
    }
    return false;
}

es_status es_voice_open_clips(es_voice *voice, const es_clip *clips, int count) {
    es_voice_close(voice);
    voice->clips = clips;
    voice->clips_left = count;
    voice->from_frame = 0;
    voice->position = 0;
    if (!next_clip(voice)) {
        return ES_E_UNSUPPORTED;
    }
    voice->state = ES_VOICE_OPEN;
    return ES_OK;
}

void es_voice_close(es_voice *voice) {
    voice->state = ES_VOICE_EMPTY;
    voice->clips_left = 0;
    voice->first = 0;
    voice->count = 0;
    voice->used = 0;
    voice->drained = false;
    voice->stop_after = 0;
    es_gain_set(&voice->gain, 0, 0);
}

void es_voice_fill(es_voice *voice, es_cpu *cpu, int blocks) {
    if (voice->state == ES_VOICE_EMPTY) {
        return;
    }
    while (!voice->drained && voice->count < blocks && es_cpu_ready(cpu, ES_TASK_MUSIC)) {
        es_block *block = &voice->ring[(voice->first + voice->count) % ES_AHEAD];
        es_work work = {0, 0, 0};
        block->frames = (uint16_t)es_music_read(voice->music, block->pcm, ES_PLAY_BLOCK, &work);
        voice->drained = block->frames < ES_PLAY_BLOCK && !next_clip(voice);
        es_cpu_charge(cpu, ES_TASK_MUSIC, &work);
        block->mark = cpu->issued[ES_TASK_MUSIC];
        if (block->frames > 0) {
            voice->count++;
        }
    }
}

es_played es_voice_play(es_voice *voice, es_cpu *cpu, int16_t *out, int frames) {
    while (frames > 0) {
        es_block *block = &voice->ring[voice->first];
        es_work work = {0, 0, 0};
        int n;
        if (voice->count == 0) {
            es_voice_fill(voice, cpu, 1);
            if (voice->count == 0) {
                return voice->drained ? ES_PLAYED_END : ES_PLAYED_LATE;
            }
        }
        /* The block must be paid for, and something must be left of the tick to mix it with. What is owed for a later
         * block waits: this one is due now. */
        if (es_cpu_paid(cpu, ES_TASK_MUSIC) < block->mark) {
            es_cpu_ready(cpu, ES_TASK_MUSIC);
        }
        if (es_cpu_paid(cpu, ES_TASK_MUSIC) < block->mark || cpu->left == 0) {
            return ES_PLAYED_LATE;
        }
        n = block->frames - voice->used;
        n = n > frames ? frames : n;
        es_mix(out, block->pcm + ES_PLAY_CHANNELS * voice->used, n, &voice->gain, &work);
        es_cpu_charge(cpu, ES_TASK_MUSIC, &work);
        out += ES_PLAY_CHANNELS * n;
        frames -= n;
        voice->position += (uint32_t)n;
        voice->used = (uint16_t)(voice->used + n);
        if (voice->used == block->frames) {
            voice->used = 0;
            voice->first = (uint8_t)((voice->first + 1) % ES_AHEAD);
            voice->count--;
        }
    }
    return ES_PLAYED;
}
