#include "internal.h"

#define INSTRUCTIONS_A_TICK(millions, thousandths) ((uint64_t)(millions)*10000u + (uint64_t)(thousandths)*10u)

static void sanitise_order(es_runtime_config *config) {
    static const es_task usual[ES_TASKS] = {ES_TASK_MUSIC, ES_TASK_CAPTURE, ES_TASK_RECOGNIZER, ES_TASK_JAVASCRIPT};
    bool zero = true;
    for (int k = 0; k < ES_TASKS; k++) {
        zero = zero && config->order[k] == 0;
    }
    for (int k = 0; zero && k < ES_TASKS; k++) {
        config->order[k] = usual[k];
    }
}

static bool order_holds(const es_runtime_config *config) {
    uint32_t seen = 0;
    for (int k = 0; k < ES_TASKS; k++) {
        seen |= (uint32_t)config->order[k] < ES_TASKS ? 1u << config->order[k] : 0;
    }
    return seen == (1u << ES_TASKS) - 1;
}

static int voices(const es_runtime_config *config) { return config->prompts ? ES_VOICES : 1; }

size_t es_runtime_bytes(const es_runtime_config *config) {
    size_t voice = es_music_bytes() + es_arena_need(ES_AHEAD * sizeof(es_block));
    return es_arena_need(sizeof(es_runtime)) + (size_t)voices(config) * voice + es_listen_bytes(config) +
           es_names_bytes(config);
}

es_status es_runtime_init(es_runtime **runtime, es_arena *arena, const es_runtime_config *config) {
    es_runtime *made = es_arena_take(arena, sizeof *made);
    es_status status = ES_OK;
    if (!made) {
        return ES_E_MEMORY;
    }
    made->config = *config;
    made->arena = arena;
    made->volume = 32768;
    sanitise_order(&made->config);
    if (!config->deliver || !order_holds(&made->config)) {
        return ES_E_ARGUMENT;
    }
    for (int k = 0; k < voices(config) && status == ES_OK; k++) {
        made->voice[k].ring = es_arena_take(arena, ES_AHEAD * sizeof(es_block));
        status = made->voice[k].ring ? es_music_init(&made->voice[k].music, arena) : ES_E_MEMORY;
    }
    if (status == ES_OK) {
        status = es_listen_init(made, arena);
    }
    if (status == ES_OK) {
        status = es_names_init(made, arena);
    }
    if (status == ES_OK) {
        es_runtime_reset(made);
        *runtime = made;
    }
    return status;
}

void es_runtime_reset(es_runtime *runtime) {
    runtime->t = runtime->told = 0;
    es_cpu_init(&runtime->cpu, INSTRUCTIONS_A_TICK(runtime->config.mips, runtime->config.mips_thousandths),
                runtime->config.tasking != NULL, runtime->config.watcher);
    runtime->orders.count = 0;
    runtime->events.first = runtime->events.count = 0;
    runtime->events.head = runtime->events.tail = 0;
    es_listen_reset(runtime);
    for (int k = 0; k < ES_VOICES; k++) {
        es_voice_close(&runtime->voice[k]);
        runtime->voice[k].position = 0;
    }
    for (int k = 0; k < ES_DUCK_HOLDERS; k++) {
        runtime->duck[k] = false;
    }
    runtime->next_underrun = 0;
    runtime->stats = (es_runtime_stats){0};
}

/* Words that come later than ES_EFFECT_DELAY say so by their `t`, so that what they cause is never due in the past, and
 * come in order with all other events. Words in time keep the `t` of their sound even when a piece of music began or
 * ended since: played sound must be the same at every speed that suffices. */
static int64_t emit(es_runtime *runtime, const es_event *event) {
    es_event told = *event;
    es_listen *listen = &runtime->listen;
    int64_t least = runtime->t - ES_EFFECT_DELAY;
    bool heard = event->type <= ES_EVENT_RECOVERED, late = event->t < least || listen->governor.level == ES_LOAD_LATE;
    int64_t before = heard && !late ? listen->told : runtime->told;
    told.t = told.t < least ? least : told.t;
    told.t = told.t < before ? before : told.t;
    runtime->told = told.t > runtime->told ? told.t : runtime->told;
    listen->told = heard ? told.t : listen->told;
    if (!es_events_add(&runtime->events, &told)) {
        runtime->stats.queue_full++;
    }
    return told.t;
}

int64_t es_runtime_emit(es_runtime *runtime, const es_event *event) {
    es_enter(runtime);
    int64_t t = emit(runtime, event);
    es_leave(runtime);
    return t;
}

int64_t es_runtime_now(const es_runtime *runtime) {
    es_enter(runtime);
    int64_t t = runtime->t;
    es_leave(runtime);
    return t;
}

/* JavaScript runs when nothing above it wants the CPU and what it did before is paid for. */
static void run_javascript(es_runtime *runtime) {
    const es_event *event;
    while (es_cpu_ready(&runtime->cpu, ES_TASK_JAVASCRIPT) && (event = es_events_first(&runtime->events))) {
        es_work work = {.instructions = runtime->config.deliver(runtime->config.context, event)};
        es_events_pop(&runtime->events);
        es_cpu_charge(&runtime->cpu, ES_TASK_JAVASCRIPT, &work);
    }
    if (runtime->config.idle && es_cpu_ready(&runtime->cpu, ES_TASK_JAVASCRIPT)) {
        es_work work = {.instructions = runtime->config.idle(runtime->config.context, runtime->t)};
        es_cpu_charge(&runtime->cpu, ES_TASK_JAVASCRIPT, &work);
    }
}

/* A recogniser that is behind for good would starve the script, which then could not even say so: of what the tasks
 * above it leave, it takes at most seven eighths before the script had its turn. */
#define SCRIPT_PART 8

static uint64_t kept_for_script(const es_runtime *runtime, int place) {
    bool next = place + 1 < ES_TASKS && runtime->config.order[place + 1] == ES_TASK_JAVASCRIPT;
    return next && runtime->cpu.tick ? runtime->cpu.left / SCRIPT_PART : 0;
}

void es_runtime_tick(es_runtime *runtime, const int16_t *microphone, int16_t *played) {
    runtime->t += ES_TICK_SAMPLES;
    es_cpu_begin_tick(&runtime->cpu);
    es_listen_hear(runtime, microphone);
    for (int k = 0; k < ES_TASKS; k++) {
        switch (runtime->config.order[k]) {
        case ES_TASK_MUSIC:
            es_sound_run(runtime, played);
            es_sound_ahead(runtime);
            break;
        case ES_TASK_CAPTURE:
            es_listen_capture(runtime);
            break;
        case ES_TASK_RECOGNIZER:
            es_listen_recognize(runtime, kept_for_script(runtime, k));
            break;
        default:
            run_javascript(runtime);
            break;
        }
    }
    es_listen_recognize(runtime, 0); /* with what the script did not need */
}

/* ---- the parts of a tick, each called by a task of its own ---- */

void es_runtime_sound(es_runtime *runtime, int16_t *played) {
    es_enter(runtime);
    runtime->t += ES_TICK_SAMPLES;
    es_leave(runtime);
    es_cpu_begin_tick(&runtime->cpu);
    es_sound_run(runtime, played);
}

bool es_runtime_ahead(es_runtime *runtime) { return es_sound_one_ahead(runtime); }

void es_runtime_capture(es_runtime *runtime, const int16_t *microphone) {
    es_lock(runtime);
    es_listen_hear(runtime, microphone);
    es_listen_capture(runtime);
    es_unlock(runtime);
}

void es_runtime_missed(es_runtime *runtime) {
    es_lock(runtime);
    runtime->listen.captured += ES_TICK_SAMPLES;
    es_unlock(runtime);
    es_enter(runtime);
    runtime->stats.microphone_lost++;
    es_leave(runtime);
}

bool es_runtime_script(es_runtime *runtime) {
    es_work work = {0, 0, 0};
    es_enter(runtime);
    const es_event *event = es_events_first(&runtime->events);
    int64_t t = runtime->t;
    es_leave(runtime);
    if (event) {
        work.instructions = runtime->config.deliver(runtime->config.context, event);
        es_enter(runtime);
        es_events_pop(&runtime->events);
        es_leave(runtime);
    } else if (runtime->config.idle) {
        work.instructions = runtime->config.idle(runtime->config.context, t);
    }
    es_cpu_charge(&runtime->cpu, ES_TASK_JAVASCRIPT, &work);
    return event != NULL;
}

bool es_runtime_settled(const es_runtime *runtime) {
    const es_listen *listen = &runtime->listen;
    bool flushing = listen->sound_ended && !listen->flushed;
    bool busy = listen->state != ES_LISTEN_OFF && es_recognizer_busy(listen->recognizer);
    return listen->count == 0 && !flushing && !busy && listen->state != ES_LISTEN_ENDING && runtime->events.count == 0;
}

void es_runtime_stats_read(const es_runtime *runtime, es_runtime_stats *stats) {
    es_enter(runtime);
    *stats = runtime->stats;
    stats->t = runtime->t;
    stats->busiest_second = runtime->cpu.busiest_second;
    stats->music = runtime->cpu.total[ES_TASK_MUSIC];
    stats->capture = runtime->cpu.total[ES_TASK_CAPTURE];
    stats->recognizer = runtime->cpu.total[ES_TASK_RECOGNIZER];
    stats->javascript = runtime->cpu.total[ES_TASK_JAVASCRIPT];
    es_leave(runtime);
    stats->load = runtime->listen.governor.level;
    stats->echo_active = runtime->listen.echo && es_echo_active(runtime->listen.echo);
    stats->arena_used = runtime->arena->used;
    stats->arena_size = runtime->arena->size;
    stats->damaged = es_music_damaged(runtime->voice[ES_VOICE_MUSIC].music);
}
