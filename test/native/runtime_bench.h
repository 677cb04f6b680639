/* What the tests of the runtime share: a bench that plays a piece of one constant value to the speaker, speaks to the
 * microphone and keeps what was heard and played. The recogniser is a fake one that hears loudness (runtime_fake.h). */
#ifndef EARSHOT_TEST_RUNTIME_BENCH_H
#define EARSHOT_TEST_RUNTIME_BENCH_H

#include "earshot/runtime.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "runtime_fake.h"

#define LOUD 8000  /* of the music and of speech */
#define SECOND 100 /* ticks */
#define MOST_TICKS 1500
#define MOST_EVENTS 600

typedef struct heard {
    es_event event[MOST_EVENTS];
    uint8_t hypothesis[MOST_EVENTS][64];
    int count;
    int64_t at[MOST_EVENTS]; /* capture time of delivery */
    uint64_t cost;           /* instructions of each delivery */
    bool stop_after_final;
} heard;

typedef struct bench {
    es_arena arena;
    es_runtime *runtime;
    es_model model;
    es_runtime_config config;
    heard heard;
    int16_t *played; /* [MOST_TICKS * 480 * 2] */
    int ticks;
    uint8_t *piece; /* WAV of constant LOUD */
    size_t piece_bytes;
} bench;

static bench b;

static inline uint64_t deliver(void *context, const es_event *event) {
    bench *at = context;
    heard *h = &at->heard;
    if (h->count < MOST_EVENTS) {
        h->event[h->count] = *event;
        memcpy(h->hypothesis[h->count], event->hypothesis ? event->hypothesis : (const uint8_t *)"",
               event->hypothesis_bytes > 64 ? 64 : event->hypothesis_bytes);
        h->event[h->count].hypothesis = NULL;
        h->at[h->count++] = (int64_t)at->ticks * ES_TICK_SAMPLES + ES_TICK_SAMPLES;
    }
    if (h->stop_after_final && event->type == ES_EVENT_FINAL) {
        es_runtime_listen(at->runtime, false);
    }
    return h->cost;
}

/* A WAV of `frames` stereo frames of one value. */
static inline uint8_t *make_piece(uint32_t frames, int value, size_t *bytes) {
    static const uint8_t head[44] = {'R', 'I', 'F', 'F', 0,  0, 0,   0,   'W', 'A',  'V',  'E',  'f',  'm', 't',
                                     ' ', 16,  0,   0,   0,  1, 0,   2,   0,   0x80, 0xbb, 0,    0,    0,   0xee,
                                     2,   0,   4,   0,   16, 0, 'd', 'a', 't', 'a',  0xff, 0xff, 0xff, 0xff};
    uint8_t *piece = malloc(44 + (size_t)frames * 4);
    memcpy(piece, head, 44);
    for (uint32_t k = 0; k < 2 * frames; k++) {
        piece[44 + 2 * k] = (uint8_t)value;
        piece[45 + 2 * k] = (uint8_t)(value >> 8);
    }
    *bytes = 44 + (size_t)frames * 4;
    return piece;
}

static inline void close_bench(void) {
    free(b.arena.base);
    free(b.played);
    free(b.piece);
    memset(&b, 0, sizeof b);
}

static inline void open_bench(uint32_t mips) {
    size_t bytes;
    close_bench();
    fake_step_cost = 1000000;
    fake_hop_cost = 20000;
    fake_narrow_cost = fake_greedy_cost = 0;
    b.model.stack = FAKE_STACK;
    b.config.model = &b.model;
    b.config.mips = mips;
    b.config.deliver = deliver;
    b.config.context = &b;
    b.config.prompts = true;
    b.played = malloc(MOST_TICKS * 1920);
    b.piece = make_piece(48000 * 15, LOUD, &b.piece_bytes);
    bytes = es_runtime_bytes(&b.config);
    es_arena_init(&b.arena, aligned_alloc(16, bytes), bytes);
}

static inline void start(void) {
    CHECK_EQ(es_runtime_init(&b.runtime, &b.arena, &b.config), ES_OK);
    CHECK_EQ(b.arena.used, b.arena.size); /* es_runtime_bytes tells the truth */
}

static inline void play_from_the_beginning(void) {
    CHECK_EQ(es_runtime_play(b.runtime, b.piece, b.piece_bytes, 0, 0), ES_OK);
}

/* Runs `ticks` of a room in which somebody says something (or nothing). */
static inline void run(int ticks, int loudness) {
    int16_t microphone[ES_TICK_SAMPLES];
    for (int k = 0; k < ES_TICK_SAMPLES; k++) {
        microphone[k] = (int16_t)((k & 1) ? loudness : -loudness);
    }
    while (ticks-- > 0 && b.ticks < MOST_TICKS) {
        es_runtime_tick(b.runtime, microphone, b.played + 960 * b.ticks);
        b.ticks++;
    }
}

static inline es_runtime_stats stats(void) {
    es_runtime_stats s;
    es_runtime_stats_read(b.runtime, &s);
    return s;
}

static const es_event *find(es_event_type type, int which) {
    for (int k = 0; k < b.heard.count; k++) {
        if (b.heard.event[k].type == type && which-- == 0) {
            return &b.heard.event[k];
        }
    }
    return NULL;
}

static inline int count(es_event_type type) {
    int n = 0;
    while (find(type, n)) {
        n++;
    }
    return n;
}

static inline int left_at(int64_t t) { return b.played[6 * t]; } /* of the played sound at capture time t */

#define DUCKED 1007 /* LOUD at -18 dB */

/* Somebody speaks for 0.6 s in a silent second before and three after. */
static inline void one_utterance(void) {
    run(SECOND, 0);
    run(60, LOUD);
    run(3 * SECOND, 0);
}

#endif
