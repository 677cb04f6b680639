/* The C recogniser against the integers that PyTorch computed (models/training/earshot_training/network_golden.py),
 * bit by bit, with every table of kernels, whole steps and single row groups. NAME.bin in test/native/golden belongs to
 * NAME.esm there or in models/. */
#include <dirent.h>
#include <unistd.h>

#include "../../native/base/crc32.h"
#include "../../native/decoder/decoder.h"
#include "check.h"

#define HEADER 40

typedef struct golden {
    uint32_t crc, frames, steps, units, joint, rows, labels;
    const int8_t *frame, *h;
    const uint8_t *je, *logits, *label, *step;
} golden;

static es_model model;
static const es_kernels *kernels;
static uint32_t budget;

static uint32_t read32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool parse(golden *g, const uint8_t *data, size_t bytes) {
    if (bytes < HEADER || memcmp(data, "ESGOLD1\n", 8) != 0)
        return false;
    *g = (golden){read32(data + 8),
                  read32(data + 12),
                  read32(data + 16),
                  read32(data + 20),
                  read32(data + 24),
                  read32(data + 28),
                  read32(data + 32),
                  NULL,
                  NULL,
                  NULL,
                  NULL,
                  NULL,
                  NULL};
    g->frame = (const int8_t *)data + HEADER;
    g->h = g->frame + (size_t)g->frames * ES_FEATURE_BINS;
    g->je = (const uint8_t *)g->h + (size_t)g->steps * g->units;
    g->logits = g->je + (size_t)g->steps * g->joint * 2;
    g->label = g->logits + (size_t)g->steps * g->rows * 2;
    g->step = g->label + (size_t)g->labels * 2;
    return g->step + (size_t)g->labels * 2 == data + bytes;
}

/* The labels that step `t` gave are the next ones of the vectors. */
static void follow_labels(const es_recognizer *r, const golden *g, uint32_t t, uint32_t *labels) {
    const es_trellis *trellis = &r->beam.trellis;
    uint16_t node = r->beam.closed[0].stand.node;
    uint32_t count = trellis->nodes[node].depth;
    for (uint32_t at = count; at-- > *labels && at < g->labels;) {
        const es_arc *arc = &trellis->arcs[es_trellis_best(trellis, node)];
        CHECK_EQ(arc->label, g->label[2 * at] | g->label[2 * at + 1] << 8);
        CHECK_EQ(t, g->step[2 * at] | g->step[2 * at + 1] << 8);
        node = arc->from;
    }
    *labels = count;
}

/* Compares what the recogniser holds after each slice with step `t`, until that step is over. */
static void follow_step(es_recognizer *r, const golden *g, uint32_t t, uint32_t *labels) {
    es_work work = {0};
    bool looked = false;
    while (es_recognizer_frames(r) == t) {
        es_phase before = r->phase;
        es_recognizer_step(r, budget, &work);
        if (before == PHASE_OUTPUT && r->phase != PHASE_OUTPUT && !looked) {
            looked = true;
            CHECK(memcmp(r->logits, g->logits + (size_t)t * g->rows * 2, g->rows * 2) == 0);
        }
    }
    follow_labels(r, g, t, labels);
    CHECK(memcmp(r->h[model.layers - 1][r->now], g->h + (size_t)t * g->units, g->units) == 0);
    CHECK(memcmp(r->encoder_part, g->je + (size_t)t * g->joint * 2, g->joint * 2) == 0);
    es_recognizer_event event;
    while (es_recognizer_poll(r, &event))
        ;
    r->words.full = r->ended = false;
    es_words_clear(&r->words);
}

/* A beam of one hypothesis is the greedy search of the vectors; random models spread their probability so thinly that
 * even the best label may be far below the step's first blank. The vectors know no language model. */
static void follow(const golden *g) {
    es_recognizer_config config = {
        .frame_queue = 100,
        .max_words = 1000,
        .kernels = kernels,
        .search = {.width = 1, .beam = 20000, .labels = 20000, .nodes = 8192, .no_lattice = true, .no_language = true}};
    size_t bytes = es_recognizer_bytes(&model, &config);
    void *memory = malloc(bytes + 16);
    es_arena arena;
    es_recognizer *r;
    es_arena_init(&arena, memory, bytes + 16);
    CHECK_EQ(es_recognizer_init(&r, &arena, &model, &config), ES_OK);
    uint32_t labels = 0, frame = 0;
    for (uint32_t t = 0; t < g->steps; t++) {
        for (uint32_t i = 0; i < model.stack; i++, frame++)
            CHECK_EQ(es_recognizer_push(r, g->frame + (size_t)frame * ES_FEATURE_BINS), ES_OK);
        follow_step(r, g, t, &labels);
    }
    CHECK_EQ(labels, g->labels);
    free(memory);
}

static void check_pair(const char *name) {
    char path[1024];
    size_t model_bytes, golden_bytes;
    golden g;
    int stem = (int)strlen(name) - 4;
    snprintf(path, sizeof path, "%s/%.*s.esm", ES_GOLDEN, stem, name);
    if (access(path, R_OK) != 0)
        snprintf(path, sizeof path, "%s/%.*s.esm", ES_MODELS, stem, name);
    uint8_t *model_data = check_load(path, &model_bytes);
    snprintf(path, sizeof path, "%s/%s", ES_GOLDEN, name);
    uint8_t *golden_data = check_load(path, &golden_bytes);
    CHECK_EQ(es_model_open(&model, model_data, model_bytes, NULL), ES_OK);
    if (CHECK(parse(&g, golden_data, golden_bytes)) && CHECK_EQ(g.crc, es_crc32(0, model_data, model_bytes)) &&
        CHECK_EQ(g.frames, g.steps * model.stack) && CHECK_EQ(g.joint, model.joint_encoder.rows) &&
        CHECK_EQ(g.rows, model.output.rows) && CHECK_EQ(g.units, model.lstm[model.layers - 1].units)) {
        /* The vectors know no end-pointer. */
        model.endpoint_frames_final = model.endpoint_frames_speculative = 60000;
        model.endpoint_least_final = model.endpoint_least_speculative = 60000;
        model.timeout_frames = model.max_frames = 60000;
        for (unsigned i = 0; (kernels = es_kernels_at(i)) != NULL; i++) {
            budget = 0;
            follow(&g);
            budget = 1;
            follow(&g);
        }
        printf("     %s: %u steps, %u labels\n", name, g.steps, g.labels);
    }
    free(model_data);
    free(golden_data);
}

static void every_integer_is_that_of_pytorch(void) {
    DIR *entries = opendir(ES_GOLDEN);
    unsigned pairs = 0;
    if (!CHECK(entries != NULL))
        return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".bin") == 0) {
            check_pair(entry->d_name);
            pairs++;
        }
    }
    closedir(entries);
    CHECK(pairs >= 2);
}

int main(void) {
    RUN(every_integer_is_that_of_pytorch);
    DONE();
}
