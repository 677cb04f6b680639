/* The music task: orders by capture time, voices, volume and ducking. */
#include "internal.h"

#include <string.h>

/* Times in frames of 48 kHz. Tuned by ear on the packaged piece: short enough not to be noticed as a fade. */
#define FADE_START 240    /* 5 ms, when a piece does not start at its beginning */
#define FADE_STOP 480     /* 10 ms */
#define FADE_VOLUME 1440  /* 30 ms */
#define FADE_DUCK 2880    /* 60 ms */
#define FADE_UNDUCK 14400 /* 300 ms */
/* -18 dB: round(32768 * 10^(-18/20)). */
#define DUCK_Q15 4125
#define FRAMES_A_SAMPLE (ES_PLAY_RATE / ES_SAMPLE_RATE)
/* A piece is opened this long (capture samples, 100 ms) before it sounds, so that its first blocks are ready. */
#define LEAD 1600
#define FADE_STOP_SAMPLES (FADE_STOP / FRAMES_A_SAMPLE)

static bool ducked(const es_runtime *runtime) { return runtime->duck[ES_DUCK_SPEECH] || runtime->duck[ES_DUCK_SCRIPT]; }

int32_t es_runtime_level(const es_runtime *runtime) {
    return ducked(runtime) ? (runtime->volume * DUCK_Q15 + 16384) >> 15 : runtime->volume;
}

static int32_t level_of(const es_runtime *runtime, int voice) {
    return voice == ES_VOICE_MUSIC ? es_runtime_level(runtime) : runtime->volume;
}

/* Fades every voice that sounds to its level. A fade-out under way goes on. */
static void fade_all(es_runtime *runtime, uint32_t frames) {
    for (int k = 0; k < ES_VOICES; k++) {
        es_voice *voice = &runtime->voice[k];
        if (voice->state == ES_VOICE_PLAYING && voice->stop_after == 0) {
            es_gain_set(&voice->gain, level_of(runtime, k), frames);
        }
    }
}

static void tell(es_runtime *runtime, int voice, es_event_type type, int64_t t, int32_t value) {
    es_event event = {.type = type, .t = t, .utterance = runtime->listen.utterance, .value = value};
    if (voice == ES_VOICE_MUSIC) {
        es_runtime_emit(runtime, &event);
    }
}

static void fade_out(es_voice *voice, es_voice_state to) {
    if (voice->state != ES_VOICE_PLAYING) {
        es_voice_close(voice); /* nothing sounds: only a close comes here */
        return;
    }
    es_gain_set(&voice->gain, 0, FADE_STOP);
    voice->stop_after = FADE_STOP;
    voice->stop_to = to;
}

/* Both ends of a ducking name the utterance that it began with. */
static void tell_duck(es_runtime *runtime, int64_t t, bool on) {
    es_event event = {.type = ES_EVENT_DUCK, .t = t, .utterance = runtime->duck_utterance, .value = on};
    es_runtime_emit(runtime, &event);
}

static bool sounding(const es_voice *voice) {
    return voice->state == ES_VOICE_PLAYING || voice->state == ES_VOICE_PAUSED;
}

/* Its end was told when its last fade-out began. */
static bool closing(const es_voice *voice) { return voice->stop_after > 0 && voice->stop_to == ES_VOICE_EMPTY; }

static void start(es_runtime *runtime, int k, uint32_t fade) {
    es_voice *voice = &runtime->voice[k];
    voice->state = ES_VOICE_PLAYING;
    voice->stop_after = 0;
    es_gain_set(&voice->gain, level_of(runtime, k), fade);
}

static void open_piece(es_runtime *runtime, const es_order *order, int64_t t) {
    es_voice *voice = &runtime->voice[order->voice];
    es_status status;
    if (sounding(voice) && !closing(voice)) {
        tell(runtime, order->voice, ES_EVENT_MUSIC_END, t, 2);
    }
    if (order->voice == ES_VOICE_PROMPT) {
        status = es_voice_open_clips(voice, order->data, (int)order->bytes);
    } else {
        status = es_voice_open(voice, order->data, order->bytes, order->from_frame);
    }
    voice->piece = order->piece;
    if (status != ES_OK) {
        tell(runtime, order->voice, ES_EVENT_MUSIC_END, t, status);
        return;
    }
    if (!runtime->config.tasking) { /* else the block under way is handed over first */
        es_voice_fill(voice, &runtime->cpu, 1);
    }
}

static void close_piece(es_runtime *runtime, const es_order *order, int64_t t) {
    es_voice *voice = &runtime->voice[order->voice];
    if (sounding(voice) && !closing(voice)) {
        tell(runtime, order->voice, ES_EVENT_MUSIC_END, t, order->value);
    }
    fade_out(voice, ES_VOICE_EMPTY);
}

/* Carries out one order; `t` is the capture time at which it is carried out. */
static void carry_out(es_runtime *runtime, const es_order *order, int64_t t) {
    es_voice *voice = &runtime->voice[order->voice];
    bool before = ducked(runtime);
    switch (order->kind) {
    case ES_ORDER_CLOSE:
        close_piece(runtime, order, t);
        break;
    case ES_ORDER_OPEN:
        open_piece(runtime, order, t);
        break;
    case ES_ORDER_START:
        if (voice->state == ES_VOICE_OPEN && voice->piece == order->piece) {
            start(runtime, order->voice, voice->from_frame > 0 ? FADE_START : 0);
            tell(runtime, order->voice, ES_EVENT_MUSIC_START, t, 0);
        }
        break;
    case ES_ORDER_PAUSE:
        if (voice->state == ES_VOICE_PLAYING && voice->stop_after == 0) {
            fade_out(voice, ES_VOICE_PAUSED);
        }
        break;
    case ES_ORDER_RESUME:
        if (voice->state == ES_VOICE_PAUSED || (voice->stop_after > 0 && voice->stop_to == ES_VOICE_PAUSED)) {
            start(runtime, order->voice, FADE_STOP);
        }
        break;
    case ES_ORDER_VOLUME:
        runtime->volume = order->value;
        fade_all(runtime, FADE_VOLUME);
        break;
    case ES_ORDER_DUCK:
        runtime->duck[order->holder] = order->value != 0;
        if (ducked(runtime) != before) {
            runtime->duck_utterance = before ? runtime->duck_utterance : order->utterance;
            fade_all(runtime, before ? FADE_UNDUCK : FADE_DUCK);
            tell_duck(runtime, t, !before);
        }
        break;
    }
}

/* Plays `frames` of one voice, which has no order due inside them. */
static bool play_voice(es_runtime *runtime, int k, int16_t *out, int frames, int64_t t) {
    es_voice *voice = &runtime->voice[k];
    es_played played;
    if (voice->state != ES_VOICE_PLAYING) {
        return true;
    }
    played = es_voice_play(voice, &runtime->cpu, out, frames);
    if (played == ES_PLAYED_END) {
        if (!closing(voice)) {
            tell(runtime, k, ES_EVENT_MUSIC_END, t, 0);
        }
        es_voice_close(voice);
        return true;
    }
    if (voice->stop_after > 0) {
        voice->stop_after -= (uint32_t)frames;
        if (voice->stop_after == 0) {
            es_voice_state to = voice->stop_to;
            if (to == ES_VOICE_EMPTY) {
                es_voice_close(voice);
            }
            voice->state = to;
        }
    }
    return played == ES_PLAYED;
}

static bool take_order(es_runtime *runtime, int64_t t, es_order *order) {
    es_enter(runtime);
    bool taken = es_orders_take(&runtime->orders, t, order);
    es_leave(runtime);
    return taken;
}

/* Frames from `at` to the next order or end of a fade-out, at most to the end of the block. */
static int segment(const es_runtime *runtime, int at, int64_t block_start) {
    int frames = ES_PLAY_BLOCK - at;
    es_enter(runtime);
    if (runtime->orders.count > 0) {
        int64_t next = (runtime->orders.order[0].at - block_start) * FRAMES_A_SAMPLE - at;
        /* One that has come since, and is due already, is taken one frame later. */
        frames = next < frames ? (next > 0 ? (int)next : 1) : frames;
    }
    es_leave(runtime);
    for (int k = 0; k < ES_VOICES; k++) {
        const es_voice *voice = &runtime->voice[k];
        if (voice->state == ES_VOICE_PLAYING && voice->stop_after > 0 && (int)voice->stop_after < frames) {
            frames = (int)voice->stop_after;
        }
    }
    return frames;
}

/* What goes to the speaker comes back by the microphone. */
static void keep_reference(es_runtime *runtime, const int16_t *played) {
    es_work work = {0, 0, 0};
    if (runtime->listen.echo) {
        es_echo_played(runtime->listen.echo, runtime->t, played, &work);
        es_cpu_charge(&runtime->cpu, ES_TASK_MUSIC, &work);
    }
}

void es_sound_run(es_runtime *runtime, int16_t *played) {
    int64_t block_start = runtime->t - ES_TICK_SAMPLES;
    bool ready = true;
    memset(played, 0, ES_PLAY_BLOCK * ES_PLAY_CHANNELS * sizeof played[0]);
    for (int at = 0; at < ES_PLAY_BLOCK;) {
        int64_t t = block_start + at / FRAMES_A_SAMPLE;
        es_order order;
        int frames;
        while (take_order(runtime, t, &order)) {
            carry_out(runtime, &order, t);
        }
        frames = segment(runtime, at, block_start);
        for (int k = 0; k < ES_VOICES; k++) {
            ready = play_voice(runtime, k, played + ES_PLAY_CHANNELS * at, frames, t) && ready;
        }
        at += frames;
    }
    keep_reference(runtime, played);
    if (!ready) {
        es_runtime_underrun(runtime);
    }
}

void es_runtime_underrun(es_runtime *runtime) {
    es_enter(runtime);
    runtime->stats.underruns++;
    es_leave(runtime);
    /* A CPU that is too slow has many: one a second is told, with their number. */
    if (runtime->t >= runtime->next_underrun) {
        runtime->next_underrun = runtime->t + ES_SAMPLE_RATE;
        tell(runtime, ES_VOICE_MUSIC, ES_EVENT_UNDERRUN, runtime->t - ES_TICK_SAMPLES,
             (int32_t)runtime->stats.underruns);
    }
}

bool es_sound_one_ahead(es_runtime *runtime) {
    es_voice *least = NULL;
    for (int k = 0; k < ES_VOICES; k++) {
        es_voice *voice = &runtime->voice[k];
        bool wants = voice->state != ES_VOICE_EMPTY && !voice->drained && voice->count < ES_AHEAD;
        least = wants && (!least || voice->count < least->count) ? voice : least;
    }
    if (least) {
        es_voice_fill(least, &runtime->cpu, least->count + 1);
    }
    return least != NULL;
}

void es_sound_ahead(es_runtime *runtime) {
    for (int k = 0; k < ES_VOICES; k++) {
        es_voice_fill(&runtime->voice[k], &runtime->cpu, ES_AHEAD);
    }
}

/* ---- orders from outside ---- */

static bool add_order(es_runtime *runtime, es_order order, int64_t at) {
    if (!es_orders_room(&runtime->orders, 1)) {
        runtime->stats.queue_full++;
        return false;
    }
    if (at < runtime->t) {
        runtime->stats.orders_late++;
    }
    order.at = at;
    order.utterance = runtime->listen.utterance;
    es_orders_add(&runtime->orders, &order);
    return true;
}

static void add(es_runtime *runtime, es_order order, int64_t at) {
    es_enter(runtime);
    add_order(runtime, order, at);
    es_leave(runtime);
}

/* The orders that make room for a piece, open it and start it; one that is open already only starts. */
static es_status add_piece(es_runtime *runtime, es_order order, int64_t at) {
    if (!es_orders_room(&runtime->orders, 3)) {
        runtime->stats.queue_full++;
        return ES_E_FULL;
    }
    if (order.kind != ES_ORDER_OPEN) {
        order.value = 2;
        order.kind = ES_ORDER_CLOSE;
        order.at = at - LEAD - FADE_STOP_SAMPLES;
        es_orders_add(&runtime->orders, &order);
        order.kind = ES_ORDER_OPEN;
        order.at = at - LEAD;
        es_orders_add(&runtime->orders, &order);
    }
    order.kind = ES_ORDER_START;
    add_order(runtime, order, at);
    return ES_OK;
}

static es_status play(es_runtime *runtime, es_order order, int64_t at) {
    es_status status;
    order.piece = ++runtime->pieces;
    if (runtime->t == 0 && at < LEAD && !runtime->config.tasking) {
        order.kind = ES_ORDER_OPEN; /* before the first tick nothing is short of time */
        open_piece(runtime, &order, 0);
    }
    es_enter(runtime);
    status = add_piece(runtime, order, at);
    es_leave(runtime);
    return status;
}

es_status es_runtime_play(es_runtime *runtime, const void *data, size_t bytes, uint32_t from_frame, int64_t at) {
    es_order order = {.voice = ES_VOICE_MUSIC, .data = data, .bytes = bytes, .from_frame = from_frame};
    es_music_info info;
    es_status status = es_music_check(data, bytes, &info);
    return status == ES_OK ? play(runtime, order, at) : status;
}

/* A list that neither waits nor plays, filled; NULL when all do. */
static const es_clip *keep_clips(es_runtime *runtime, const es_clip *clips, int count) {
    if (es_orders_to_open(&runtime->orders, ES_VOICE_PROMPT) >= ES_PROMPTS_AHEAD) {
        return NULL;
    }
    es_clip *kept = runtime->clips[runtime->next_clips];
    runtime->next_clips = (runtime->next_clips + 1) % (ES_PROMPTS_AHEAD + 2);
    memcpy(kept, clips, (size_t)count * sizeof *kept);
    return kept;
}

es_status es_runtime_prompt(es_runtime *runtime, const es_clip *clips, int count, int64_t at) {
    if (!runtime->config.prompts) {
        return ES_E_UNSUPPORTED;
    }
    if (count < 1 || count > ES_PROMPT_CLIPS) {
        return ES_E_ARGUMENT;
    }
    es_enter(runtime);
    const es_clip *kept = keep_clips(runtime, clips, count);
    es_leave(runtime);
    es_order order = {.voice = ES_VOICE_PROMPT, .data = kept, .bytes = (size_t)count};
    return kept ? play(runtime, order, at) : ES_E_FULL;
}

void es_runtime_prompt_stop(es_runtime *runtime, int64_t at) {
    es_enter(runtime);
    es_orders_drop_voice(&runtime->orders, ES_VOICE_PROMPT, at);
    add_order(runtime, (es_order){.kind = ES_ORDER_CLOSE, .voice = ES_VOICE_PROMPT, .value = 1}, at);
    es_leave(runtime);
}

void es_runtime_pause(es_runtime *runtime, bool on, int64_t at) {
    add(runtime, (es_order){.kind = on ? ES_ORDER_PAUSE : ES_ORDER_RESUME}, at);
}

void es_runtime_stop(es_runtime *runtime, int64_t at) {
    add(runtime, (es_order){.kind = ES_ORDER_CLOSE, .value = 1}, at);
}

void es_runtime_volume(es_runtime *runtime, int32_t q15, int64_t at) {
    int32_t value = q15 < 0 ? 0 : q15 > 32768 ? 32768 : q15;
    if (runtime->t == 0 && at <= 0) {
        runtime->volume = value; /* the first sample already has it */
        fade_all(runtime, 0);
        return;
    }
    add(runtime, (es_order){.kind = ES_ORDER_VOLUME, .value = value}, at);
}

void es_runtime_duck(es_runtime *runtime, bool on, int64_t at) {
    add(runtime, (es_order){.kind = ES_ORDER_DUCK, .value = on, .holder = ES_DUCK_SCRIPT}, at);
}

void es_sound_duck(es_runtime *runtime, es_duck_holder holder, bool on, int64_t at) {
    es_order order = {.kind = ES_ORDER_DUCK, .value = on, .holder = (uint8_t)holder, .at = at};
    order.utterance = runtime->listen.utterance;
    es_enter(runtime);
    es_orders_add(&runtime->orders, &order);
    es_leave(runtime);
}

void es_runtime_restarted(es_runtime *runtime) {
    es_enter(runtime);
    es_orders_drop_ducks(&runtime->orders, ES_DUCK_SCRIPT);
    int64_t t = runtime->t;
    es_leave(runtime);
    if (runtime->duck[ES_DUCK_SCRIPT]) {
        es_sound_duck(runtime, ES_DUCK_SCRIPT, false, t);
    }
    if (runtime->listen.once) {
        es_runtime_listen(runtime, false);
    }
}

uint32_t es_runtime_position(const es_runtime *runtime) { return runtime->voice[ES_VOICE_MUSIC].position; }

es_music_state es_runtime_music(const es_runtime *runtime) {
    const es_voice *voice = &runtime->voice[ES_VOICE_MUSIC];
    bool fading = voice->stop_after > 0;
    switch (voice->state) {
    case ES_VOICE_PLAYING:
        return !fading ? ES_MUSIC_PLAYING : voice->stop_to == ES_VOICE_PAUSED ? ES_MUSIC_PAUSED : ES_MUSIC_STOPPED;
    case ES_VOICE_PAUSED:
        return ES_MUSIC_PAUSED;
    default:
        return ES_MUSIC_STOPPED;
    }
}
