/* The lattice's promises, on what a random model makes of noise, and on lattices put together at random: sums of
 * posteriors, best path, exact n-best, one form of bytes, refusal of what is not a lattice. */
#include <math.h>

#include "../../native/decoder/decoder.h"
#include "../../native/decoder/fixed_log.h"
#include "check.h"

#define LEAST_ONE (ES_ONE_Q30 / 1000)

static es_lattice a, b;
static es_nbest memory;

/* ---- random lattices ---- */

static void make_lattice(es_lattice *l) {
    *l = (es_lattice){.model = (uint32_t)check_random64(), .utterance = (uint32_t)check_random(0, 300), .revision = 1};
    l->start = (uint32_t)check_random(0, 100000);
    l->nodes = (uint16_t)check_random(2, 24);
    for (uint16_t n = 0; n < l->nodes; n++) {
        uint32_t weight[8], sum = 0, count = (uint32_t)check_random(1, 4);
        l->time[n] = n == 0 ? 0 : l->time[n - 1] + (int32_t)check_random(1, 40);
        l->first_edge[n] = l->edges;
        for (uint32_t i = 0; n + 1 < l->nodes && i < count; i++) {
            weight[i] = 1u << check_random(4, 20);
            sum += weight[i];
        }
        for (uint32_t i = 0; n + 1 < l->nodes && i < count; i++) {
            es_lattice_edge *edge = &l->edge[l->edges++];
            *edge = (es_lattice_edge){.from = n, .piece_at = l->piece_count, .pieces = (uint16_t)check_random(1, 4)};
            edge->to = (uint16_t)(i == 0 ? n + 1 : check_random(n + 1, l->nodes - 1));
            for (uint16_t k = 0; k < edge->pieces; k++)
                l->pieces[l->piece_count++] = (uint16_t)check_random(1, check_random(0, 9) == 0 ? 4000 : 6);
            edge->start = l->time[n] + (int32_t)check_random(-2, 2);
            edge->language = (int32_t)check_random(-4000, 0);
            edge->bias = (int32_t)(check_random(0, 3) == 0 ? check_random(-2000, 3000) : 0);
            edge->acoustic = es_ln_q10(((uint64_t)weight[i] << 30) / sum) - edge->language - edge->bias;
        }
    }
    l->first_edge[l->nodes] = l->edges;
    for (uint16_t e = 0; e < l->edges; e++)
        l->edge[e].end = l->time[l->edge[e].to] + (int32_t)check_random(-1, 3);
    for (uint16_t e = 0; e < l->edges; e++)
        if (l->edge[e].start > l->edge[e].end)
            l->edge[e].start = l->edge[e].end;
}

/* Across any time the posteriors sum to 1, and at every node what comes in goes out. */
static bool sums_hold(const es_lattice *l) {
    for (uint16_t n = 0; n + 1 < l->nodes; n++) {
        uint64_t cut = 0, out = 0, in = n == 0 ? ES_ONE_Q30 : 0, given = 0;
        for (uint16_t e = 0; e < l->edges; e++) {
            const es_lattice_edge *edge = &l->edge[e];
            cut += l->time[edge->from] <= l->time[n] && l->time[edge->to] > l->time[n] ? edge->posterior : 0;
            in += edge->to == n ? edge->posterior : 0;
            out += edge->from == n ? edge->posterior : 0;
            given += edge->from == n ? es_exp_q30(-es_lattice_score(edge)) : 0;
        }
        if (!CHECK(llabs((long long)cut - ES_ONE_Q30) < LEAST_ONE) ||
            !CHECK(llabs((long long)in - (long long)out) < 9) ||
            !CHECK(llabs((long long)given - ES_ONE_Q30) < LEAST_ONE))
            return false;
    }
    return true;
}

static void round_trips_keep_every_bit(void) {
    int turns = getenv("CHECK_TURNS") != NULL ? atoi(getenv("CHECK_TURNS")) : 3000;
    for (int turn = 0; turn < turns; turn++) {
        uint8_t bytes[ES_LATTICE_BYTES], again[ES_LATTICE_BYTES];
        uint32_t where;
        make_lattice(&a);
        es_lattice_sort(&a);
        int32_t size = es_lattice_write(&a, bytes, sizeof bytes);
        if (!CHECK(size > 0) || !CHECK_EQ(es_lattice_read(&b, bytes, (uint32_t)size, &where), ES_OK))
            return;
        if (!CHECK_EQ(es_lattice_write(&b, again, sizeof again), size) ||
            !CHECK(memcmp(bytes, again, (size_t)size) == 0))
            return;
        CHECK_EQ(es_lattice_write(&a, again, (uint32_t)size - 1), ES_E_FULL);
        CHECK_EQ(b.model, a.model);
        CHECK_EQ(b.start, a.start);
        if (!sums_hold(&b))
            return;
        for (uint32_t cut = 0; turn < 30 && cut < (uint32_t)size; cut++)
            CHECK(es_lattice_read(&b, bytes, cut, NULL) != ES_OK);
    }
}

/* Renumbered nodes of one time and edges in another order give the same bytes. */
static void the_order_of_making_does_not_matter(void) {
    for (int turn = 0; turn < 500; turn++) {
        uint8_t bytes[ES_LATTICE_BYTES], again[ES_LATTICE_BYTES];
        make_lattice(&a);
        b = a;
        for (uint16_t n = 0; n + 1 < b.nodes; n++) {
            uint16_t first = b.first_edge[n], last = (uint16_t)(b.first_edge[n + 1] - 1);
            es_lattice_edge edge = b.edge[first];
            b.edge[first] = b.edge[last];
            b.edge[last] = edge;
        }
        es_lattice_sort(&a);
        es_lattice_sort(&b);
        int32_t size = es_lattice_write(&a, bytes, sizeof bytes);
        if (!CHECK_EQ(es_lattice_write(&b, again, sizeof again), size) ||
            !CHECK(memcmp(bytes, again, (size_t)size) == 0))
            return;
    }
}

/* ---- n-best against all paths ---- */

static int32_t all[200000];
static uint32_t all_count;

static void count_paths(const es_lattice *l, uint16_t node, int32_t score) {
    if (node + 1 == l->nodes) {
        if (all_count < 200000)
            all[all_count++] = score;
        return;
    }
    for (uint16_t e = l->first_edge[node]; e < l->first_edge[node + 1]; e++)
        count_paths(l, l->edge[e].to, score + es_lattice_score(&l->edge[e]));
}

static int falling(const void *x, const void *y) { return (*(const int32_t *)x < *(const int32_t *)y) * 2 - 1; }

static void the_best_paths_are_exact(void) {
    es_path paths[ES_NBEST];
    uint32_t checked = 0;
    for (int turn = 0; turn < 300; turn++) {
        uint16_t best[ES_LATTICE_NODES];
        bool complete;
        make_lattice(&a);
        a.nodes = a.nodes > 9 ? 9 : a.nodes;
        make_lattice(&b);
        if (b.nodes > 9)
            continue;
        /* Different pieces on every edge: every path counts. */
        for (uint16_t i = 0; i < b.piece_count; i++)
            b.pieces[i] = (uint16_t)(i + 1);
        es_lattice_sort(&b);
        all_count = 0;
        count_paths(&b, 0, 0);
        qsort(all, all_count, sizeof all[0], falling);
        uint16_t found = es_lattice_nbest(&b, NULL, &memory, paths, ES_NBEST, &complete);
        CHECK(complete);
        if (!CHECK_EQ(found, all_count < ES_NBEST ? all_count : ES_NBEST))
            return;
        for (uint16_t i = 0; i < found; i++)
            CHECK_EQ(paths[i].score, all[i]);
        CHECK_EQ(es_lattice_best(&b, best), paths[0].edges);
        CHECK(memcmp(best, paths[0].edge, paths[0].edges * sizeof best[0]) == 0);
        checked++;
    }
    CHECK(checked > 30);
}

static void pruning_keeps_the_best_path_and_the_sums(void) {
    for (int turn = 0; turn < 1000; turn++) {
        uint16_t path[ES_LATTICE_NODES], after[ES_LATTICE_NODES];
        uint16_t pieces[ES_LATTICE_NODES];
        make_lattice(&a);
        es_lattice_sort(&a);
        uint16_t count = es_lattice_best(&a, path), edges = a.edges;
        for (uint16_t i = 0; i < count; i++)
            pieces[i] = a.edge[path[i]].piece_at;
        es_lattice_prune(&a, turn % 2 == 0 ? ES_ONE_Q30 / 20 : ES_ONE_Q30);
        CHECK(a.edges <= edges);
        CHECK_EQ(es_lattice_best(&a, after), count);
        for (uint16_t i = 0; i < count; i++)
            CHECK_EQ(a.edge[after[i]].piece_at, pieces[i]);
        if (turn % 2 == 1)
            CHECK_EQ(a.edges, count); /* nothing but the best path */
        if (!sums_hold(&a))
            return;
    }
}

/* ---- what the search makes ---- */

typedef struct run_of {
    uint32_t lattices, edges, words, merges, alternatives, largest;
    uint64_t longest; /* instructions of one call */
} run_of;

static bool hooked, narrowing;
static void check_hooks(void);

static void check_event(const es_model *model, const es_recognizer_event *e, run_of *run) {
    es_spelling spelling = {model->piece_offsets, model->piece_text, model->vocabulary};
    es_path paths[ES_NBEST];
    char text[4096];
    uint32_t used = 0, where = 0;
    if (e->lattice == NULL) { /* allowed where a word is longer than a way through the trellis may be */
        uint32_t longest = 0;
        for (int i = 0; i < e->word_count; i++)
            longest = e->words[i].text_length > longest ? e->words[i].text_length : longest;
        if (!CHECK(longest > 24))
            printf("    %u words, %u bytes, longest %u\n", e->word_count, e->text_length, longest);
        return;
    }
    if (!CHECK_EQ(es_lattice_read(&b, e->lattice, e->lattice_bytes, &where), ES_OK) || !sums_hold(&b))
        return;
    CHECK_EQ(b.utterance, e->utterance);
    CHECK_EQ(b.revision, e->revision);
    if (hooked)
        check_hooks();
    uint16_t found = es_lattice_nbest(&b, &spelling, &memory, paths, ES_NBEST, NULL);
    for (uint16_t i = 0; i < paths[0].edges; i++) {
        char word[512];
        uint32_t length = es_lattice_text(&b, &b.edge[paths[0].edge[i]], &spelling, word, sizeof word);
        if (length > 0)
            used +=
                (uint32_t)snprintf(text + used, sizeof text - used, "%s%.*s", used > 0 ? " " : "", (int)length, word);
    }
    CHECK(used == e->text_length && memcmp(text, e->text, used) == 0);
    for (uint16_t i = 1; i < found; i++)
        CHECK(paths[i].score <= paths[i - 1].score);
    for (uint16_t i = 0; i < e->word_count; i++)
        CHECK(e->words[i].confidence != ES_CONFIDENCE_UNKNOWN);
    run->lattices++;
    run->edges += b.edges;
    run->words += e->word_count;
    run->alternatives += found - 1u;
    run->largest = e->lattice_bytes > run->largest ? e->lattice_bytes : run->largest;
}

/* ---- hooks that give every label a known score ---- */

#define BONUS_LABEL 7
#define BONUS 700
#define REFUND -300
#define LANGUAGE -90
#define LANGUAGE_END -40

static void toy_bias(const void *automaton, uint32_t state, uint16_t label, uint32_t *next, int32_t *score) {
    (void)automaton;
    *score = label == BONUS_LABEL ? BONUS : 0;
    *next = label == BONUS_LABEL ? (state + 1) % 3 : state;
}

static int32_t toy_bias_end(const void *automaton, uint32_t state) {
    (void)automaton;
    return state == 1 ? REFUND : 0;
}

static int32_t toy_ngram(const void *model, uint32_t state, uint16_t label, uint32_t *next, es_work *work) {
    (void)model;
    (void)work;
    *next = (state + label) % 2;
    return LANGUAGE;
}

static int32_t toy_ngram_end(const void *model, uint32_t state) {
    (void)model;
    (void)state;
    return LANGUAGE_END;
}

static const es_bias_hook BIAS = {.step = toy_bias, .end = toy_bias_end, .most = BONUS};
static const es_ngram_hook NGRAM = {.step = toy_ngram, .end = toy_ngram_end};

/* What the hooks gave stands in every edge, apart from the rest. */
static void check_hooks(void) {
    for (uint16_t e = 0; e < b.edges; e++) {
        const es_lattice_edge *edge = &b.edge[e];
        bool last = edge->to + 1 == b.nodes;
        int32_t bonus = 0;
        for (uint16_t i = 0; i < edge->pieces; i++)
            bonus += b.pieces[edge->piece_at + i] == BONUS_LABEL ? BONUS : 0;
        CHECK_EQ(edge->language, LANGUAGE * edge->pieces + (last ? LANGUAGE_END : 0));
        CHECK(edge->bias == bonus || (last && edge->bias == bonus + REFUND));
    }
}

static const char *heard_by = ES_GOLDEN "/small.esm";
static uint32_t slice; /* instructions of each call; 0: whole steps */

static run_of hear(const es_search_options *options, int frames, int penalty) {
    size_t bytes;
    run_of run = {0};
    uint8_t *data = check_load(heard_by, &bytes);
    es_model model;
    es_recognizer *r;
    es_arena arena;
    es_work work = {0};
    CHECK_EQ(es_model_open(&model, data, bytes, NULL), ES_OK);
    model.blank_penalty = (int16_t)penalty;
    es_recognizer_config config = {.frame_queue = 64, .max_words = 200, .search = *options};
    size_t need = es_recognizer_bytes(&model, &config);
    void *room = aligned_alloc(16, need);
    es_arena_init(&arena, room, need);
    CHECK_EQ(es_recognizer_init(&r, &arena, &model, &config), ES_OK);
    CHECK_EQ(arena.used, need);
    if (hooked)
        es_recognizer_hooks(r, &BIAS, &NGRAM);
    for (int i = 0; i <= frames; i++) {
        int8_t frame[ES_FEATURE_BINS];
        es_recognizer_event event;
        for (int k = 0; k < ES_FEATURE_BINS; k++)
            frame[k] = (int8_t)check_random(i / 50 % 2 == 0 ? -127 : -60, i / 50 % 2 == 0 ? 0 : 127);
        if (i == frames)
            es_recognizer_finish(r);
        else
            es_recognizer_push(r, frame);
        if (narrowing && i % 5 == 0)
            es_recognizer_width(r, (uint8_t)check_random(0, 20));
        while (es_recognizer_busy(r)) {
            uint64_t before = work.instructions;
            es_recognizer_step(r, slice, &work);
            run.longest = work.instructions - before > run.longest ? work.instructions - before : run.longest;
            while (es_recognizer_poll(r, &event)) {
                if ((event.type == ES_SPECULATIVE || event.type == ES_FINAL) && event.text_length > 0)
                    check_event(&model, &event, &run);
                if ((event.type == ES_FINAL || event.type == ES_TIMEOUT) && event.reason != ES_END_INPUT)
                    es_recognizer_continue(r, event.utterance + 1);
            }
        }
    }
    es_search_stats stats;
    es_recognizer_search_stats(r, &stats);
    run.merges = stats.merges;
    free(data);
    free(room);
    return run;
}

static void the_first_hypothesis_is_the_best_path_of_every_lattice(void) {
    static const es_search_options options[] = {
        {.width = 1},
        {.width = 2},
        {.width = 4},
        {.width = 8, .lattice = 300},
        {.width = 16, .prune = 14000, .lattice = 4000},
        {.width = 16, .nodes = 160, .arcs = 200},
    };
    for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++)
        for (int penalty = -1200; penalty <= 1200; penalty += 1200) {
            run_of run = hear(&options[i], 1200, penalty);
            if (getenv("CHECK_SHOW") != NULL)
                printf("width %d: %u lattices, %u edges, %u words, %u merges, %u alternatives, %u bytes\n",
                       options[i].width, run.lattices, run.edges, run.words, run.merges, run.alternatives, run.largest);
            CHECK(run.lattices > 0);
            CHECK(run.largest <= (options[i].lattice > 0 ? options[i].lattice : 1200));
            CHECK(options[i].width > 1 ? run.alternatives > 0 : run.alternatives == 0 && run.edges == run.words);
        }
}

/* A governor that changes its mind at any time: lattices stay sound. */
/* A model with a language model and its own taken away: the same promises, the same memory as announced. */
static void they_hold_with_a_language_model(void) {
    heard_by = ES_GOLDEN "/language.esm";
    for (int penalty = -2400; penalty <= -1200; penalty += 600) {
        CHECK(hear(&(es_search_options){.width = 4}, 1200, penalty).lattices > 0);
        CHECK(hear(&(es_search_options){.width = 1, .cache = 2}, 600, penalty).lattices > 0);
        CHECK(hear(&(es_search_options){.width = 16, .cache = 3}, 600, penalty).lattices > 0);
        CHECK(hear(&(es_search_options){.no_language = true}, 600, penalty).lattices > 0);
    }
    heard_by = ES_GOLDEN "/small.esm";
}

/* The making of a lattice ends a slice where any other work would: no piece of it is long. */
static void a_lattice_is_made_in_slices(void) {
    for (slice = 1; slice < 100000; slice *= 10) {
        run_of run = hear(&(es_search_options){.width = 4}, 1200, 0);
        CHECK(run.lattices > 0);
        CHECK(run.longest < slice + 150000); /* 0.6 ms at 250 MIPS */
    }
    slice = 0;
}

static void the_beam_may_change_its_width_at_any_time(void) {
    narrowing = true;
    run_of run = hear(&(es_search_options){.width = 12}, 2000, 600);
    CHECK(run.lattices > 0 && run.alternatives > 0 && run.merges > 0);
    narrowing = false;
}

static void what_the_hooks_give_is_kept_apart(void) {
    hooked = true;
    for (int penalty = 0; penalty <= 1200; penalty += 600) {
        run_of run = hear(&(es_search_options){.width = 6}, 1200, penalty);
        CHECK(run.lattices > 0 && run.alternatives > 0);
    }
    hooked = false;
}

int main(void) {
    RUN(round_trips_keep_every_bit);
    RUN(the_order_of_making_does_not_matter);
    RUN(the_best_paths_are_exact);
    RUN(pruning_keeps_the_best_path_and_the_sums);
    RUN(the_first_hypothesis_is_the_best_path_of_every_lattice);
    RUN(they_hold_with_a_language_model);
    RUN(a_lattice_is_made_in_slices);
    RUN(the_beam_may_change_its_width_at_any_time);
    RUN(what_the_hooks_give_is_kept_apart);
    DONE();
}
