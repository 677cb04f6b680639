/* From the microphone to events: capture queue, features, recogniser in slices. */
#include "internal.h"

#include <string.h>

/* A slice is at most 2 ms of the CPU; without a stated speed, of 250 MIPS. The recogniser stops at the first row group
 * after what it is asked for, so it is asked for three quarters. */
#define REFERENCE_TICK 2500000u
#define SLICES_A_TICK 5
#define WORDS 64
/* Feature frame k begins 480 samples before the end of the hop that completes it (features.h). */
#define FRAME_REACH 480

static uint16_t queue_length(const es_runtime_config *config) {
    uint16_t queue = config->frame_queue ? config->frame_queue : ES_DEFAULT_QUEUE;
    return queue > ES_LONGEST_QUEUE ? ES_LONGEST_QUEUE : queue;
}

static es_recognizer_config recognizer_config(const es_runtime_config *config) {
    return (es_recognizer_config){.frame_queue = queue_length(config), .max_words = WORDS};
}

size_t es_listen_bytes(const es_runtime_config *config) {
    es_recognizer_config recognizer = recognizer_config(config);
    size_t echo = config->echo ? es_echo_bytes(&config->echo_path) : 0;
    return config->model ? echo + es_features_bytes() + es_recognizer_bytes(config->model, &recognizer) : 0;
}

es_status es_listen_init(es_runtime *runtime, es_arena *arena) {
    es_listen *listen = &runtime->listen;
    es_recognizer_config config = recognizer_config(&runtime->config);
    es_status status;
    if (!runtime->config.model) {
        return ES_OK;
    }
    status = runtime->config.echo ? es_echo_init(&listen->echo, arena, &runtime->config.echo_path) : ES_OK;
    if (status == ES_OK) {
        status = es_features_init(&listen->features, arena);
    }
    return status != ES_OK ? status : es_recognizer_init(&listen->recognizer, arena, runtime->config.model, &config);
}

void es_listen_reset(es_runtime *runtime) {
    es_features *features = runtime->listen.features;
    es_recognizer *recognizer = runtime->listen.recognizer;
    es_echo *echo = runtime->listen.echo;
    memset(&runtime->listen, 0, sizeof runtime->listen);
    runtime->listen.features = features;
    runtime->listen.recognizer = recognizer;
    runtime->listen.echo = echo;
    es_governor_init(&runtime->listen.governor);
    if (echo) {
        es_echo_reset(echo);
    }
    if (features) {
        es_features_reset(features);
    }
}

static void speech_ends(es_runtime *runtime, int64_t t) {
    if (runtime->listen.ducked) {
        runtime->listen.ducked = false;
        es_sound_duck(runtime, ES_DUCK_SPEECH, false, t + ES_EFFECT_DELAY);
    }
}

static bool take_back(es_runtime *runtime, uint32_t utterance) {
    es_enter(runtime);
    bool taken = es_events_take_back(&runtime->events, utterance);
    es_leave(runtime);
    return taken;
}

static void tell_listen(es_runtime *runtime, int64_t t) {
    es_event event = {.type = ES_EVENT_LISTEN, .t = t, .utterance = runtime->listen.utterance};
    es_runtime_emit(runtime, &event);
}

/* Brings the recogniser to what orders and the microphone want. */
static void settle(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    bool on = listen->wanted && !listen->muted && !listen->sound_ended;
    if (!listen->recognizer) {
        return;
    }
    if (listen->state == ES_LISTEN_OFF && on) {
        listen->state = ES_LISTEN_ON;
        listen->have_zero = false;
        listen->pushed = 0;
        listen->steps = listen->base_step = 0;
        listen->base_frame = 0;
        listen->given_up = false;
        listen->shedding = false;
        es_recognizer_start(listen->recognizer, ++listen->utterance);
        es_names_begin(runtime);
        tell_listen(runtime, es_runtime_now(runtime));
    } else if (listen->state == ES_LISTEN_ON && !on) {
        if (!listen->sound_ended && take_back(runtime, listen->utterance)) {
            listen->state = ES_LISTEN_OFF; /* nobody heard of this utterance: it never was */
            listen->utterance--;
        } else {
            listen->state = ES_LISTEN_ENDING;
            es_recognizer_finish(listen->recognizer);
        }
    }
}

void es_runtime_listen(es_runtime *runtime, bool on) {
    es_lock(runtime);
    runtime->listen.once = false;
    runtime->listen.wanted = on;
    if (on && runtime->listen.sound_ended && runtime->listen.flushed) {
        runtime->listen.sound_ended = false;
        runtime->listen.flushed = false;
    }
    settle(runtime);
    es_unlock(runtime);
}

void es_runtime_once(es_runtime *runtime, bool once) {
    es_lock(runtime);
    runtime->listen.once = once;
    es_unlock(runtime);
}

static void mute(es_runtime *runtime, bool on) {
    es_listen *listen = &runtime->listen;
    if (on == listen->muted) {
        return;
    }
    listen->muted = on;
    listen->count = 0;
    if (listen->features) {
        es_features_reset(listen->features);
    }
    settle(runtime);
}

void es_runtime_hold(es_runtime *runtime, uint32_t utterance, uint16_t revision) {
    es_lock(runtime);
    if (runtime->listen.recognizer) {
        es_recognizer_hold(runtime->listen.recognizer, utterance, revision);
    }
    es_unlock(runtime);
}

void es_runtime_mute(es_runtime *runtime, bool on) {
    es_lock(runtime);
    mute(runtime, on);
    es_unlock(runtime);
}

void es_runtime_end_of_sound(es_runtime *runtime) {
    es_lock(runtime);
    if (runtime->listen.features) {
        runtime->listen.sound_ended = true;
        runtime->listen.flushed = false;
    }
    es_unlock(runtime);
}

bool es_runtime_listening(const es_runtime *runtime) { return runtime->listen.wanted && !runtime->listen.sound_ended; }

bool es_runtime_muted(const es_runtime *runtime) { return runtime->listen.muted; }

void es_listen_hear(es_runtime *runtime, const int16_t *microphone) {
    es_listen *listen = &runtime->listen;
    uint8_t at = (uint8_t)((listen->first + listen->count) % ES_CAPTURE_BLOCKS);
    listen->captured += ES_TICK_SAMPLES;
    if (!listen->features || listen->muted || listen->sound_ended) {
        return;
    }
    if (listen->count == ES_CAPTURE_BLOCKS) {
        runtime->stats.microphone_lost++;
        return;
    }
    if (microphone) {
        memcpy(listen->block[at], microphone, sizeof listen->block[at]);
    } else {
        memset(listen->block[at], 0, sizeof listen->block[at]);
    }
    listen->block_end[at] = listen->captured;
    listen->count++;
}

/* Takes the speaker's own sound out of the oldest block. A capture task that is behind leaves that out before a block
 * of the microphone is lost. */
static void cancel(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    int16_t *block = listen->block[listen->first];
    es_work work = {0, 0, 0};
    if (!listen->echo) {
        return;
    }
    if (listen->count > ES_CAPTURE_BLOCKS / 2) {
        runtime->stats.echo_left += es_echo_active(listen->echo);
        return;
    }
    es_echo_hear(listen->echo, listen->block_end[listen->first], block, block, &work);
    es_cpu_charge(&runtime->cpu, ES_TASK_CAPTURE, &work);
}

/* One hop of sound through the features to the recogniser's queue. `end`: capture time after the hop. */
static void push_hop(es_runtime *runtime, const int16_t *hop, int64_t end) {
    es_listen *listen = &runtime->listen;
    int8_t frame[ES_FEATURE_BINS];
    es_work work = {0, 0, 0};
    bool have = es_features_push(listen->features, hop, frame, &work);
    es_cpu_charge(&runtime->cpu, ES_TASK_CAPTURE, &work);
    listen->heard = end;
    if (!have || listen->state != ES_LISTEN_ON) {
        return;
    }
    if (!listen->have_zero) {
        listen->have_zero = true;
        listen->zero = end - FRAME_REACH;
    }
    if (listen->shedding && es_recognizer_backlog(listen->recognizer) <= queue_length(&runtime->config) / 2) {
        listen->shedding = false;
    }
    if (listen->shedding) {
        es_recognizer_skip(listen->recognizer);
        es_load_dropped(runtime, 1);
        return;
    }
    if (es_recognizer_push(listen->recognizer, frame) != ES_OK) {
        listen->shedding = true;
        es_load_dropped(runtime, 1);
        runtime->stats.queue_full++;
        return;
    }
    listen->arrival[listen->pushed % ES_ARRIVALS] = (uint32_t)runtime->cpu.ticks;
    listen->pushed++;
}

void es_listen_capture(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    static const int16_t silence[ES_TICK_SAMPLES];
    if (!listen->features) {
        return;
    }
    while (listen->count > 0 && es_cpu_ready(&runtime->cpu, ES_TASK_CAPTURE)) {
        cancel(runtime);
        push_hop(runtime, listen->block[listen->first], listen->block_end[listen->first]);
        listen->first = (uint8_t)((listen->first + 1) % ES_CAPTURE_BLOCKS);
        listen->count--;
    }
    if (listen->sound_ended && !listen->flushed && listen->count == 0) {
        /* The windows that reach over the end still hold sound: two more hops complete them. */
        int64_t end = listen->heard;
        push_hop(runtime, silence, end + ES_TICK_SAMPLES);
        push_hop(runtime, silence, end + 2 * ES_TICK_SAMPLES);
        es_features_reset(listen->features);
        listen->flushed = true;
        settle(runtime);
    }
}

static void next_utterance(es_runtime *runtime, int64_t t) {
    runtime->listen.given_up = false;
    es_load_begin_utterance(runtime);
    es_recognizer_continue(runtime->listen.recognizer, ++runtime->listen.utterance);
    es_names_begin(runtime);
    tell_listen(runtime, t);
}

/* An utterance is over: the next begins, or listening does. */
static void utterance_ends(es_runtime *runtime, int64_t t, es_end_reason reason) {
    es_listen *listen = &runtime->listen;
    bool more = listen->sound_ended && listen->wanted && reason != ES_END_INPUT;
    speech_ends(runtime, t);
    if (listen->state == ES_LISTEN_ON || (more && es_recognizer_backlog(listen->recognizer) > 0)) {
        next_utterance(runtime, t); /* also of sound that ended before the recogniser had come so far */
    } else {
        listen->state = ES_LISTEN_OFF;
        settle(runtime);
    }
}

static void take_event(es_runtime *runtime, const es_recognizer_event *heard) {
    static const es_event_type types[] = {[ES_PARTIAL] = ES_EVENT_PARTIAL,
                                          [ES_SPECULATIVE] = ES_EVENT_SPECULATIVE,
                                          [ES_RESET] = ES_EVENT_RESET,
                                          [ES_FINAL] = ES_EVENT_FINAL,
                                          [ES_TIMEOUT] = ES_EVENT_TIMEOUT};
    es_listen *listen = &runtime->listen;
    uint8_t hypothesis[ES_HYPOTHESIS];
    es_event event = {.type = types[heard->type],
                      .t = listen->zero + heard->t,
                      .utterance = heard->utterance,
                      .revision = heard->revision,
                      .reason = heard->reason};
    if (heard->type == ES_PARTIAL || heard->type == ES_SPECULATIVE || heard->type == ES_FINAL) {
        event.hypothesis = hypothesis;
        event.hypothesis_bytes = es_hypothesis_write(hypothesis, heard, listen->zero);
    }
    event.t = es_runtime_emit(runtime, &event);
    if (heard->type == ES_PARTIAL && heard->word_count > 0 && !listen->ducked) {
        listen->ducked = true;
        es_sound_duck(runtime, ES_DUCK_SPEECH, true, event.t + ES_EFFECT_DELAY);
    }
    if (heard->type == ES_FINAL || heard->type == ES_TIMEOUT) {
        utterance_ends(runtime, event.t, event.reason);
    }
}

/* What the calling task has executed so far, where the board's clock tells. */
static uint64_t spent(const es_runtime *runtime) {
    const es_tasking *tasking = runtime->config.tasking;
    return tasking ? tasking->spent(tasking->context) : 0;
}

static void note_slice(es_runtime *runtime, uint64_t instructions) {
    if (instructions > runtime->stats.longest_slice) {
        runtime->stats.longest_slice = instructions;
    }
}

static bool run_slice(es_runtime *runtime, uint64_t most) {
    es_listen *listen = &runtime->listen;
    uint64_t slice = (runtime->cpu.tick ? runtime->cpu.tick : REFERENCE_TICK) / SLICES_A_TICK * 3 / 4;
    uint64_t before = spent(runtime);
    es_recognizer_event event;
    es_work work = {0, 0, 0};
    if (listen->state == ES_LISTEN_OFF || !es_recognizer_busy(listen->recognizer)) {
        return false;
    }
    slice = most == 0 || slice < most ? slice : most;
    if (!es_names_slice(runtime, (uint32_t)slice, &work)) {
        es_recognizer_step(listen->recognizer, (uint32_t)slice, &work);
    }
    es_cpu_charge(&runtime->cpu, ES_TASK_RECOGNIZER, &work);
    es_load_steps(runtime);
    while (es_recognizer_poll(listen->recognizer, &event)) {
        take_event(runtime, &event);
    }
    note_slice(runtime, runtime->config.tasking ? spent(runtime) - before : work.instructions);
    return true;
}

static void look_at_end(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    if (listen->state == ES_LISTEN_ENDING && !es_recognizer_busy(listen->recognizer)) {
        speech_ends(runtime, es_runtime_now(runtime)); /* it ended without a word on how */
        listen->state = ES_LISTEN_OFF;
        settle(runtime);
    }
    es_load_watch(runtime);
}

bool es_runtime_slice(es_runtime *runtime) {
    bool more = false;
    if (!runtime->listen.recognizer) {
        return false;
    }
    es_lock(runtime);
    more = run_slice(runtime, 0);
    look_at_end(runtime);
    es_unlock(runtime);
    return more;
}

void es_listen_recognize(es_runtime *runtime, uint64_t keep) {
    es_cpu *cpu = &runtime->cpu;
    if (!runtime->listen.recognizer) {
        return;
    }
    while (es_cpu_ready(cpu, ES_TASK_RECOGNIZER) && cpu->left > keep && run_slice(runtime, cpu->left - keep)) {
    }
    look_at_end(runtime);
}
