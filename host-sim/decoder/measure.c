/* What the recogniser makes of recordings with known words: word errors of the first hypothesis, of the ten best and of
 * the whole lattice; on request what the end-pointers saw, or what they decided.
 *
 *     measure MODEL [width=N] [beam=Q10] [prune=Q10] [lattice=BYTES] [cache=N] [nodes=N] [arcs=N] [nolattice]
 *             [lm=Q8] [ilm=Q8] [reward=Q10] [penalty=Q10] [nolanguage] [raw] [steps | live]
 *
 * raw: confidence as the search has it, without the model's map, and nothing is rejected. steps: what the end-pointers
 * see of each encoder step. bytes: memory of a recogniser as the firmware has it, nothing else. live: the end-pointers
 * work, and the events of all utterances are told.
 *
 * Standard input: for each recording u32 bytes of text, u32 samples, the text, the samples (s16, 16 kHz). Without live
 * a recording is one utterance. Standard output: one JSON object a recording. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "earshot/lattice.h"
#include "earshot/recognizer.h"

#define MAX_WORDS 400
#define HOP ES_FEATURE_HOP

typedef struct words {
    char *word[MAX_WORDS];
    int count;
} words;

static es_lattice lattice;
static es_nbest memory;
static es_spelling spelling;

static void split(char *text, words *out) {
    out->count = 0;
    for (char *at = strtok(text, " "); at != NULL && out->count < MAX_WORDS; at = strtok(NULL, " "))
        out->word[out->count++] = at;
}

static int least(int a, int b) { return a < b ? a : b; }

static int distance(const words *a, const words *b) {
    int row[MAX_WORDS + 1];
    for (int j = 0; j <= b->count; j++)
        row[j] = j;
    for (int i = 1; i <= a->count; i++) {
        int corner = row[0];
        row[0] = i;
        for (int j = 1; j <= b->count; j++) {
            int up = row[j];
            row[j] = least(least(row[j], row[j - 1]) + 1, corner + (strcmp(a->word[i - 1], b->word[j - 1]) != 0));
            corner = up;
        }
    }
    return row[b->count];
}

/* Which words of `a` an alignment with the fewest errors takes for right. */
static void mark_right(const words *a, const words *b, bool *right) {
    static int cost[MAX_WORDS + 1][MAX_WORDS + 1];
    for (int i = 0; i <= a->count; i++)
        for (int j = 0; j <= b->count; j++) {
            int best = i + j;
            if (i > 0 && j > 0)
                best = least(least(cost[i - 1][j], cost[i][j - 1]) + 1,
                             cost[i - 1][j - 1] + (strcmp(a->word[i - 1], b->word[j - 1]) != 0));
            cost[i][j] = best;
        }
    for (int i = a->count, j = b->count; i > 0;) {
        bool same = j > 0 && strcmp(a->word[i - 1], b->word[j - 1]) == 0;
        right[i - 1] = false;
        if (j > 0 && cost[i][j] == cost[i - 1][j - 1] + !same) {
            right[--i] = same;
            j--;
        } else if (cost[i][j] == cost[i - 1][j] + 1) {
            i--;
        } else {
            j--;
        }
    }
}

/* Errors of the path of the lattice that comes nearest to the reference. */
static int oracle(const words *ref) {
    static int cost[ES_LATTICE_NODES][MAX_WORDS + 1];
    for (int n = 0; n < lattice.nodes; n++)
        for (int j = 0; j <= ref->count; j++)
            cost[n][j] = n == 0 ? j : 1 << 20;
    for (int n = 0; n + 1 < lattice.nodes; n++) {
        for (int j = 1; j <= ref->count; j++)
            cost[n][j] = least(cost[n][j], cost[n][j - 1] + 1);
        for (int e = lattice.first_edge[n]; e < lattice.first_edge[n + 1]; e++) {
            char text[512];
            uint32_t length = es_lattice_text(&lattice, &lattice.edge[e], &spelling, text, sizeof text - 1);
            int *to = cost[lattice.edge[e].to];
            text[length] = 0;
            for (int j = 0; j <= ref->count; j++) {
                to[j] = least(to[j], cost[n][j] + (length > 0));
                if (length > 0 && j < ref->count)
                    to[j + 1] = least(to[j + 1], cost[n][j] + (strcmp(text, ref->word[j]) != 0));
            }
        }
    }
    int *end = cost[lattice.nodes - 1];
    for (int j = 1; j <= ref->count; j++)
        end[j] = least(end[j], end[j - 1] + 1);
    return end[ref->count];
}

static int best_of_ten(const words *ref) {
    static es_path paths[ES_NBEST];
    int best = 1 << 20, found = es_lattice_nbest(&lattice, &spelling, &memory, paths, ES_NBEST, NULL);
    for (int i = 0; i < found; i++) {
        static char text[8192];
        size_t used = 0;
        words hypothesis;
        for (int k = 0; k < paths[i].edges && used < 7600; k++) {
            used += es_lattice_text(&lattice, &lattice.edge[paths[i].edge[k]], &spelling, text + used, 500);
            text[used++] = ' ';
        }
        text[used] = 0;
        split(text, &hypothesis);
        best = least(best, distance(&hypothesis, ref));
    }
    return best;
}

/* What the end-pointers saw, an array a step: label hash, words, spoke, pause, expected pause, eou, sound. */
#define MAX_STEPS 4000
static es_end_signs signs[MAX_STEPS];
static unsigned steps;
static bool with_steps, live, raw;
static int events;

static void note_step(const es_recognizer *r) {
    if (with_steps && steps < MAX_STEPS)
        es_recognizer_end_signs(r, &signs[steps++]);
}

static void report_steps(void) {
    printf("\"steps\":[");
    for (unsigned i = 0; i < steps; i++) {
        const es_end_signs *s = &signs[i];
        printf("%s[%u,%d,%d,%u,%u,%d,%d]", i > 0 ? "," : "", s->labels, s->words, s->spoke, s->pause, s->expected_q4,
               s->eou, s->sound_q3);
    }
    printf("],");
}

/* One line: the first hypothesis, confidence of its words with 1 for those that are right, errors, sizes, work. */
static void report(const es_recognizer *r, const es_recognizer_event *e, const words *ref, const es_work *work,
                   const es_search_stats *stats, uint32_t samples) {
    static char text[8192];
    words first = {.count = 0};
    uint16_t length = e == NULL ? 0 : e->text_length;
    if (length > 0)
        memcpy(text, e->text, length);
    text[length] = 0;
    printf("{\"text\":\"%s\",\"words\":%d,", text, ref->count);
    split(text, &first);
    bool right[MAX_WORDS];
    mark_right(&first, ref, right);
    printf("\"confidence\":[");
    for (int i = 0; e != NULL && i < e->word_count && i < first.count; i++)
        printf("%s[%.4f,%d]", i > 0 ? "," : "", e->words[i].confidence / 65534.0, right[i]);
    printf("],\"heard\":[");
    for (int i = 0; e != NULL && i < e->word_count && i < first.count; i++)
        printf("%s[%lld,%lld,%d]", i > 0 ? "," : "", (long long)e->words[i].start, (long long)e->words[i].end,
               e->words[i].acoustic);
    int errors = distance(&first, ref), ten = errors, nearest = errors, edges = first.count;
    if (e != NULL && e->lattice != NULL && es_lattice_read(&lattice, e->lattice, e->lattice_bytes, NULL) == ES_OK) {
        ten = best_of_ten(ref);
        nearest = oracle(ref);
        edges = lattice.edges;
    }
    printf("],\"errors\":%d,\"ten\":%d,\"oracle\":%d,\"edges\":%d,\"bytes\":%d,", errors, ten, nearest, edges,
           e == NULL ? 0 : e->lattice_bytes);
    es_end_signs last;
    es_recognizer_end_signs(r, &last);
    printf("\"mass\":%d,\"sure\":%d,", last.mass,
           e == NULL || e->confidence == ES_CONFIDENCE_UNKNOWN ? -1 : e->confidence);
    if (with_steps)
        report_steps();
    printf("\"samples\":%u,\"instructions\":%llu,\"macs\":%llu,\"weightBytes\":%llu,\"outputs\":%u,\"hits\":%u,"
           "\"misses\":%u,\"merges\":%u,\"skipped\":%u,\"collections\":%u,\"passes\":%u,\"quiet\":%u}\n",
           samples, (unsigned long long)work->instructions, (unsigned long long)work->macs,
           (unsigned long long)work->weight_bytes, stats->outputs, stats->cache_hits, stats->cache_misses,
           stats->merges, stats->skipped, stats->collections, stats->passes, stats->quiet);
}

/* One event of an utterance, as it comes. */
static void tell(const es_recognizer_event *e) {
    static const char *const types[] = {"partial", "speculative", "reset", "final", "timeout"};
    static const char *const reasons[] = {"", "pause", "eou", "length", "input", "overload", "unsure"};
    printf("%s[\"%s\",%lld,\"%s\",\"%.*s\",%d]", events++ > 0 ? "," : "{\"events\":[", types[e->type], (long long)e->t,
           reasons[e->reason], e->text_length, e->text == NULL ? "" : e->text,
           e->confidence == ES_CONFIDENCE_UNKNOWN ? -1 : e->confidence);
}

/* True when the recording is over. */
static bool follow(es_recognizer *r, const es_recognizer_event *e, const es_work *work, uint32_t samples) {
    tell(e);
    if (e->type != ES_FINAL && e->type != ES_TIMEOUT)
        return false;
    bool over = e->reason == ES_END_INPUT;
    es_recognizer_continue(r, e->utterance + 1);
    if (over)
        printf("],\"samples\":%u,\"instructions\":%llu}\n", samples, (unsigned long long)work->instructions);
    return over;
}

static bool drain(es_recognizer *r, es_work *work, const words *ref, uint32_t samples) {
    es_recognizer_event event;
    es_search_stats stats;
    while (es_recognizer_busy(r)) {
        es_recognizer_step(r, 0, work);
        note_step(r);
        while (es_recognizer_poll(r, &event)) {
            if (live) {
                if (follow(r, &event, work, samples))
                    return true;
                continue;
            }
            if (event.type != ES_FINAL && event.type != ES_TIMEOUT)
                continue;
            es_recognizer_search_stats(r, &stats);
            report(r, event.type == ES_FINAL ? &event : NULL, ref, work, &stats, samples);
            return true;
        }
    }
    return false;
}

static void hear(es_recognizer *r, es_features *features, const int16_t *sound, uint32_t samples, const words *ref) {
    es_work work = {0}, features_work = {0};
    es_recognizer_start(r, 1);
    es_features_reset(features);
    steps = 0;
    events = 0;
    for (uint32_t at = 0; at < samples + 2 * HOP; at += HOP) {
        int16_t hop[HOP] = {0};
        int8_t frame[ES_FEATURE_BINS];
        for (uint32_t i = 0; i < HOP && at + i < samples; i++)
            hop[i] = sound[at + i];
        if (es_features_push(features, hop, frame, &features_work))
            es_recognizer_push(r, frame);
        if (drain(r, &work, ref, samples))
            return;
    }
    es_recognizer_finish(r);
    drain(r, &work, ref, samples);
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

/* Weights of the model's own, tried in place of the file's. */
static bool set_weight(es_model *model, const char *text) {
    int value = strchr(text, '=') != NULL ? atoi(strchr(text, '=') + 1) : 0;
    if (strncmp(text, "lm=", 3) == 0)
        model->language_weight = (uint16_t)value;
    else if (strncmp(text, "ilm=", 4) == 0)
        model->internal_weight = (uint16_t)value;
    else if (strncmp(text, "reward=", 7) == 0)
        model->label_reward = (int16_t)value;
    else if (strncmp(text, "penalty=", 8) == 0)
        model->blank_penalty = (int16_t)value;
    else
        return false;
    return true;
}

static void set_option(es_search_options *o, const char *text) {
    int value = strchr(text, '=') != NULL ? atoi(strchr(text, '=') + 1) : 0;
    if (strncmp(text, "width=", 6) == 0)
        o->width = (uint8_t)value;
    else if (strncmp(text, "beam=", 5) == 0)
        o->beam = (int16_t)value;
    else if (strncmp(text, "labels=", 7) == 0)
        o->labels = (int16_t)value;
    else if (strncmp(text, "quiet=", 6) == 0)
        o->quiet = (int16_t)value;
    else if (strncmp(text, "prune=", 6) == 0)
        o->prune = (int16_t)value;
    else if (strncmp(text, "lattice=", 8) == 0)
        o->lattice = (uint16_t)value;
    else if (strncmp(text, "cache=", 6) == 0)
        o->cache = (uint16_t)value;
    else if (strncmp(text, "nodes=", 6) == 0)
        o->nodes = (uint16_t)value;
    else if (strncmp(text, "arcs=", 5) == 0)
        o->arcs = (uint16_t)value;
    else if (strcmp(text, "nolanguage") == 0)
        o->no_language = true;
    else if (strcmp(text, "steps") == 0)
        with_steps = true;
    else if (strcmp(text, "live") == 0)
        live = true;
    else if (strcmp(text, "raw") == 0)
        raw = true;
    else if (strcmp(text, "nolattice") == 0)
        o->no_lattice = true;
}

int main(int argc, char **argv) {
    size_t bytes = 0;
    es_model model;
    void *data = argc > 1 ? load(argv[1], &bytes) : NULL;
    if (data == NULL || es_model_open(&model, data, bytes, NULL) != ES_OK) {
        fprintf(stderr, "measure: the model cannot be opened\n");
        return 2;
    }
    spelling = (es_spelling){model.piece_offsets, model.piece_text, model.vocabulary};
    es_recognizer_config config = {.frame_queue = 64, .max_words = MAX_WORDS};
    for (int i = 2; i < argc; i++)
        if (!set_weight(&model, argv[i]))
            set_option(&config.search, argv[i]);
    if (!live) {
        model.endpoint_frames_final = model.endpoint_frames_speculative = 60000;
        model.endpoint_least_final = model.endpoint_least_speculative = 60000;
        model.timeout_frames = model.max_frames = 60000;
    }
    if (argc == 3 && strcmp(argv[2], "bytes") == 0) {
        printf("%zu\n", es_recognizer_bytes(&model, &(es_recognizer_config){.frame_queue = 200, .max_words = 64}));
        return 0;
    }
    if (raw)
        model.confidence_words = model.confidence_utterance = NULL;
    es_recognizer *r;
    es_features *features;
    es_arena arena;
    size_t need = es_recognizer_bytes(&model, &config) + es_features_bytes() + 64;
    es_arena_init(&arena, malloc(need), need);
    if (es_recognizer_init(&r, &arena, &model, &config) != ES_OK || es_features_init(&features, &arena) != ES_OK)
        return 2;
    for (uint32_t head[2]; fread(head, 4, 2, stdin) == 2;) {
        char *text = calloc(head[0] + 1, 1);
        int16_t *sound = malloc(2 * (size_t)head[1] + 2);
        words ref;
        if (fread(text, 1, head[0], stdin) != head[0] || fread(sound, 2, head[1], stdin) != head[1])
            return 2;
        split(text, &ref);
        hear(r, features, sound, head[1], &ref);
        free(text);
        free(sound);
    }
    return 0;
}
