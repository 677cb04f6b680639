/* The model's own language model as a hook of the search: a walk through an n-gram automaton that lies in the model
 * file, searched in place. Its bounds were checked by es_model_open. */
#include "../base/work.h"
#include "hooks.h"

#define ASK_BACK 255
#define UNIT 128     /* Q10 of an eighth of a nat */
#define COST_LOOK 14 /* one look of the search among a state's arcs */
#define COST_STATE 24
#define MOST 4096 /* Q10: a label is never worth more than 4 nats */

static int32_t weighted(const es_model *model, int32_t eighths) {
    return -(int32_t)((int64_t)eighths * UNIT * model->language_weight >> 8);
}

/* The arc of this label (from 0), if the state knows it. */
static bool find(const es_language *l, uint32_t state, uint32_t label, uint32_t *arc, es_work *work) {
    uint32_t low = l->first[state], high = l->first[state + 1];
    uint32_t looks = 0;
    if (state == 0) { /* knows every label */
        *arc = l->arc[label];
        es_work_add(work, 0, 4, COST_STATE);
        return true;
    }
    while (low < high) {
        uint32_t middle = (low + high) / 2, found = l->arc[middle] & 511;
        looks++;
        if (found == label) {
            *arc = l->arc[middle];
            break;
        }
        if (found < label)
            low = middle + 1;
        else
            high = middle;
    }
    es_work_add(work, 0, 7 + 4 * looks, COST_STATE + looks * COST_LOOK);
    return low < high;
}

static int32_t step(const void *context, uint32_t state, uint16_t label, uint32_t *next, es_work *work) {
    const es_model *model = context;
    const es_language *l = &model->language;
    int32_t cost = 0;
    uint32_t arc;
    while (!find(l, state, label - 1u, &arc, work)) {
        cost -= l->weight[state];
        state = l->back[state];
    }
    cost += (int32_t)(arc >> 9 & 127);
    *next = arc >> 16;
    return weighted(model, cost) + model->label_reward;
}

static int32_t end(const void *context, uint32_t state) {
    const es_model *model = context;
    const es_language *l = &model->language;
    int32_t cost = 0;
    for (; l->end[state] == ASK_BACK; state = l->back[state])
        cost -= l->weight[state];
    return weighted(model, cost + l->end[state]);
}

bool es_ngram_hook_of(const es_model *model, es_ngram_hook *hook) {
    if (model->language.states == 0 || model->language_weight == 0)
        return false;
    *hook = (es_ngram_hook){.model = model,
                            .start = model->language.start,
                            .step = step,
                            .end = end,
                            .internal = model->internal_weight,
                            .most = MOST};
    return true;
}
