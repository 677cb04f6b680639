/* How far the recogniser is behind what was heard, what the governor makes of it, and who hears of that. */
#include "internal.h"

#define TICK_MS 10
#define THOUSAND 1000u
#define DEFAULT_BOUND 5    /* tenths of a second */
#define DEFAULT_GIVE_UP 25 /* tenths of a second; less than the queue of frames holds */

static uint32_t step_frames(const es_runtime *runtime) { return runtime->config.model->stack; }

/* Frames that the recogniser took from its queue so far, dropped ones included. */
static uint32_t consumed(const es_listen *listen) {
    uint32_t backlog = es_recognizer_backlog(listen->recognizer);
    return listen->pushed > backlog ? listen->pushed - backlog : 0;
}

/* Ticks from the arrival of frame `index` until now. */
static uint64_t ticks_since(const es_runtime *runtime, uint32_t index) {
    return (uint32_t)runtime->cpu.ticks - runtime->listen.arrival[index % ES_ARRIVALS];
}

/* Instruction at which the tick of frame `index` began; tick 1 begins at 0. */
static uint64_t heard_at(const es_runtime *runtime, uint32_t index) {
    return (runtime->listen.arrival[index % ES_ARRIVALS] - 1u) * runtime->cpu.tick;
}

/* Instructions of this CPU from then until now. */
static uint64_t age(const es_runtime *runtime, uint32_t index) {
    const es_tasking *tasking = runtime->config.tasking;
    if (tasking) {
        return tasking->clock(tasking->context) - heard_at(runtime, index);
    }
    return ticks_since(runtime, index) * runtime->cpu.tick + runtime->cpu.used;
}

/* ---- the governor's word ---- */

static void tell(es_runtime *runtime, es_event_type type, uint32_t late_ms) {
    es_event event = {.type = type,
                      .t = es_runtime_now(runtime),
                      .utterance = runtime->listen.utterance,
                      .revision = (uint16_t)runtime->listen.governor.level,
                      .value = (int32_t)late_ms};
    es_runtime_emit(runtime, &event);
}

static void obey(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    es_recognizer_width(listen->recognizer, es_governor_width(&listen->governor));
}

static void raised(es_runtime *runtime, uint32_t late_ms) {
    obey(runtime);
    tell(runtime, ES_EVENT_OVERLOAD, late_ms);
}

/* ---- steps ---- */

/* A step whose last frame is `last` has ended. */
static void note_step(es_runtime *runtime, uint32_t last) {
    const es_watcher *watcher = runtime->config.watcher;
    uint64_t took = age(runtime, last);
    es_listen *listen = &runtime->listen;
    es_runtime_stats *stats = &runtime->stats;
    uint64_t length = step_frames(runtime) * runtime->cpu.tick;
    uint64_t lateness = length > 0 ? took * THOUSAND / length : 0;
    stats->longest_frame = took > stats->longest_frame ? took : stats->longest_frame;
    stats->frames_late += length > 0 && took > length;
    if (watcher) {
        watcher->step(watcher->context, heard_at(runtime, last), took, listen->governor.level);
    }
    stats->shed += listen->governor.level != ES_LOAD_FULL;
    if (es_governor_step(&listen->governor, (uint32_t)runtime->cpu.ticks,
                         lateness < UINT32_MAX ? (uint32_t)lateness : UINT32_MAX)) {
        raised(runtime, (uint32_t)(lateness * step_frames(runtime) * TICK_MS / THOUSAND));
    }
}

/* A step takes `stack` frames, the last one of a sound that ends may take fewer; one of padding after it takes none and
 * can't be late. */
void es_load_steps(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    uint32_t stack = step_frames(runtime);
    for (uint32_t steps = es_recognizer_frames(listen->recognizer); listen->steps < steps; listen->steps++) {
        uint32_t first = listen->base_frame + (listen->steps - listen->base_step) * stack;
        uint32_t last = first + stack <= listen->pushed ? first + stack - 1 : listen->pushed - 1;
        if (first < listen->pushed) {
            note_step(runtime, last);
        }
    }
}

/* Frames were dropped behind the step under way: the next one begins after them. */
void es_load_dropped(es_runtime *runtime, uint32_t frames) {
    uint32_t stack = step_frames(runtime);
    runtime->stats.shed += (frames + stack - 1) / stack;
}

void es_load_begin_utterance(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    listen->base_frame = consumed(listen);
    listen->base_step = listen->steps;
}

/* ---- waiting ---- */

static uint32_t tenths(uint32_t configured, uint32_t usual) { return 100u * (configured ? configured : usual); }

/* The end of an utterance for which there is no time: what waits is not heard. */
static void give_up(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    listen->given_up = true;
    runtime->stats.given_up++;
    es_load_dropped(runtime, es_recognizer_give_up(listen->recognizer));
}

void es_load_watch(es_runtime *runtime) {
    es_listen *listen = &runtime->listen;
    uint32_t tick = (uint32_t)runtime->cpu.ticks, waits = 0;
    uint32_t waiting = listen->state == ES_LISTEN_OFF ? 0 : es_recognizer_backlog(listen->recognizer);
    if (waiting >= step_frames(runtime)) {
        waits = (uint32_t)(TICK_MS * ticks_since(runtime, consumed(listen)));
    }
    if (es_governor_wait(&listen->governor, tick, waits, tenths(runtime->config.seconds_bound, DEFAULT_BOUND))) {
        raised(runtime, waits);
    }
    if (es_governor_rest(&listen->governor, tick)) {
        tell(runtime, ES_EVENT_RECOVERED, 0);
    }
    obey(runtime);
    /* Where the sound has ended nothing more can pile up: that is heard out. */
    if (listen->state == ES_LISTEN_ON && waits > tenths(runtime->config.give_up, DEFAULT_GIVE_UP) &&
        !listen->given_up) {
        give_up(runtime);
    }
}
