/* The order in which the recogniser tells what it hears: only transitions of fixtures/event-order.txt, whatever is
 * pushed, held, given up or finished, and however the work is cut; revisions and times in step with it. */
#include "check.h"
#include "earshot/recognizer.h"

#define MOST 16
#define FRAMES 400
#define RUNS 120

typedef struct transition {
    char from[16], event[16], to[16], rare[16];
    int seen;
} transition;

static transition legal[MOST];
static int legal_count;

static const char *const TYPES[] = {"partial", "speculative", "reset", "final", "timeout"};

static void read_legal(void) {
    FILE *file = fopen(ES_FIXTURES "/event-order.txt", "r");
    char line[200];
    CHECK(file != NULL);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        transition *t = &legal[legal_count];
        if (line[0] != '#' && sscanf(line, "%15s %15s %15s %15s", t->from, t->event, t->to, t->rare) >= 3)
            legal_count++;
    }
    if (file != NULL)
        fclose(file);
    CHECK(legal_count > 5 && legal_count < MOST);
}

typedef struct listener {
    const char *state;
    uint32_t utterance;
    uint16_t revision; /* that comes next, or is frozen */
    int64_t t;
} listener;

static bool take(listener *l, const es_recognizer_event *e) {
    transition *found = NULL;
    for (int i = 0; i < legal_count; i++)
        if (strcmp(legal[i].from, l->state) == 0 && strcmp(legal[i].event, TYPES[e->type]) == 0)
            found = &legal[i];
    if (!CHECK(found != NULL)) {
        printf("    %s in state %s\n", TYPES[e->type], l->state);
        return false;
    }
    found->seen++;
    l->state = found->to;
    CHECK_EQ(e->utterance, l->utterance);
    CHECK(e->t >= l->t);
    l->t = e->t;
    if (e->type == ES_SPECULATIVE || e->type == ES_FINAL || e->type == ES_RESET)
        CHECK_EQ(e->revision, l->revision);
    l->revision = (uint16_t)(l->revision + (e->type == ES_RESET));
    bool words = e->type == ES_SPECULATIVE || e->type == ES_FINAL;
    CHECK(!words || e->word_count > 0);
    CHECK((e->reason != ES_END_NONE) == (e->type == ES_FINAL || e->type == ES_TIMEOUT));
    CHECK(e->reason != ES_END_UNSURE || e->type == ES_TIMEOUT);
    return true;
}

static void draw_thresholds(es_model *m, uint16_t *knots) {
    for (int k = 0; k < ES_CONFIDENCE_KNOTS; k++)
        knots[k] = (uint16_t)(3800 * k);
    m->blank_penalty = (int16_t)check_random(-1200, 200);
    m->endpoint_frames_final = (uint16_t)check_random(2, 12);
    m->endpoint_frames_speculative = (uint16_t)check_random(1, m->endpoint_frames_final);
    m->endpoint_frames_held = (uint16_t)(m->endpoint_frames_final + check_random(0, 6));
    m->endpoint_least_final = (uint16_t)check_random(1, m->endpoint_frames_final);
    m->endpoint_least_speculative = (uint16_t)check_random(1, m->endpoint_least_final);
    m->endpoint_eou = (int16_t)check_random(-2000, 4000);
    m->endpoint_eou_speculative = (int16_t)check_random(-3000, 3000);
    m->endpoint_rest = (int16_t)check_random(-4000, 1000);
    m->endpoint_sound = (uint16_t)check_random(0, 300);
    m->endpoint_one_word = (int16_t)check_random(-1000, 2000);
    m->endpoint_step = (uint16_t)check_random(0, 400);
    m->timeout_frames = (uint16_t)check_random(5, 60);
    m->max_frames = (uint16_t)check_random(10, 120);
    m->confidence_words = m->confidence_utterance = check_random(0, 3) > 0 ? knots : NULL;
    m->confidence_offset = (int16_t)check_random(-2000, 4500);
    m->confidence_posterior = m->confidence_acoustic = m->confidence_mass = (int16_t)check_random(0, 900);
    m->confidence_least = (uint16_t)check_random(0, 40000);
}

/* One recogniser, random sound and orders. */
static void run(const es_model *file) {
    uint16_t knots[ES_CONFIDENCE_KNOTS];
    es_model model = *file;
    draw_thresholds(&model, knots);
    es_recognizer_config config = {.frame_queue = 64, .max_words = (uint16_t)check_random(2, 40)};
    size_t need = es_recognizer_bytes(&model, &config);
    void *memory = aligned_alloc(16, (need + 15) & ~(size_t)15);
    es_arena arena;
    es_recognizer *r;
    es_work work = {0};
    es_recognizer_event event;
    es_arena_init(&arena, memory, need);
    CHECK_EQ(es_recognizer_init(&r, &arena, &model, &config), ES_OK);
    listener l = {.state = "open", .utterance = 1};
    bool finished = false, good = true;
    for (int pushed = 0; good && (pushed < FRAMES || es_recognizer_busy(r));) {
        int8_t frame[ES_FEATURE_BINS];
        bool loud = pushed / 37 % 2 == 0;
        for (int b = 0; b < ES_FEATURE_BINS; b++)
            frame[b] = (int8_t)check_random(loud ? -90 : -127, loud ? 127 : -100);
        if (!finished && pushed++ < FRAMES)
            es_recognizer_push(r, frame);
        if (pushed >= FRAMES && !finished) {
            es_recognizer_finish(r);
            finished = true;
        }
        es_recognizer_step(r, (uint32_t)check_random(0, 30000), &work);
        if (check_random(0, 400) == 0)
            es_recognizer_give_up(r);
        while (good && es_recognizer_poll(r, &event)) {
            good = take(&l, &event);
            if (event.type == ES_SPECULATIVE && check_random(0, 1) == 0 &&
                es_recognizer_hold(r, event.utterance, event.revision))
                CHECK(strcmp(l.state, "frozen") == 0);
            if (strcmp(l.state, "over") != 0)
                continue;
            es_recognizer_step(r, 0, &work);
            CHECK(!es_recognizer_poll(r, &event)); /* nothing until it is told to go on */
            l.state = "open";
            l.utterance++;
            l.revision = 0;
            es_recognizer_continue(r, l.utterance);
        }
        pushed = finished ? FRAMES : pushed;
    }
    free(memory);
}

static void only_legal_transitions_and_each_of_them(void) {
    size_t bytes;
    es_model model;
    uint8_t *data = check_load(ES_GOLDEN "/small.esm", &bytes);
    CHECK_EQ(es_model_open(&model, data, bytes, NULL), ES_OK);
    read_legal();
    for (int i = 0; i < RUNS; i++)
        run(&model);
    for (int i = 0; i < legal_count; i++)
        if (!CHECK(legal[i].seen > 0 || legal[i].rare[0] != 0) || getenv("CHECK_SHOW") != NULL)
            printf("    %s %s %s: %d\n", legal[i].from, legal[i].event, legal[i].to, legal[i].seen);
    free(data);
}

int main(void) {
    RUN(only_legal_transitions_and_each_of_them);
    DONE();
}
