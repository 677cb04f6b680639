/* What is heard with a list of names, for recordings; and what an exchange of names costs.
 *
 *     bias MODEL [letter=Q10] [paid=LETTERS] [class=SIXTEENTHS] [width=N] [live]
 *
 * Standard input: for each recording u32 bytes of a list (earshot/bias.h; 0: no names), u32 samples, the list, the
 * samples (s16, 16 kHz). Standard output: one JSON object a recording. A recording is one utterance, end-pointers are
 * off; with `live` they are on, and the words of all utterances are joined. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../native/decoder/bias.h"
#include "earshot/recognizer.h"

#define HOP ES_FEATURE_HOP
#define MAX_TEXT 65536

typedef struct run {
    es_recognizer *recognizer;
    es_features *features;
    es_bias *bias;
    bool live;
    int class_weight; /* in place of the list's; -1: as it says */
    char text[MAX_TEXT];
    size_t used;
    es_work work;
} run;

static void take_text(run *r, const es_recognizer_event *event) {
    if (event->type != ES_FINAL || r->used + event->text_length + 2 > MAX_TEXT)
        return;
    if (r->used > 0)
        r->text[r->used++] = ' ';
    memcpy(r->text + r->used, event->text, event->text_length);
    r->used += event->text_length;
}

static void drain(run *r, uint32_t *utterance) {
    es_recognizer_event event;
    while (es_recognizer_busy(r->recognizer)) {
        bool over = false;
        es_recognizer_step(r->recognizer, 0, &r->work);
        while (es_recognizer_poll(r->recognizer, &event)) {
            take_text(r, &event);
            over |= (event.type == ES_FINAL || event.type == ES_TIMEOUT) && event.reason != ES_END_INPUT;
        }
        if (over)
            es_recognizer_continue(r->recognizer, ++*utterance);
    }
}

static void hear(run *r, const int16_t *sound, uint32_t samples) {
    es_work unused = {0};
    uint32_t utterance = 1;
    r->used = 0;
    r->work = (es_work){0};
    es_recognizer_hooks(r->recognizer, es_bias_ready(r->bias), NULL);
    es_recognizer_start(r->recognizer, utterance);
    es_features_reset(r->features);
    for (uint32_t at = 0; at < samples + 2 * HOP; at += HOP) {
        int16_t hop[HOP] = {0};
        int8_t frame[ES_FEATURE_BINS];
        for (uint32_t i = 0; i < HOP && at + i < samples; i++)
            hop[i] = sound[at + i];
        if (es_features_push(r->features, hop, frame, &unused))
            es_recognizer_push(r->recognizer, frame);
        drain(r, &utterance);
    }
    es_recognizer_finish(r->recognizer);
    drain(r, &utterance);
    r->text[r->used] = 0;
}

static void weigh_classes(uint8_t *list, int weight) {
    uint32_t at = 4;
    for (uint8_t k = 0; k < list[1]; k++) {
        list[at] = list[at + 2 + list[at + 1]] > 0 ? (uint8_t)weight : list[at];
        at += 2u + list[at + 1];
        for (uint8_t phrases = list[at++]; phrases > 0; phrases--)
            at += 1u + list[at];
    }
}

/* Returns counted instructions of the exchange. */
static uint64_t exchange(es_bias *bias, const uint8_t *list, uint32_t bytes) {
    static const uint8_t none[4] = {ES_BIAS_VERSION};
    es_work work = {0};
    uint32_t where = 0;
    es_status status = es_bias_set(bias, bytes > 0 ? list : none, bytes > 0 ? bytes : 4, &where, &work);
    if (status != ES_OK) {
        fprintf(stderr, "bias: the list is bad at byte %u: %s\n", where, es_status_name(status));
        exit(2);
    }
    es_bias_begin(bias);
    es_bias_build(bias, 0, &work);
    return work.instructions;
}

static void *load(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    *bytes = (size_t)ftell(file);
    rewind(file);
    void *data = aligned_alloc(64, (*bytes + 64) & ~(size_t)63);
    if (data == NULL || fread(data, 1, *bytes, file) != *bytes)
        return NULL;
    fclose(file);
    return data;
}

static int option(const char *text, const char *name, int otherwise) {
    size_t length = strlen(name);
    return strncmp(text, name, length) == 0 && text[length] == '=' ? atoi(text + length + 1) : otherwise;
}

static bool open_run(run *r, es_model *model, int argc, char **argv) {
    es_recognizer_config config = {.frame_queue = 64, .max_words = 400};
    int letter = -1, paid = -1;
    r->class_weight = -1;
    for (int i = 2; i < argc; i++) {
        letter = option(argv[i], "letter", letter);
        paid = option(argv[i], "paid", paid);
        r->class_weight = option(argv[i], "class", r->class_weight);
        config.search.width = (uint8_t)option(argv[i], "width", config.search.width);
        r->live |= strcmp(argv[i], "live") == 0;
    }
    if (!r->live) {
        model->endpoint_frames_final = model->endpoint_frames_speculative = 60000;
        model->timeout_frames = model->max_frames = 60000;
    }
    es_arena arena;
    size_t need = es_recognizer_bytes(model, &config) + es_features_bytes() + es_bias_bytes() + 64;
    es_arena_init(&arena, malloc(need), need);
    if (es_recognizer_init(&r->recognizer, &arena, model, &config) != ES_OK ||
        es_features_init(&r->features, &arena) != ES_OK || es_bias_init(&r->bias, &arena, model) != ES_OK)
        return false;
    if (letter >= 0)
        r->bias->letter_bonus = (uint16_t)letter;
    if (paid >= 0)
        r->bias->paid_letters = (uint16_t)paid;
    return true;
}

int main(int argc, char **argv) {
    static run r;
    size_t bytes = 0;
    es_model model;
    void *data = argc > 1 ? load(argv[1], &bytes) : NULL;
    if (data == NULL || es_model_open(&model, data, bytes, NULL) != ES_OK || !open_run(&r, &model, argc, argv)) {
        fprintf(stderr, "bias: the model cannot be opened\n");
        return 2;
    }
    for (uint32_t head[2]; fread(head, 4, 2, stdin) == 2;) {
        uint8_t *list = malloc(head[0] + 1);
        int16_t *sound = malloc(2 * (size_t)head[1] + 2);
        if (fread(list, 1, head[0], stdin) != head[0] || fread(sound, 2, head[1], stdin) != head[1])
            return 2;
        if (head[0] > 0 && r.class_weight >= 0)
            weigh_classes(list, r.class_weight);
        uint64_t cost = exchange(r.bias, list, head[0]);
        es_bias_counts counts;
        es_bias_count(r.bias, &counts);
        hear(&r, sound, head[1]);
        printf("{\"text\":\"%s\",\"exchange\":%llu,\"names\":%u,\"unspelled\":%u,\"nodes\":%u,\"instructions\":%llu,"
               "\"samples\":%u}\n",
               r.text, (unsigned long long)cost, counts.names, counts.unspelled, counts.nodes,
               (unsigned long long)r.work.instructions, head[1]);
        free(list);
        free(sound);
    }
    return 0;
}
