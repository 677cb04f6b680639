/* The firmware's tasks under FreeRTOS. In: an opened runtime, a board's microphone and speaker, one interrupt for each
 * 10 ms of sound. Out: four tasks that pre-empt each other, and who executed how many instructions.
 *
 * | task       | priority | woken by               | does                                   | must be done within |
 * | ---------- | -------- | ---------------------- | -------------------------------------- | ------------------- |
 * | music      | 5        | each block             | one block, then decodes ahead          | 20 ms (the ring)    |
 * | capture    | 4        | each block             | features of one block                  | 80 ms (the queue)   |
 * | recognizer | 3        | capture                | slices of at most 2 ms                 | an encoder step     |
 * | javascript | 2        | each block             | events, timers, console lines          | 300 ms (the effect) |
 * | idle       | 0        |                        | sleeps                                 |                     |
 *
 * A recogniser that is behind for good would starve scripts, which are the ones to say so: when they have waited for
 * two blocks they get the recogniser's priority for one piece of work, or what fits into one block of it. */
#ifndef EARSHOT_PORT_FREERTOS_H
#define EARSHOT_PORT_FREERTOS_H

#include "earshot/runtime.h"

typedef enum es_microphone {
    ES_MICROPHONE_SOUND,   /* `samples` holds a block */
    ES_MICROPHONE_SILENCE, /* nothing is connected, or nobody speaks any more */
    ES_MICROPHONE_ENDED,   /* as silence, and the sound before it was the last */
    ES_MICROPHONE_LOST,    /* a block came and could not be kept */
    ES_MICROPHONE_NONE     /* no block waits */
} es_microphone;

typedef struct es_freertos_config {
    es_runtime *runtime;
    /* Capture task: the next block of 160 samples. */
    es_microphone (*microphone)(int16_t *samples);
    /* Music task: takes 480 stereo frames; returns how many blocks were missing so far. */
    uint64_t (*speaker)(const int16_t *frames);
    /* JavaScript's task, once, before the first block: opens the machine; then the board's sound may start. */
    void (*start)(void);
    uint64_t (*instructions)(void);               /* the CPU's clock; also called by the kernel and by interrupts */
    void (*switched)(unsigned task, uint64_t at); /* NULL, or told who runs from `at` on; 0 is idle */
    bool music_last;                              /* for the test that must fail: music below the recogniser */
} es_freertos_config;

#define ES_FREERTOS_TASKS 5 /* idle, music, capture, recognizer, javascript: the order of all tables here */

typedef struct es_freertos_stats {
    uint64_t instructions[ES_FREERTOS_TASKS];
    uint64_t busiest_second;                                               /* instructions of all but idle */
    uint32_t stack_size[ES_FREERTOS_TASKS], stack_used[ES_FREERTOS_TASKS]; /* bytes */
} es_freertos_stats;

/* To be given to es_runtime_init, before the tasks run. */
extern const es_tasking es_freertos_tasking;

extern const char *const es_freertos_names[ES_FREERTOS_TASKS];

/* Does not return. */
void es_freertos_run(const es_freertos_config *config);
/* The interrupt of the sound device, after each block. */
void es_freertos_block_from_isr(void);
/* JavaScript's task has something to do without a block. */
void es_freertos_wake_script_from_isr(void);
/* Lowest address of JavaScript's stack, for the engine's own check. */
void *es_freertos_script_stack(void);
void es_freertos_stats_read(es_freertos_stats *stats);

#endif
