/* The parts of the runtime and what they share. Internal to native/runtime. */
#ifndef EARSHOT_RUNTIME_INTERNAL_H
#define EARSHOT_RUNTIME_INTERNAL_H

#include "earshot/runtime.h"

/* ---- cpu.c: who has how much of the counted work of a tick ---- */

/* A task's work is done at once in this process, then paid for out of the ticks' instructions. What is not paid yet
 * has, on the device, not been done yet. */
typedef struct es_cpu {
    uint64_t tick;             /* instructions of one tick; 0: unlimited */
    bool real;                 /* time is the CPU's own clock: work is only counted, nothing is owed */
    uint64_t left;             /* of the present tick; before the first tick nothing is short */
    uint64_t used;             /* in the present tick */
    uint64_t ticks;            /* begun so far */
    uint64_t issued[ES_TASKS]; /* instructions done in this process */
    uint64_t owed[ES_TASKS];   /* of them not paid yet */
    es_work total[ES_TASKS];
    uint64_t second; /* instructions paid in the second under way */
    uint64_t busiest_second;
    const es_watcher *watcher;
} es_cpu;

void es_cpu_init(es_cpu *cpu, uint64_t tick_instructions, bool real, const es_watcher *watcher);
void es_cpu_begin_tick(es_cpu *cpu);
void es_cpu_charge(es_cpu *cpu, es_task task, const es_work *work);
/* Pays what the task owes; true when it owes nothing and the tick has something left. */
bool es_cpu_ready(es_cpu *cpu, es_task task);
uint64_t es_cpu_paid(const es_cpu *cpu, es_task task);

/* ---- orders.c: what is to happen to the played sound, by capture time ---- */

typedef enum es_order_kind {
    ES_ORDER_CLOSE, /* fade out to make room; value: as of ES_EVENT_MUSIC_END */
    ES_ORDER_OPEN,
    ES_ORDER_START, /* of the piece opened with the same `piece` */
    ES_ORDER_PAUSE,
    ES_ORDER_RESUME,
    ES_ORDER_VOLUME, /* value: Q15 */
    ES_ORDER_DUCK    /* value: on; holder says who asks */
} es_order_kind;

typedef enum es_duck_holder { ES_DUCK_SPEECH, ES_DUCK_SCRIPT, ES_DUCK_HOLDERS } es_duck_holder;

typedef struct es_order {
    int64_t at;
    es_order_kind kind;
    uint8_t voice;
    uint8_t holder;
    int32_t value;
    uint32_t utterance; /* under way when it was given */
    uint32_t piece;
    uint32_t from_frame;
    const void *data;
    size_t bytes;
} es_order;

#define ES_ORDERS 48
#define ES_ORDERS_KEPT 8 /* places that only the runtime's own ducking may take, so that it can always be ended */

typedef struct es_orders {
    es_order order[ES_ORDERS]; /* by `at`, those of one time as they came */
    uint16_t count;
} es_orders;

/* Room for `count` more from outside? */
bool es_orders_room(const es_orders *orders, int count);
void es_orders_add(es_orders *orders, const es_order *order);
/* Takes the first order when it is due before or at `t`. */
bool es_orders_take(es_orders *orders, int64_t t, es_order *order);
void es_orders_drop_ducks(es_orders *orders, es_duck_holder holder);
/* Takes back what `voice` was to play from `at` on. */
void es_orders_drop_voice(es_orders *orders, int voice, int64_t at);
/* Pieces of `voice` that wait to be opened. */
int es_orders_to_open(const es_orders *orders, int voice);

/* ---- events.c: what JavaScript is to hear of ---- */

#define ES_EVENTS 48
#define ES_EVENT_BYTES 12288 /* of coded hypotheses that wait */
#define ES_HYPOTHESIS 3072   /* bytes of the longest coded hypothesis, its lattice included */
/* A partial is dropped when fewer places or bytes than these are free: a final must find room. */
#define ES_EVENTS_KEPT 24
#define ES_BYTES_KEPT (3 * ES_HYPOTHESIS)

typedef struct es_events {
    es_event event[ES_EVENTS];
    bool dropped[ES_EVENTS]; /* taken back before delivery */
    uint16_t first, count;
    uint32_t head, tail;        /* ever growing offsets into `bytes`: taken up to, given back up to */
    uint32_t end_of[ES_EVENTS]; /* `head` after this event's bytes */
    uint8_t bytes[ES_EVENT_BYTES];
} es_events;

/* False when there is no room: the caller counts. Copies `hypothesis`. */
bool es_events_add(es_events *events, const es_event *event);
/* The oldest event, valid until es_events_pop; NULL when there is none. */
const es_event *es_events_first(es_events *events);
void es_events_pop(es_events *events);
/* Takes back a LISTEN event of `utterance` if nobody heard of that utterance yet. */
bool es_events_take_back(es_events *events, uint32_t utterance);
/* Codes the words of `event`, times moved by `zero`; returns the bytes (at most ES_HYPOTHESIS). */
uint32_t es_hypothesis_write(uint8_t *out, const es_recognizer_event *event, int64_t zero);

/* ---- voice.c: one piece being played ---- */

#define ES_AHEAD 4 /* blocks of 10 ms made ready ahead of time */

typedef struct es_block {
    int16_t pcm[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
    uint16_t frames;
    uint64_t mark; /* ready once the music task has paid this much */
} es_block;

typedef enum es_voice_state { ES_VOICE_EMPTY, ES_VOICE_OPEN, ES_VOICE_PLAYING, ES_VOICE_PAUSED } es_voice_state;

typedef struct es_voice {
    es_music *music;
    es_voice_state state;
    es_gain gain;
    es_block *ring; /* [ES_AHEAD] */
    uint8_t first, count;
    uint16_t used;     /* frames of the first block that were played */
    bool drained;      /* the source has no more */
    uint32_t position; /* frame of the piece */
    uint32_t from_frame;
    uint32_t piece;       /* of the order that opened it */
    const es_clip *clips; /* to follow without a gap */
    int clips_left;
    uint32_t stop_after; /* frames until the fade-out under way has ended; 0: none */
    es_voice_state stop_to;
} es_voice;

enum { ES_VOICE_MUSIC, ES_VOICE_PROMPT, ES_VOICES };

typedef enum es_played { ES_PLAYED, ES_PLAYED_END, ES_PLAYED_LATE } es_played;

es_status es_voice_open(es_voice *voice, const void *data, size_t bytes, uint32_t from_frame);
/* Clips one after the other; the list must stay. */
es_status es_voice_open_clips(es_voice *voice, const es_clip *clips, int count);
void es_voice_close(es_voice *voice);
/* Makes blocks ready up to `blocks`, as far as the music task's instructions go. */
void es_voice_fill(es_voice *voice, es_cpu *cpu, int blocks);
/* Adds `frames` of the piece to `out`. */
es_played es_voice_play(es_voice *voice, es_cpu *cpu, int16_t *out, int frames);

/* ---- governor.c: how much work the recogniser may take ---- */

#define ES_NARROW_WIDTH 2 /* hypotheses at ES_LOAD_NARROW */

typedef struct es_governor {
    es_load level;
    uint8_t settling;  /* steps that are not judged yet */
    uint32_t lateness; /* of the last step, thousandths of its sound */
    uint32_t pressed;  /* tick of the last sign of too much work */
    uint32_t lowered;  /* tick in which a level was last given back; 0: never */
    uint32_t hold;     /* ticks of calm that give a level back */
} es_governor;

void es_governor_init(es_governor *governor);
/* A step ended, `lateness` thousandths of its sound after its last sample. True: the level rose. */
bool es_governor_step(es_governor *governor, uint32_t tick, uint32_t lateness);
/* The oldest whole step has waited `waits_ms` (0: none waits). True: it is longer than the bound, the level is LATE. */
bool es_governor_wait(es_governor *governor, uint32_t tick, uint32_t waits_ms, uint32_t bound_ms);
/* Gives a level back when it was calm for long enough. True: everything is given back. */
bool es_governor_rest(es_governor *governor, uint32_t tick);
/* For es_recognizer_width. */
uint8_t es_governor_width(const es_governor *governor);

/* ---- listen.c: from the microphone to events ---- */

#define ES_CAPTURE_BLOCKS 8 /* of 10 ms that may wait for the capture task */
#define ES_ARRIVALS 512     /* feature frames whose arrival is remembered; more than the longest queue */
#define ES_LONGEST_QUEUE 480

typedef enum es_listen_state { ES_LISTEN_OFF, ES_LISTEN_ON, ES_LISTEN_ENDING } es_listen_state;

typedef struct es_listen {
    es_features *features;
    es_recognizer *recognizer;
    es_echo *echo; /* NULL: what is heard holds nothing of what is played */
    es_governor governor;
    es_listen_state state;
    bool wanted; /* by the last order */
    bool once;   /* ... for one utterance */
    bool muted;
    bool sound_ended; /* by the port */
    bool flushed;     /* ... and the features' tail was pushed */
    bool given_up;    /* the utterance under way ends for want of time */
    bool shedding;    /* the queue was full: frames are dropped until it is half empty */
    bool have_zero;   /* the first feature frame of this listening was pushed */
    bool ducked;      /* somebody speaks: the duck was ordered, its end not yet */
    int64_t told;     /* latest `t` of the events up to ES_EVENT_RECOVERED */
    uint32_t utterance;
    int64_t zero;                   /* capture time of the recogniser's time 0 */
    int64_t captured;               /* capture time up to which blocks came */
    int64_t heard;                  /* capture time up to which features are made */
    uint32_t pushed;                /* frames since the recogniser was started */
    uint32_t steps;                 /* encoder steps seen done */
    uint32_t base_frame, base_step; /* with step `base_step` began frame `base_frame` */
    uint32_t arrival[ES_ARRIVALS];  /* tick in which frame k (mod) came */
    int16_t block[ES_CAPTURE_BLOCKS][ES_TICK_SAMPLES];
    int64_t block_end[ES_CAPTURE_BLOCKS]; /* capture time after the block */
    uint8_t first, count;
} es_listen;

/* ---- the runtime ---- */

struct es_runtime {
    es_runtime_config config;
    es_arena *arena;
    int64_t t;    /* end of the present tick; 0 before the first */
    int64_t told; /* latest `t` of all events */
    es_cpu cpu;
    es_orders orders;
    es_events events;
    es_listen listen;
    es_bias *names; /* NULL: none are taken */
    es_voice voice[ES_VOICES];
    int32_t volume; /* Q15 */
    bool duck[ES_DUCK_HOLDERS];
    uint32_t duck_utterance; /* the one that ducking began with */
    uint32_t pieces;         /* counted by orders to play */
    /* Lists of clips: those that wait, and the one that plays. */
    es_clip clips[ES_PROMPTS_AHEAD + 2][ES_PROMPT_CLIPS];
    int next_clips;
    int64_t next_underrun; /* capture time from which the next one is told */
    es_runtime_stats stats;
};

#define ES_DEFAULT_QUEUE 300

/* What tasks of a board share is touched between these; where one task does everything they do nothing. */
static inline void es_enter(const es_runtime *runtime) {
    const es_tasking *tasking = runtime->config.tasking;
    if (tasking) {
        tasking->enter(tasking->context);
    }
}
static inline void es_leave(const es_runtime *runtime) {
    const es_tasking *tasking = runtime->config.tasking;
    if (tasking) {
        tasking->leave(tasking->context);
    }
}
static inline void es_lock(const es_runtime *runtime) {
    const es_tasking *tasking = runtime->config.tasking;
    if (tasking) {
        tasking->lock(tasking->context);
    }
}
static inline void es_unlock(const es_runtime *runtime) {
    const es_tasking *tasking = runtime->config.tasking;
    if (tasking) {
        tasking->unlock(tasking->context);
    }
}

/* runtime.c: the capture clock, as whoever may ask; and a new event: returns the `t` that the event is told with */
int64_t es_runtime_now(const es_runtime *runtime);
int64_t es_runtime_emit(es_runtime *runtime, const es_event *event);
/* sound.c: the music task, and orders to it */
void es_sound_run(es_runtime *runtime, int16_t *played);
void es_sound_ahead(es_runtime *runtime);
/* One more block of the voice that has the fewest; false when all have enough. */
bool es_sound_one_ahead(es_runtime *runtime);
void es_sound_duck(es_runtime *runtime, es_duck_holder holder, bool on, int64_t at);
/* listen.c */
size_t es_listen_bytes(const es_runtime_config *config);
es_status es_listen_init(es_runtime *runtime, es_arena *arena);
void es_listen_reset(es_runtime *runtime);
void es_listen_hear(es_runtime *runtime, const int16_t *microphone);
/* load.c: looks at the steps that were done since; at what waits; frames that nobody will hear. */
void es_load_steps(es_runtime *runtime);
void es_load_watch(es_runtime *runtime);
void es_load_dropped(es_runtime *runtime, uint32_t frames);
void es_load_begin_utterance(es_runtime *runtime);
void es_listen_capture(es_runtime *runtime);
/* Slices while the tick has more than `keep` instructions. */
void es_listen_recognize(es_runtime *runtime, uint64_t keep);

/* names.c */
size_t es_names_bytes(const es_runtime_config *config);
es_status es_names_init(es_runtime *runtime, es_arena *arena);
/* An utterance begins, or no sound of it has come yet: a list that waits is to be used from it on. */
void es_names_begin(es_runtime *runtime);
/* A slice of the exchange under way; false: there is none. */
bool es_names_slice(es_runtime *runtime, uint32_t instructions, es_work *work);

#endif
