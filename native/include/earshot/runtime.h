/* The pipeline: capture, features, recogniser, music and JavaScript on one CPU, by a table of tasks.
 * The runtime has no thread and no clock of its own: the port calls es_runtime_tick once for each 10 ms of the
 * capture clock. Under a stated speed (mips > 0) each task gets what the higher ones leave of that 10 ms of counted
 * work; what does not fit is done in later ticks, late. With mips == 0 everything is done in its tick.
 *
 * Order inside a tick: speaker/music block, capture (features), recogniser slices, JavaScript. */
#ifndef EARSHOT_RUNTIME_H
#define EARSHOT_RUNTIME_H

#include "earshot/bias.h"
#include "earshot/echo.h"
#include "earshot/music.h"
#include "earshot/prompts.h"
#include "earshot/recognizer.h"

#define ES_TICK_SAMPLES 160 /* of the capture clock: 10 ms */
/* What an event or an order changes in the played sound takes effect this long after the event's t: 300 ms.
 * Fixed in capture time, so that played sound never depends on when a computation ended. */
#define ES_EFFECT_DELAY 4800

typedef struct es_runtime es_runtime;

typedef enum es_event_type {
    ES_EVENT_LISTEN,
    ES_EVENT_PARTIAL,
    ES_EVENT_SPECULATIVE,
    ES_EVENT_RESET,
    ES_EVENT_FINAL,
    ES_EVENT_TIMEOUT,
    ES_EVENT_OVERLOAD,  /* the governor sheds more; revision: es_load, value: how late the recogniser is, ms */
    ES_EVENT_RECOVERED, /* it sheds nothing any more */
    ES_EVENT_MUSIC_START,
    ES_EVENT_MUSIC_END, /* value: 0 its end, 1 stopped, 2 another piece, negative: es_status */
    ES_EVENT_DUCK,      /* value: 1 on, 0 off; t: when the fade begins */
    ES_EVENT_UNDERRUN   /* at most one a second; value: underruns so far */
} es_event_type;

typedef struct es_event {
    es_event_type type;
    /* Samples of the capture clock; of the sound that caused it, not of the computation, unless that is more than
     * ES_EFFECT_DELAY ago: then as long ago, and not before what was told already. Word times are always of the sound.
     */
    int64_t t;
    uint32_t utterance;
    uint16_t revision;
    int32_t value;
    es_end_reason reason;
    const uint8_t *hypothesis; /* coded hypothesis of partial, speculative, final (format below), or NULL */
    uint32_t hypothesis_bytes;
} es_event;
/* Coded hypothesis, version 1, little-endian: u8 version = 1; u16 word count; per word u32 start, u32 end (samples of
 * the capture clock from the start of the run), u8 confidence 0..255 (255 = not known, else of 254), u8 text bytes,
 * UTF-8 text. Version 3 (speculative, final): the same, then u8 confidence that all words are right (255 = not known),
 * then the coded lattice of the utterance (lattice.h) to the end; no byte of it: there is none. */

/* What the governor leaves of the recogniser's work, in the order in which it sheds. Music is never shed. */
typedef enum es_load {
    ES_LOAD_FULL,
    ES_LOAD_NARROW, /* a narrower beam */
    ES_LOAD_GREEDY, /* one hypothesis */
    ES_LOAD_LATE    /* ... and words come late, up to a bound; beyond it the utterance ends (ES_END_OVERLOAD) */
} es_load;

/* The tasks that share the CPU; what none of them takes is idle. */
typedef enum es_task { ES_TASK_MUSIC, ES_TASK_CAPTURE, ES_TASK_RECOGNIZER, ES_TASK_JAVASCRIPT, ES_TASKS } es_task;

/* What a board supplies whose tasks pre-empt each other: es_runtime_sound, _capture, _slice and _script then run in
 * four tasks, in that order of priority. All functions are called with `context`. */
typedef struct es_tasking {
    /* Around a few hundred instructions on what the tasks share (orders, events, counters): no task of the runtime may
     * run in between. Never nested. */
    void (*enter)(void *context);
    void (*leave)(void *context);
    /* A mutex with priority inheritance around the recogniser and its queue, held for one slice at most. The music task
     * never takes it. `enter` may come inside, not the other way round. */
    void (*lock)(void *context);
    void (*unlock)(void *context);
    /* Instructions of the CPU since the first tick began, and those that the calling task has executed. */
    uint64_t (*clock)(void *context);
    uint64_t (*spent)(void *context);
    void *context;
} es_tasking;

/* Sees where the time goes, for a picture of a run. May call nothing of the runtime. */
typedef struct es_watcher {
    /* `task` had the CPU; `start`: instructions since the first tick began. */
    void (*slice)(void *context, es_task task, uint64_t start, uint64_t instructions);
    /* A step of the recogniser has its result: `heard`, the instruction at which its last sample came, and `took` more
     * until the result, at this load. */
    void (*step)(void *context, uint64_t heard, uint64_t took, es_load load);
    void *context;
} es_watcher;

typedef struct es_runtime_config {
    const es_model *model;     /* NULL: nothing listens */
    uint32_t mips;             /* millions of instructions a second; 0: unlimited */
    uint32_t mips_thousandths; /* added to mips, e.g. 62 and 500 are 62.5; 0 with mips 0 */
    uint32_t seconds_bound;    /* waiting frames are this old at ES_LOAD_LATE, tenths of a second; 0: 5 */
    uint32_t give_up;          /* ... and this old when the utterance ends, tenths of a second; 0: 25 */
    uint16_t frame_queue;      /* feature frames that may wait for the recogniser; 0: 300 (3 s) */
    bool names;                /* es_runtime_names may be called; false: the 64 KB for that are not taken */
    bool echo;                 /* the microphone hears the speaker: take that out */
    es_echo_config echo_path;
    bool prompts; /* a second voice for es_runtime_prompt; false: its memory is not taken */
    /* Highest priority first, each task once; all zero: music, capture, recogniser, JavaScript. Another order is for
     * tests that must be able to fail. */
    es_task order[ES_TASKS];
    const es_watcher *watcher; /* NULL: nobody watches */
    /* JavaScript's share of a tick: called with the event, returns counted instructions. */
    uint64_t (*deliver)(void *context, const es_event *event);
    /* Timers and promise jobs of JavaScript due at capture time t; returns counted instructions. May be NULL. */
    uint64_t (*idle)(void *context, int64_t t);
    void *context;
    /* NULL: one task calls es_runtime_tick, time is counted work. Else `mips` is the CPU's true speed, time is its
     * clock, and `order` is what the board made of its priorities. */
    const es_tasking *tasking;
} es_runtime_config;

typedef struct es_runtime_stats {
    int64_t t;                /* samples of the capture clock so far */
    uint64_t underruns;       /* ticks whose music was not ready: silence was played instead */
    uint64_t microphone_lost; /* blocks of 10 ms that capture had no time for */
    uint64_t frames_late;     /* encoder steps that ended later than one step's length after their last sample */
    uint64_t queue_full;      /* events and orders that found their queue full */
    uint64_t shed;            /* encoder frames in which work was left out: a narrower search, or not heard at all */
    uint64_t given_up;        /* utterances that ended for want of time */
    uint64_t echo_left;       /* blocks whose echo stayed in because capture was behind */
    es_load load;             /* now */
    bool echo_active;         /* now */
    uint64_t orders_late;     /* orders whose `at` had passed when they came: done at once */
    uint64_t longest_slice;   /* instructions */
    uint64_t longest_frame;   /* instructions from the sample that completes a step to its output */
    uint64_t busiest_second;  /* instructions, all tasks but idle */
    es_work music, capture, recognizer, javascript; /* totals */
    size_t arena_used, arena_size;
    uint32_t damaged; /* pages and packets of the piece that were concealed */
} es_runtime_stats;

typedef enum es_music_state { ES_MUSIC_STOPPED, ES_MUSIC_PLAYING, ES_MUSIC_PAUSED } es_music_state;

size_t es_runtime_bytes(const es_runtime_config *config);
/* `config` is copied. ES_E_ARGUMENT: no `deliver`, or `order` names a task twice. */
es_status es_runtime_init(es_runtime **runtime, es_arena *arena, const es_runtime_config *config);
/* As after init: time 0, nothing plays, nobody listens, counters 0; the volume is kept. For the next file of a batch.
 */
void es_runtime_reset(es_runtime *runtime);
/* One tick: takes 160 microphone samples (NULL: the microphone hears silence), fills 480 stereo frames of played
 * sound (never NULL). */
void es_runtime_tick(es_runtime *runtime, const int16_t *microphone, int16_t *played);

/* The parts of a tick for a board with `tasking`, each called by one task alone. */

/* Music task, once for each 10 ms: time goes on, `played` is filled (480 stereo frames). */
void es_runtime_sound(es_runtime *runtime, int16_t *played);
/* Music task, after the block has been handed over: makes one more ready. False: enough are. */
bool es_runtime_ahead(es_runtime *runtime);
/* Music task: a block did not reach the speaker in time. Counts it and tells. */
void es_runtime_underrun(es_runtime *runtime);
/* Capture task, once for each 10 ms in order: 160 samples, or NULL. */
void es_runtime_capture(es_runtime *runtime, const int16_t *microphone);
/* Capture task, in place of es_runtime_capture: the block was lost. */
void es_runtime_missed(es_runtime *runtime);
/* Recogniser task: one slice. False: nothing to do until the next es_runtime_capture or order to listen. */
bool es_runtime_slice(es_runtime *runtime);
/* JavaScript's task: delivers one event, or calls `idle` when none waits and returns false. */
bool es_runtime_script(es_runtime *runtime);
/* The microphone's sound has ended: what waits is decoded and the utterance ends; ticks may go on. Listening stays off
 * until es_runtime_listen orders it anew. */
void es_runtime_end_of_sound(es_runtime *runtime);

/* Orders from TypeScript. `at` is the capture time of the effect, exact to the sample; in the past: at once, counted.
 * Orders of one time are done in the order they came. */

/* Listening resumes by itself after each final or time-out while it is on; each utterance begins with ES_EVENT_LISTEN.
 * Off in an utterance: it ends with reason ES_END_INPUT. Off before JavaScript has heard of the utterance (inside the
 * delivery of the final before it): it is dropped without an event. */
void es_runtime_listen(es_runtime *runtime, bool on);
/* The speculative revision that is open is not complete, by what was understood of it: its final end waits longer. One
 * that is open no more changes nothing. */
void es_runtime_hold(es_runtime *runtime, uint32_t utterance, uint16_t revision);
/* What listens now is meant for one utterance: who ordered it ends it after that, or es_runtime_restarted does. */
void es_runtime_once(es_runtime *runtime, bool once);
/* Microphone off at the driver: nothing is heard, no features are made, an utterance under way ends. */
void es_runtime_mute(es_runtime *runtime, bool on);
/* The user's names, the whole list (bias.h), from the next utterance on, or from the one under way on when no sound of
 * it has come since listening began; a list of none takes them away. What is refused changes nothing: status and
 * `*where` as es_bias_check, ES_E_UNSUPPORTED without `config.names`. Names stay over es_runtime_reset and
 * es_runtime_restarted. */
es_status es_runtime_names(es_runtime *runtime, const uint8_t *list, uint32_t bytes, uint32_t *where);
/* ES_BIAS_LIST bytes in which the next list may be made; NULL without `config.names`. One that waits is lost. */
uint8_t *es_runtime_names_room(es_runtime *runtime);
/* To read what was given last, and what became of it; NULL without `config.names`. */
const es_bias *es_runtime_names_given(const es_runtime *runtime);
/* Plays from `from_frame` (48 kHz). What played before fades out 110 ms before `at`, so that the new piece can be made
 * ready; ES_EVENT_MUSIC_END of it has value 2 (1: stopped, 0: came to its end, negative: the es_status why the piece
 * could not be played). */
es_status es_runtime_play(es_runtime *runtime, const void *data, size_t bytes, uint32_t from_frame, int64_t at);
/* Clips one after the other, without a gap, over the music, in a voice of its own that is not ducked; no events. The
 * list is copied, the sounds are not. What this voice said before ends 110 ms before `at`. ES_E_UNSUPPORTED without
 * `config.prompts`; ES_E_ARGUMENT: no clip or more than ES_PROMPT_CLIPS; ES_E_FULL: ES_PROMPTS_AHEAD orders wait. A
 * clip that can't be played is left out. */
#define ES_PROMPTS_AHEAD 3
es_status es_runtime_prompt(es_runtime *runtime, const es_clip *clips, int count, int64_t at);
/* Ends what that voice says, and takes back what was to be said from `at` on. */
void es_runtime_prompt_stop(es_runtime *runtime, int64_t at);
void es_runtime_pause(es_runtime *runtime, bool on, int64_t at); /* `at`: capture time of the effect */
void es_runtime_stop(es_runtime *runtime, int64_t at);
void es_runtime_volume(es_runtime *runtime, int32_t q15, int64_t at); /* 0..32768 of amplitude; 32768 at first */
/* A factor of its own on top of the volume. The runtime itself ducks from the first word of an utterance to its end;
 * this order is one more reason to duck, and ends by itself with es_runtime_restarted. */
void es_runtime_duck(es_runtime *runtime, bool on, int64_t at);
/* JavaScript was restarted: what only the old script would have taken back is taken back: its duck order, and listening
 * for one utterance. */
void es_runtime_restarted(es_runtime *runtime);

uint32_t es_runtime_position(const es_runtime *runtime); /* frame of the piece at 48 kHz */
es_music_state es_runtime_music(const es_runtime *runtime);
bool es_runtime_listening(const es_runtime *runtime);
bool es_runtime_muted(const es_runtime *runtime);
/* Gain that the music fades to, Q15: volume times ducking. */
int32_t es_runtime_level(const es_runtime *runtime);
/* True when nothing that was heard waits to be worked on, and no event to be delivered. */
bool es_runtime_settled(const es_runtime *runtime);
void es_runtime_stats_read(const es_runtime *runtime, es_runtime_stats *stats);

#endif
