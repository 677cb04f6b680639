/* The language model's automaton: it sums to one, and says what its Python twin says. */
#include <math.h>

#include "../../native/decoder/hooks.h"
#include "check.h"

#define LABELS 29

static es_model model;
static es_ngram_hook hook;

/* Cost in eighths of a nat of one label, or of the end (0), after a state. */
static int32_t cost(uint32_t state, uint16_t label, uint32_t *next) {
    es_work work = {0};
    int32_t score = label == 0 ? hook.end(hook.model, state) : hook.step(hook.model, state, label, next, &work);
    CHECK_EQ(score % 128, 0);
    CHECK(label == 0 || work.weight_bytes > 0);
    return -score / 128;
}

static void every_state_sums_to_one(void) {
    for (uint32_t state = 0; state < model.language.states; state++) {
        double sum = exp(-cost(state, 0, NULL) / 8.0);
        for (uint16_t label = 1; label <= LABELS; label++) {
            uint32_t next = UINT32_MAX;
            sum += exp(-cost(state, label, &next) / 8.0);
            CHECK(next < model.language.states);
        }
        CHECK(fabs(sum - 1) < 0.065); /* back-off weights are whole eighths of a nat */
    }
}

/* From the Python twin: python3 -c "from earshot_training import esm, ngram; w = ngram.Walk(esm.read_model(
 * '../../test/native/golden/language.esm')['language']); print(w.sentence([5, 6, 8, 8, 9, 10]))" */
static void the_python_twin_gives_the_same_costs(void) {
    static const struct {
        uint16_t label[8];
        int32_t cost;
    } sentences[] = {{{1, 2, 3}, 111}, {{29}, 48}, {{5, 6, 8, 8, 9, 10}, 110}, {{3, 3, 3, 20, 1}, 148}, {{0}, 24}};
    for (unsigned i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        uint32_t state = hook.start;
        int32_t total = 0;
        for (const uint16_t *label = sentences[i].label; *label != 0; label++)
            total += cost(state, *label, &state);
        CHECK_EQ(total + cost(state, 0, NULL), sentences[i].cost);
    }
}

static void weights_scale_what_it_says(void) {
    es_work work = {0};
    uint32_t next;
    int32_t whole = hook.step(hook.model, hook.start, 3, &next, &work);
    model.language_weight = 64;
    model.label_reward = 500;
    CHECK_EQ(hook.step(hook.model, hook.start, 3, &next, &work), whole / 4 + 500);
    model.language_weight = 0;
    CHECK(!es_ngram_hook_of(&model, &hook));
}

int main(void) {
    size_t bytes;
    uint8_t *data = check_load(ES_GOLDEN "/language.esm", &bytes);
    CHECK_EQ(es_model_open(&model, data, bytes, NULL), ES_OK);
    model.language_weight = 256;
    model.label_reward = 0;
    CHECK(es_ngram_hook_of(&model, &hook));
    RUN(every_state_sums_to_one);
    RUN(the_python_twin_gives_the_same_costs);
    RUN(weights_scale_what_it_says);
    free(data);
    DONE();
}
