/* A recogniser and features for the tests of the runtime: hears loudness, costs what the test says.
 * A step of six frames with a loud frame in it adds a word, four steps without one after words are SPECULATIVE, eight
 * FINAL; twenty steps without any word are a TIMEOUT.
 * Included by one test only: its functions stand in for those of native/decoder and native/features. */
#ifndef EARSHOT_TEST_RUNTIME_FAKE_H
#define EARSHOT_TEST_RUNTIME_FAKE_H

#include <stdlib.h>
#include <string.h>

#include "earshot/runtime.h"

#define FAKE_STACK 6
#define FAKE_SPECULATIVE 4
#define FAKE_FINAL 8
#define FAKE_TIMEOUT 20

static uint64_t fake_step_cost = 1000000; /* instructions */
static uint64_t fake_hop_cost = 20000;
static uint64_t fake_narrow_cost; /* of a step at a width of 2; 0: as wide */
static uint64_t fake_greedy_cost; /* at 1; 0: as at 2 */
static uint32_t fake_hops;        /* pushed through the features since the last set to 0 */

#define FAKE_LOUD 8
#define MOST_WORDS 64
#define QUEUE 512

struct es_features {
    int hops;
};

size_t es_features_bytes(void) { return es_arena_need(sizeof(es_features)); }

es_status es_features_init(es_features **features, es_arena *arena) {
    *features = es_arena_take(arena, sizeof **features);
    return *features ? ES_OK : ES_E_MEMORY;
}

void es_features_reset(es_features *features) { features->hops = 0; }

bool es_features_push(es_features *features, const int16_t hop[ES_FEATURE_HOP], int8_t frame[ES_FEATURE_BINS],
                      es_work *work) {
    int loudest = 0;
    for (int k = 0; k < ES_FEATURE_HOP; k++) {
        loudest = abs(hop[k]) > loudest ? abs(hop[k]) : loudest;
    }
    memset(frame, 0, ES_FEATURE_BINS);
    frame[0] = (int8_t)(loudest / 257);
    work->instructions += fake_hop_cost;
    fake_hops++;
    return ++features->hops >= 3;
}

struct es_recognizer {
    int8_t frame[QUEUE];
    uint32_t size, waiting, taken, steps, utterance;
    uint64_t spent, cost; /* of the step under way */
    bool loud;
    int words, silent;
    uint16_t revision;
    bool speculated, finishing, ended, giving_up;
    uint8_t width;
    es_recognizer_event pending[2];
    int pending_count;
    es_word word[MOST_WORDS];
    char text[4 * MOST_WORDS];
};

size_t es_recognizer_bytes(const es_model *model, const es_recognizer_config *config) {
    (void)model;
    (void)config;
    return es_arena_need(sizeof(es_recognizer));
}

es_status es_recognizer_init(es_recognizer **recognizer, es_arena *arena, const es_model *model,
                             const es_recognizer_config *config) {
    *recognizer = es_arena_take(arena, sizeof **recognizer);
    if (!*recognizer || model->stack != FAKE_STACK || config->frame_queue > QUEUE) {
        return ES_E_MEMORY;
    }
    (*recognizer)->size = config->frame_queue;
    return ES_OK;
}

void es_recognizer_continue(es_recognizer *r, uint32_t utterance) {
    r->utterance = utterance;
    r->words = r->silent = r->revision = 0;
    r->speculated = r->ended = r->giving_up = false;
    r->spent = 0;
    r->pending_count = 0;
}

void es_recognizer_start(es_recognizer *r, uint32_t utterance) {
    r->waiting = r->taken = r->steps = 0;
    r->finishing = false;
    es_recognizer_continue(r, utterance);
}

es_status es_recognizer_push(es_recognizer *r, const int8_t frame[ES_FEATURE_BINS]) {
    if (r->waiting == r->size) {
        return ES_E_FULL;
    }
    r->frame[r->waiting++] = frame[0];
    return ES_OK;
}

static const es_bias_hook *fake_names; /* as the last call of es_recognizer_hooks says */

void es_recognizer_hooks(es_recognizer *r, const es_bias_hook *bias, const es_ngram_hook *ngram) {
    (void)r;
    (void)ngram;
    fake_names = bias;
}

void es_recognizer_skip(es_recognizer *r) { (void)r; }

uint32_t es_recognizer_give_up(es_recognizer *r) {
    uint32_t dropped = r->waiting;
    r->waiting = 0;
    r->giving_up = true;
    return dropped;
}

bool es_recognizer_hold(es_recognizer *r, uint32_t utterance, uint16_t revision) {
    return r->utterance == utterance && r->revision == revision && r->speculated && !r->ended;
}

void es_recognizer_width(es_recognizer *r, uint8_t width) { r->width = width; }

static uint64_t cost_of_step(const es_recognizer *r) {
    uint64_t narrow = fake_narrow_cost ? fake_narrow_cost : fake_step_cost;
    return r->width > 2 || r->width == 0       ? fake_step_cost
           : r->width == 1 && fake_greedy_cost ? fake_greedy_cost
                                               : narrow;
}

void es_recognizer_finish(es_recognizer *r) { r->finishing = true; }

bool es_recognizer_busy(const es_recognizer *r) {
    return !r->ended && r->pending_count == 0 &&
           (r->waiting >= FAKE_STACK || r->finishing || r->giving_up || r->spent > 0);
}

static void tell(es_recognizer *r, es_recognizer_event_type type, es_end_reason reason) {
    r->pending[r->pending_count++] = (es_recognizer_event){
        .type = type,
        .reason = reason,
        .t = ((int64_t)r->taken - 1) * ES_FEATURE_HOP + ES_FEATURE_WINDOW,
        .utterance = r->utterance,
        .revision = r->revision,
    };
    r->ended = type == ES_FINAL || type == ES_TIMEOUT;
}

static void hear(es_recognizer *r, bool loud) {
    if (loud && r->words < MOST_WORDS) {
        if (r->speculated) {
            tell(r, ES_RESET, ES_END_NONE);
            r->revision++;
            r->speculated = false;
        }
        r->word[r->words] = (es_word){.start = ((int64_t)r->taken - FAKE_STACK) * ES_FEATURE_HOP,
                                      .end = (int64_t)r->taken * ES_FEATURE_HOP,
                                      .text_offset = (uint16_t)(4 * r->words),
                                      .confidence = ES_CONFIDENCE_UNKNOWN,
                                      .text_length = 3};
        memcpy(r->text + 4 * r->words, "hey ", 4);
        r->words++;
        r->silent = 0;
        tell(r, ES_PARTIAL, ES_END_NONE);
        return;
    }
    r->silent++;
    if (r->words == 0 && r->silent == FAKE_TIMEOUT) {
        tell(r, ES_TIMEOUT, ES_END_PAUSE);
    } else if (r->words > 0 && r->silent == FAKE_SPECULATIVE) {
        r->speculated = true;
        tell(r, ES_SPECULATIVE, ES_END_NONE);
    } else if (r->words > 0 && r->silent == FAKE_FINAL) {
        tell(r, ES_FINAL, ES_END_PAUSE);
    }
}

void es_recognizer_step(es_recognizer *r, uint32_t instructions, es_work *work) {
    uint64_t cost = r->spent > 0 ? r->cost : cost_of_step(r);
    uint64_t left = cost - r->spent;
    uint64_t now = instructions == 0 || left < instructions ? left : instructions;
    if (!es_recognizer_busy(r)) {
        return;
    }
    if (r->giving_up && r->spent == 0) {
        tell(r, r->words > 0 ? ES_FINAL : ES_TIMEOUT, ES_END_OVERLOAD);
        return;
    }
    if (r->spent == 0 && r->waiting < FAKE_STACK) {
        r->taken += r->waiting;
        r->waiting = 0;
        tell(r, r->words > 0 ? ES_FINAL : ES_TIMEOUT, ES_END_INPUT);
        return;
    }
    if (r->spent == 0) { /* a step takes its frames when it begins */
        r->cost = cost;
        r->loud = false;
        for (int k = 0; k < FAKE_STACK; k++) {
            r->loud = r->loud || r->frame[k] >= FAKE_LOUD;
        }
        r->taken += FAKE_STACK;
        r->waiting -= FAKE_STACK;
        memmove(r->frame, r->frame + FAKE_STACK, r->waiting);
    }
    work->instructions += now;
    r->spent += now;
    if (r->spent < cost) {
        return;
    }
    r->spent = 0;
    r->steps++;
    hear(r, r->loud);
}

bool es_recognizer_poll(es_recognizer *r, es_recognizer_event *event) {
    if (r->pending_count == 0) {
        return false;
    }
    *event = r->pending[0];
    event->text = r->text;
    event->words = r->word;
    event->word_count = (uint16_t)r->words;
    event->text_length = (uint16_t)(r->words ? 4 * r->words - 1 : 0);
    r->pending[0] = r->pending[1];
    r->pending_count--;
    return true;
}

uint32_t es_recognizer_backlog(const es_recognizer *r) { return r->waiting; }
uint32_t es_recognizer_frames(const es_recognizer *r) { return r->steps; }

#endif
