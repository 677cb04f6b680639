#include "earshot/echo.h"

#include <string.h>

#include "reference.h"

#ifndef ES_NO_SPEEXDSP

#include "os_support_custom.h"
#include "speex/speex_echo.h"

#define DEFAULT_TAIL 1600
#define LEAST_TAIL (2 * ES_ECHO_BLOCK)
#define LONGEST_TAIL 4096
/* Nominal RV32IMAC instructions of one block, measured on an emulated RV32 with gcc 12 -O2 (README.md). */
#define COST_BLOCK 453000
#define COST_PARTITION 18200
#define COST_PASS 2000

struct es_echo {
    es_echo_config config;
    uint8_t *memory; /* SpeexDSP's */
    SpeexEchoState *speex;
    es_reference reference;
    bool active;
};

/* SpeexDSP asks for its memory by size alone, while a canceller is made: this is where it comes from then. */
static struct {
    uint8_t *at, *end;
    bool failed;
} taking;

void *es_echo_take(int bytes) {
    size_t need = es_arena_need((size_t)bytes);
    void *block = taking.at;
    if ((size_t)(taking.end - taking.at) < need) {
        taking.failed = true; /* it does not look at what it gets: what is there is better than nothing */
        return taking.end - need;
    }
    taking.at += need;
    return block;
}

static bool settle(es_echo_config *config) {
    config->tail = config->tail ? config->tail : DEFAULT_TAIL;
    return config->delay <= ES_ECHO_LONGEST_DELAY && config->tail >= LEAST_TAIL && config->tail <= LONGEST_TAIL;
}

static size_t partitions(const es_echo_config *config) { return (config->tail + ES_ECHO_BLOCK - 1u) / ES_ECHO_BLOCK; }

/* What speex_echo_state_init takes for blocks of F samples, windows of N = 2 F and M partitions: mdf.c's list, with a
 * rounding each. */
static size_t speex_bytes(const es_echo_config *config) {
    enum { F = ES_ECHO_BLOCK, N = 2 * F, STRUCTS = 512, ROUNDING = 48 * 16 };
    size_t m = partitions(config);
    size_t by_partition = (N * 2 + N * 4 + N * 2) * m + N * 2; /* X, W, foreground */
    size_t vectors = 9 * N * 2 + N * 4 + 7 * (F + 1) * 4 + 4 * F * 2;
    size_t transform = 2 * (STRUCTS + F * 4 + 3 * F * 4) + N * 4;
    return es_arena_need(by_partition + vectors + transform + STRUCTS + 2 * m + ROUNDING);
}

size_t es_echo_bytes(const es_echo_config *config) {
    es_echo_config settled = *config;
    return settle(&settled) ? es_arena_need(sizeof(es_echo)) + speex_bytes(&settled) : 0;
}

/* Makes SpeexDSP's state anew: its own reset keeps some of what was learnt, and a run would depend on the one before.
 */
static bool begin(es_echo *echo) {
    size_t bytes = speex_bytes(&echo->config);
    int rate = 16000;
    memset(echo->memory, 0, bytes);
    taking.at = echo->memory;
    taking.end = echo->memory + bytes;
    taking.failed = false;
    echo->speex = speex_echo_state_init(ES_ECHO_BLOCK, echo->config.tail);
    if (!taking.failed) {
        speex_echo_ctl(echo->speex, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    }
    es_reference_clear(&echo->reference);
    echo->active = false;
    return !taking.failed;
}

es_status es_echo_init(es_echo **echo, es_arena *arena, const es_echo_config *config) {
    es_echo_config settled = *config;
    if (!settle(&settled)) {
        return ES_E_ARGUMENT;
    }
    es_echo *made = es_arena_take(arena, sizeof *made);
    uint8_t *memory = made ? es_arena_take(arena, speex_bytes(&settled)) : NULL;
    if (!memory) {
        return ES_E_MEMORY;
    }
    made->config = settled;
    made->memory = memory;
    if (!begin(made)) {
        return ES_E_MEMORY;
    }
    *echo = made;
    return ES_OK;
}

void es_echo_reset(es_echo *echo) { begin(echo); }

void es_echo_played(es_echo *echo, int64_t end, const int16_t played[2 * ES_ECHO_PLAYED_BLOCK], es_work *work) {
    es_reference_push(&echo->reference, end, played, work);
}

/* What was played may still be heard: it works until every partition holds silence, so that it wakes up clean. */
static bool may_be_heard(const es_echo *echo, int64_t start) {
    int64_t reach = (int64_t)(partitions(&echo->config) + 2) * ES_ECHO_BLOCK;
    return echo->reference.sounded > start - echo->config.delay - reach;
}

/* From the one to the other in a block, so that waking and falling asleep make no step. */
static void cross(const int16_t *from, const int16_t *to, int16_t *out) {
    for (int32_t k = 0; k < ES_ECHO_BLOCK; k++) {
        out[k] = (int16_t)(from[k] + (to[k] - from[k]) * k / ES_ECHO_BLOCK);
    }
}

void es_echo_hear(es_echo *echo, int64_t end, const int16_t heard[ES_ECHO_BLOCK], int16_t out[ES_ECHO_BLOCK],
                  es_work *work) {
    int64_t start = end - ES_ECHO_BLOCK;
    bool wanted = may_be_heard(echo, start), before = echo->active;
    int16_t reference[ES_ECHO_BLOCK], clean[ES_ECHO_BLOCK];
    echo->active = wanted;
    if (!wanted && !before) {
        memmove(out, heard, ES_ECHO_BLOCK * sizeof out[0]);
        work->instructions += COST_PASS;
        return;
    }
    es_reference_read(&echo->reference, start - echo->config.delay, reference);
    speex_echo_cancellation(echo->speex, heard, reference, clean);
    work->instructions += COST_BLOCK + COST_PARTITION * partitions(&echo->config);
    if (wanted && before) {
        memcpy(out, clean, sizeof clean);
    } else if (wanted) {
        cross(heard, clean, out);
    } else {
        cross(clean, heard, out);
    }
}

bool es_echo_active(const es_echo *echo) { return echo->active; }

#else /* a PC without the program that fetches SpeexDSP: nobody may think that there is a canceller */

size_t es_echo_bytes(const es_echo_config *config) {
    (void)config;
    return 0;
}

es_status es_echo_init(es_echo **echo, es_arena *arena, const es_echo_config *config) {
    (void)echo;
    (void)arena;
    (void)config;
    return ES_E_UNSUPPORTED;
}

void es_echo_reset(es_echo *echo) { (void)echo; }

void es_echo_played(es_echo *echo, int64_t end, const int16_t played[2 * ES_ECHO_PLAYED_BLOCK], es_work *work) {
    (void)echo;
    (void)end;
    (void)played;
    (void)work;
}

void es_echo_hear(es_echo *echo, int64_t end, const int16_t heard[ES_ECHO_BLOCK], int16_t out[ES_ECHO_BLOCK],
                  es_work *work) {
    (void)echo;
    (void)end;
    (void)work;
    memmove(out, heard, ES_ECHO_BLOCK * sizeof out[0]);
}

bool es_echo_active(const es_echo *echo) {
    (void)echo;
    return false;
}

#endif
