/* The recogniser's promises: no split of input or work changes an event, ends come where the thresholds say, nothing is
 * lost at the end of the sound, a full queue is told. Puppet models (models/training/earshot_training/puppet_model.py):
 * bin k pulled up makes label k. */
#include "check.h"
#include "earshot/recognizer.h"

#define MAX_FRAMES 4000
#define LOG 100000
#define EOU 7

typedef struct device {
    es_model model;
    uint8_t *data;
    void *memory;
    es_recognizer *r;
    es_work work;
} device;

static int8_t frames[MAX_FRAMES][ES_FEATURE_BINS];
static char told[LOG], told_before[LOG]; /* events as text */
static size_t told_length;

static const char *const TYPES[] = {"partial", "speculative", "reset", "final", "timeout"};
static const char *const REASONS[] = {"none", "pause", "eou", "length", "input", "overload", "unsure"};

static void open_device(device *d, const char *path, uint16_t queue, uint16_t words) {
    size_t bytes;
    *d = (device){.data = check_load(path, &bytes)};
    CHECK_EQ(es_model_open(&d->model, d->data, bytes, NULL), ES_OK);
    es_recognizer_config config = {.frame_queue = queue, .max_words = words};
    size_t need = es_recognizer_bytes(&d->model, &config);
    es_arena arena;
    d->memory = aligned_alloc(16, need);
    es_arena_init(&arena, d->memory, need);
    CHECK_EQ(es_recognizer_init(&d->r, &arena, &d->model, &config), ES_OK);
    CHECK_EQ(arena.used, need);
    told_length = 0;
    told[0] = 0;
}

static void close_device(device *d) {
    free(d->data);
    free(d->memory);
}

/* Every event as one line: type[revision] @t reason 'text' word times. */
static void tell(const es_recognizer_event *e) {
    if (told_length > LOG - 2000)
        return;
    told_length += (size_t)snprintf(told + told_length, LOG - told_length, "%u %s%u @%" PRId64 " %s '%.*s'",
                                    e->utterance, TYPES[e->type], e->revision, e->t, REASONS[e->reason], e->text_length,
                                    e->text == NULL ? "" : e->text);
    for (int i = 0; i < e->word_count && i < 40; i++)
        told_length +=
            (size_t)snprintf(told + told_length, LOG - told_length, " %" PRId64 "-%" PRId64 ":%.*s", e->words[i].start,
                             e->words[i].end, e->words[i].text_length, e->text + e->words[i].text_offset);
    told_length += (size_t)snprintf(told + told_length, LOG - told_length, "\n");
}

/* Steps and polls until nothing is left to do; goes on with the next utterance while `listen`. */
static void drain(device *d, uint32_t budget, bool listen) {
    es_recognizer_event event;
    for (;;) {
        while (es_recognizer_poll(d->r, &event)) {
            tell(&event);
            if ((event.type == ES_FINAL || event.type == ES_TIMEOUT) && listen && event.reason != ES_END_INPUT)
                es_recognizer_continue(d->r, event.utterance + 1);
        }
        if (!es_recognizer_busy(d->r))
            return;
        es_recognizer_step(d->r, budget == 0 ? 0 : (uint32_t)check_random(1, budget), &d->work);
    }
}

static void quiet(int from, int to) {
    for (int i = from; i < to; i++)
        memset(frames[i], -60, ES_FEATURE_BINS);
}

static void push(device *d, int from, int to) {
    for (int i = from; i < to; i++)
        CHECK_EQ(es_recognizer_push(d->r, frames[i]), ES_OK);
}

static int count(const char *what) {
    int n = 0;
    for (const char *at = told; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

/* As a calibrated model has it: everything that the ends and the confidence depend on has a say. */
static void tune(es_model *model) {
    static uint16_t knots[ES_CONFIDENCE_KNOTS];
    for (int k = 0; k < ES_CONFIDENCE_KNOTS; k++)
        knots[k] = (uint16_t)(3500 * k);
    model->blank_penalty = -900;
    model->endpoint_eou = 1500;
    model->endpoint_eou_speculative = 700;
    model->endpoint_least_final = 4;
    model->endpoint_least_speculative = 2;
    model->endpoint_rest = -3000;
    model->endpoint_sound = 150;
    model->endpoint_step = 120;
    model->confidence_words = model->confidence_utterance = knots;
    model->confidence_posterior = model->confidence_acoustic = model->confidence_mass = 700;
    model->confidence_offset = 4500;
    model->confidence_least = 6000;
}

static void no_split_of_input_or_work_changes_an_event(void) {
    device d;
    for (int i = 0; i < 900; i++)
        for (int b = 0; b < ES_FEATURE_BINS; b++)
            frames[i][b] = (int8_t)check_random(i % 200 < 60 ? -127 : -90, i % 200 < 60 ? -100 : 127);
    for (int turn = 0; turn < 6; turn++) {
        open_device(&d, ES_GOLDEN "/small.esm", 2000, 64);
        tune(&d.model);
        uint64_t macs = 0;
        for (int at = 0; at < 900;) {
            int n = turn == 0 ? 900 : (int)check_random(1, turn < 3 ? 9 : 200);
            n = n < 900 - at ? n : 900 - at;
            push(&d, at, at + n);
            at += n;
            drain(&d, turn % 2 == 0 ? 0 : 60000u / (unsigned)(turn * turn), true);
        }
        es_recognizer_finish(d.r);
        drain(&d, 0, true);
        macs = d.work.macs;
        close_device(&d);
        if (turn == 0) {
            CHECK(count("\n") > 10 && count(" final") > 0);
            memcpy(told_before, told, sizeof told);
            told_before[LOG - 1] = 0;
        }
        CHECK(macs > 0);
        if (!CHECK(strcmp(told, told_before) == 0))
            return;
    }
    if (getenv("CHECK_SHOW") != NULL)
        printf("%s", told);
}

static void words_are_assembled_with_times(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    quiet(0, 20);
    static const int pulled[] = {0, 1, 0, 2, 3, 0, 4, 6, 0, 5};
    for (int i = 0; i < 10; i++)
        if (pulled[i] > 0)
            frames[i][pulled[i]] = 100;
    push(&d, 0, 20);
    drain(&d, 0, false);
    /* Label 4 opens a word that stays empty: no partial for it, the next piece is its text. */
    const char *expected =
        "1 partial0 @560 none 'play' 160-320:play\n"
        "1 partial0 @880 none 'play mu' 160-320:play 480-640:mu\n"
        "1 partial0 @1040 none 'play music' 160-320:play 480-800:music\n"
        "1 partial0 @1520 none 'play music s' 160-320:play 480-800:music 960-1280:s\n"
        "1 partial0 @1840 none 'play music s stop' 160-320:play 480-800:music 960-1280:s 1440-1600:stop\n"
        "1 speculative0 @2480 none 'play music s stop' 160-320:play 480-800:music 960-1280:s 1440-1600:stop\n"
        "1 final0 @3280 pause 'play music s stop' 160-320:play 480-800:music 960-1280:s 1440-1600:stop\n";
    if (!CHECK(strcmp(told, expected) == 0))
        printf("%s", told);
    CHECK(!es_recognizer_busy(d.r));
    CHECK_EQ(es_recognizer_backlog(d.r), 1);
    CHECK_EQ(es_recognizer_frames(d.r), 19);
    es_recognizer_step(d.r, 0, &d.work); /* nothing after a final */
    CHECK_EQ(es_recognizer_backlog(d.r), 1);
    close_device(&d);
}

static void a_label_after_the_speculative_end_resets_it(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    quiet(0, 40);
    frames[0][1] = frames[6][5] = 100;
    push(&d, 0, 40);
    drain(&d, 0, false);
    const char *expected = "1 partial0 @400 none 'play' 0-160:play\n"
                           "1 speculative0 @1040 none 'play' 0-160:play\n"
                           "1 reset0 @1360 none ''\n"
                           "1 partial1 @1360 none 'play stop' 0-160:play 960-1120:stop\n"
                           "1 speculative1 @2000 none 'play stop' 0-160:play 960-1120:stop\n"
                           "1 final1 @2800 pause 'play stop' 0-160:play 960-1120:stop\n";
    if (!CHECK(strcmp(told, expected) == 0))
        printf("%s", told);
    close_device(&d);
}

static void the_end_of_utterance_output_halves_the_wait(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    quiet(0, 40);
    frames[0][1] = 100;
    for (int i = 1; i < 40; i++)
        frames[i][EOU] = 100;
    push(&d, 0, 40);
    drain(&d, 0, false);
    CHECK(count("speculative0 @1040") == 1);
    CHECK(count("final0 @1200 eou 'play'") == 1);
    close_device(&d);
}

/* What understanding calls incomplete waits up to a bound of its own; a reset, or another revision, is not held. */
static void a_held_revision_waits_longer(void) {
    device d;
    es_recognizer_event event;
    for (int turn = 0; turn < 4; turn++) {
        open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
        d.model.endpoint_frames_held = 14;
        quiet(0, 60);
        frames[0][1] = 100;
        for (int i = 1; i < 60; i++)
            frames[i][EOU] = 100;
        if (turn == 3)
            frames[7][5] = 100; /* the speaker goes on after the hold */
        push(&d, 0, 60);
        while (es_recognizer_busy(d.r)) {
            es_recognizer_step(d.r, 0, &d.work);
            while (es_recognizer_poll(d.r, &event)) {
                tell(&event);
                if (event.type != ES_SPECULATIVE || event.revision > 0)
                    continue;
                CHECK(!es_recognizer_hold(d.r, 2, 0) && !es_recognizer_hold(d.r, 1, 1));
                if (turn > 0)
                    CHECK(es_recognizer_hold(d.r, 1, 0));
                if (turn == 2)
                    es_recognizer_hold(d.r, 1, 0);
            }
        }
        CHECK(!es_recognizer_hold(d.r, 1, 0)); /* after the final */
        CHECK_EQ(count("speculative0 @1040"), 1);
        CHECK_EQ(count("final0 @1200 eou"), turn == 0);
        CHECK_EQ(count("final0 @2640 pause 'play'"), turn == 1 || turn == 2);
        CHECK_EQ(count("final1 @2320 eou 'play stop'"), turn == 3);
        close_device(&d);
    }
}

/* Steps that sound like speech are no rest: they do not bring the end nearer, but for the bound of twice the wait. */
static void a_rest_is_still(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    d.model.endpoint_rest = 1500; /* the model's own logit is far above it while EOU is pulled, far below else */
    quiet(0, 60);
    frames[0][1] = 100;
    push(&d, 0, 60);
    drain(&d, 0, false);
    CHECK_EQ(count("speculative0 @1680"), 1);
    CHECK_EQ(count("final0 @3280 pause 'play'"), 1);
    close_device(&d);
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    d.model.endpoint_rest = 1500;
    for (int i = 6; i < 60; i++)
        frames[i][EOU] = 100;
    push(&d, 0, 60);
    drain(&d, 0, false);
    CHECK_EQ(count("final0 @2000 eou 'play'"), 1);
    close_device(&d);
}

/* Below the least confidence of the model nothing was said: no speculative, no final, and not even a partial when it is
 * hopeless from the start. */
static void words_that_are_too_unsure_are_nothing(void) {
    static uint16_t knots[ES_CONFIDENCE_KNOTS];
    device d;
    for (int turn = 0; turn < 2; turn++) {
        open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
        for (int k = 0; k < ES_CONFIDENCE_KNOTS; k++)
            knots[k] = turn == 0 ? 30000 : 20000;
        d.model.confidence_words = d.model.confidence_utterance = knots;
        d.model.confidence_least = 25000;
        quiet(0, 40);
        frames[0][1] = 100;
        push(&d, 0, 40);
        drain(&d, 0, false);
        CHECK_EQ(count("final0"), turn == 0);
        CHECK_EQ(count("speculative0"), turn == 0);
        CHECK_EQ(count("partial0"), turn == 0);
        CHECK_EQ(count("timeout0 @1840 unsure"), turn == 1);
        close_device(&d);
    }
}

static void a_stretch_without_words_times_out(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 200, 64);
    quiet(0, 100);
    frames[4][4] = 100; /* opens a word that stays empty: no word was said */
    push(&d, 0, 100);
    drain(&d, 0, true);
    const char *expected = "1 timeout0 @5040 pause ''\n2 timeout0 @9840 pause ''\n3 timeout0 @14640 pause ''\n";
    if (!CHECK(strcmp(told, expected) == 0))
        printf("%s", told);
    close_device(&d);
}

static void the_watchdog_ends_what_does_not_end(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 200, 64);
    quiet(0, 100);
    for (int i = 0; i < 100; i += 3)
        frames[i][1] = 100;
    push(&d, 0, 70);
    drain(&d, 0, false);
    CHECK(count("final0 @9840 length") == 1);
    close_device(&d);
    /* No room for more words ends the utterance too. */
    open_device(&d, ES_GOLDEN "/puppet.esm", 200, 3);
    push(&d, 0, 70);
    drain(&d, 0, false);
    CHECK(count("final0 @1360 length 'play play play'") == 1);
    close_device(&d);
    /* And a word without an end. */
    open_device(&d, ES_GOLDEN "/puppet.esm", 200, 64);
    d.model.max_frames = 1000;
    for (int i = 0; i < 200; i++) {
        quiet(i, i + 1);
        frames[i][3] = 100; /* "sic" */
    }
    push(&d, 0, 200);
    drain(&d, 0, false);
    CHECK(count("final0 @13520 length 'sicsicsic") == 1);
    close_device(&d);
}

/* 60 words, then 200 pieces of a word: however little fits into an utterance, all are told. */
static void a_full_utterance_loses_no_piece(void) {
    static const uint16_t most[] = {1, 2, 5, 64};
    device d;
    for (int i = 0; i < 260; i++) {
        quiet(i, i + 1);
        frames[i][i < 60 ? 1 : 3] = 100; /* "play", "sic" */
    }
    for (unsigned k = 0; k < sizeof most / sizeof most[0]; k++) {
        open_device(&d, ES_GOLDEN "/puppet.esm", 300, most[k]);
        d.model.max_frames = 1000;
        push(&d, 0, 260);
        int plays = 0, sics = 0;
        es_recognizer_event event;
        es_recognizer_finish(d.r);
        while (es_recognizer_busy(d.r)) {
            es_recognizer_step(d.r, 0, &d.work);
            while (es_recognizer_poll(d.r, &event)) {
                if (event.type != ES_FINAL)
                    continue;
                CHECK(event.word_count <= most[k]);
                for (int at = 0; at + 3 <= event.text_length; at++) {
                    plays += memcmp(event.text + at, "pla", 3) == 0;
                    sics += memcmp(event.text + at, "sic", 3) == 0;
                }
                if (event.reason != ES_END_INPUT)
                    es_recognizer_continue(d.r, event.utterance + 1);
            }
        }
        CHECK_EQ(plays, 60);
        CHECK_EQ(sics, 200);
        close_device(&d);
    }
}

/* 37 and 74 hours are 2^31 and 2^32 samples. */
static void times_hold_after_days_of_listening(void) {
    static const int64_t limits[] = {INT64_C(1) << 31, INT64_C(1) << 32};
    device d;
    char expected[100];
    quiet(0, 40);
    frames[20][1] = 100;
    for (int k = 0; k < 2; k++) {
        int64_t heard = limits[k] / 160 - 15, start = (heard + 20) * 160;
        open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
        for (int64_t i = 0; i < heard; i++)
            es_recognizer_skip(d.r);
        push(&d, 0, 40);
        drain(&d, 0, false);
        snprintf(expected, sizeof expected, "final0 @%" PRId64 " pause 'play' %" PRId64 "-%" PRId64 ":play",
                 start + 400 + 9 * 160, start, start + 160);
        CHECK(start > limits[k]);
        if (!CHECK(count(expected) == 1))
            printf("expected %s\n%s", expected, told);
        close_device(&d);
    }
}

static void the_last_word_survives_every_cut(void) {
    device d;
    for (int cut = 0; cut <= 6; cut++) {
        open_device(&d, ES_GOLDEN "/puppet-late.esm", 100, 64);
        int end = 24 + cut;
        quiet(0, end);
        frames[6][1] = 100;
        frames[end - 1][5] = 100; /* in the last frame; the model says it one step of six frames later */
        push(&d, 0, end);
        drain(&d, 0, false);
        es_recognizer_finish(d.r);
        CHECK(es_recognizer_busy(d.r));
        drain(&d, 5000, false);
        char expected[64];
        snprintf(expected, sizeof expected, "final0 @%d input 'play stop'", (end - 1) * 160 + 400);
        if (!CHECK(count(expected) == 1) || !CHECK(count("speculative") == 0))
            printf("    cut %d\n%s", cut, told);
        CHECK(!es_recognizer_busy(d.r));
        close_device(&d);
    }
}

static void a_finish_without_words_is_a_time_out(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 100, 64);
    es_recognizer_finish(d.r);
    drain(&d, 0, true);
    CHECK_EQ(es_recognizer_frames(d.r), 0);
    es_recognizer_continue(d.r, 2);
    CHECK(!es_recognizer_busy(d.r));
    quiet(0, 10);
    push(&d, 0, 10);
    es_recognizer_finish(d.r);
    drain(&d, 0, true);
    CHECK(count("1 timeout0 @400 input") == 1 && count("2 timeout0 @1840 input") == 1 && count("\n") == 2);
    close_device(&d);
}

static void sound_after_a_final_belongs_to_the_next_utterance(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 200, 64);
    quiet(0, 60);
    frames[0][1] = frames[20][5] = frames[25][1] = 100;
    push(&d, 0, 60);
    es_recognizer_finish(d.r);
    drain(&d, 0, true);
    CHECK(count("1 final0 @1840 pause 'play' 0-160:play\n") == 1);
    CHECK(count("2 final1 @5840 pause 'stop play' 3200-3360:stop 4000-4160:play\n") == 1);
    CHECK(count("3 timeout0 @9840 input") == 1);
    close_device(&d);
}

/* Whatever went on, and wherever it was left: a start gives what a new recogniser gives. */
static void a_start_forgets_everything(void) {
    device d;
    static char first[LOG];
    open_device(&d, ES_GOLDEN "/small.esm", 400, 64);
    tune(&d.model);
    for (int i = 0; i < 400; i++)
        for (int b = 0; b < ES_FEATURE_BINS; b++)
            frames[i][b] = (int8_t)check_random(-127, 127);
    for (int turn = 0; turn < 24; turn++) {
        push(&d, 0, 300);
        drain(&d, turn % 3 == 0 ? 0 : 40000, true);
        es_recognizer_finish(d.r);
        drain(&d, 0, true);
        if (turn == 0)
            memcpy(first, told, sizeof first);
        CHECK(count("\n") > 2);
        CHECK(strcmp(first, told) == 0);
        es_recognizer_start(d.r, 1);
        /* Something else in between, left at any point: in a step, with events waiting, held, finishing. */
        int from = (int)check_random(0, 250);
        push(&d, from, from + (int)check_random(1, 150));
        for (int i = (int)check_random(0, 900); i > 0; i--) {
            es_recognizer_event event;
            es_recognizer_step(d.r, (uint32_t)check_random(1, 3000), &d.work);
            if (check_random(0, 3) > 0 && es_recognizer_poll(d.r, &event)) {
                es_recognizer_hold(d.r, event.utterance, event.revision);
                if (event.type == ES_FINAL || event.type == ES_TIMEOUT)
                    es_recognizer_continue(d.r, event.utterance + 1);
            }
            if (check_random(0, 200) == 0)
                es_recognizer_finish(d.r);
        }
        es_recognizer_start(d.r, 1);
        told_length = 0;
    }
    close_device(&d);
}

static void a_full_queue_is_told_and_time_goes_on(void) {
    device d;
    open_device(&d, ES_GOLDEN "/puppet.esm", 10, 64);
    quiet(0, 40);
    frames[3][1] = frames[20][5] = 100;
    int refused = 0;
    for (int i = 0; i < 20; i++)
        refused += es_recognizer_push(d.r, frames[i]) == ES_E_FULL;
    CHECK_EQ(refused, 10);
    CHECK_EQ(es_recognizer_backlog(d.r), 10);
    drain(&d, 0, false);
    CHECK_EQ(es_recognizer_backlog(d.r), 0);
    push(&d, 20, 24);
    drain(&d, 0, false);
    CHECK(count("3200-3360:stop") == 1); /* frame 20 is frame 20, though ten before it were refused */
    close_device(&d);
}

static void a_slice_ends_near_its_budget(void) {
    device d;
    open_device(&d, ES_GOLDEN "/small.esm", 100, 64);
    quiet(0, 60);
    push(&d, 0, 60);
    uint64_t longest = 0;
    while (es_recognizer_busy(d.r)) {
        es_work before = d.work;
        es_recognizer_event event;
        es_recognizer_step(d.r, 10000, &d.work);
        uint64_t spent = d.work.instructions - before.instructions;
        longest = spent > longest ? spent : longest;
        while (es_recognizer_poll(d.r, &event))
            ;
    }
    /* The largest piece that cannot be cut is the trellis when it forgets what leads nowhere: all nodes and arcs. */
    CHECK(longest >= 10000 && longest < 10000 + 25000);
    close_device(&d);
}

static void bad_configurations_are_refused(void) {
    device d;
    open_device(&d, ES_GOLDEN "/small.esm", 100, 64);
    static const es_recognizer_config bad[] = {{.frame_queue = 5, .max_words = 4},
                                               {.frame_queue = 4097, .max_words = 4},
                                               {.frame_queue = 50},
                                               {.frame_queue = 50, .max_words = 1025}};
    es_arena arena;
    es_recognizer *r;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        es_arena_init(&arena, d.memory, 1000);
        CHECK_EQ(es_recognizer_init(&r, &arena, &d.model, &bad[i]), ES_E_ARGUMENT);
    }
    es_recognizer_config good = {.frame_queue = 50, .max_words = 4};
    size_t need = es_recognizer_bytes(&d.model, &good);
    for (size_t bytes = 0; bytes < need; bytes += 16) {
        es_arena_init(&arena, d.memory, bytes);
        CHECK_EQ(es_recognizer_init(&r, &arena, &d.model, &good), ES_E_MEMORY);
    }
    close_device(&d);
}

int main(void) {
    RUN(words_are_assembled_with_times);
    RUN(a_label_after_the_speculative_end_resets_it);
    RUN(the_end_of_utterance_output_halves_the_wait);
    RUN(a_held_revision_waits_longer);
    RUN(a_rest_is_still);
    RUN(words_that_are_too_unsure_are_nothing);
    RUN(a_stretch_without_words_times_out);
    RUN(the_watchdog_ends_what_does_not_end);
    RUN(a_full_utterance_loses_no_piece);
    RUN(times_hold_after_days_of_listening);
    RUN(the_last_word_survives_every_cut);
    RUN(a_finish_without_words_is_a_time_out);
    RUN(sound_after_a_final_belongs_to_the_next_utterance);
    RUN(no_split_of_input_or_work_changes_an_event);
    RUN(a_start_forgets_everything);
    RUN(a_full_queue_is_told_and_time_goes_on);
    RUN(a_slice_ends_near_its_budget);
    RUN(bad_configurations_are_refused);
    DONE();
}
