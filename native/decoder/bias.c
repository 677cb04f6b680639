/* The names' memory, and the lists that come and go. */
#include "bias.h"

#include <string.h>

#include "../base/work.h"

/* The bonus of each letter but the first, and how many of a name are paid for: chosen on dev recordings,
 * host-sim/decoder/README.md has the table. The model's own weight multiplies it. */
#define LETTER_BONUS 512
#define PAID_LETTERS 12
#define COST_LETTER 40 /* one letter of a list, checked, copied and looked up */

size_t es_bias_bytes(void) {
    return es_arena_need(sizeof(es_bias)) + 2 * es_arena_need(ES_BIAS_LIST) +
           es_arena_need(ES_BIAS_NODES * sizeof(es_bias_node)) +
           es_arena_need((ES_BIAS_PHRASES + 2) * sizeof(es_bias_phrase));
}

static uint8_t longest_piece(const es_model *model) {
    uint32_t longest = 0;
    for (uint32_t label = 1; label <= model->vocabulary; label++) {
        uint32_t bytes = (uint32_t)model->piece_offsets[label + 1] - model->piece_offsets[label];
        longest = bytes > longest ? bytes : longest;
    }
    return (uint8_t)longest;
}

static const uint8_t NO_NAMES[4] = {ES_BIAS_VERSION, 0, 0, 0};

es_status es_bias_init(es_bias **bias, es_arena *arena, const es_model *model) {
    es_bias *made = es_arena_take(arena, sizeof *made);
    if (made == NULL)
        return ES_E_MEMORY;
    made->list[0] = es_arena_take(arena, ES_BIAS_LIST);
    made->list[1] = es_arena_take(arena, ES_BIAS_LIST);
    made->nodes = es_arena_take(arena, ES_BIAS_NODES * sizeof(es_bias_node));
    made->phrases = es_arena_take(arena, (ES_BIAS_PHRASES + 2) * sizeof(es_bias_phrase));
    if (made->list[0] == NULL || made->list[1] == NULL || made->nodes == NULL || made->phrases == NULL)
        return ES_E_MEMORY;
    made->model = model;
    made->hook = (es_bias_hook){.automaton = made, .step = es_bias_step, .end = es_bias_end};
    made->longest = longest_piece(model);
    made->letter_bonus = (uint16_t)((LETTER_BONUS * (uint32_t)model->bias_weight) >> 8);
    made->paid_letters = PAID_LETTERS;
    es_bias_singles(model, made->singles);
    for (int i = 0; i < 2; i++) {
        memcpy(made->list[i], NO_NAMES, sizeof NO_NAMES);
        made->bytes[i] = sizeof NO_NAMES;
    }
    *bias = made;
    return ES_OK;
}

es_status es_bias_set(es_bias *bias, const uint8_t *list, uint32_t bytes, uint32_t *where, es_work *work) {
    es_status status = es_bias_check(list, bytes, where);
    if (status != ES_OK)
        return status;
    bias->newest = bias->used ^ 1; /* one that waits already is replaced */
    bias->waits = true;
    memmove(bias->list[bias->newest], list, bytes);
    bias->bytes[bias->newest] = bytes;
    bias->unspelled = 0;
    es_bias_first(list, &bias->names);
    for (int32_t at = es_bias_unspelled(bias, 0); at >= 0; at = es_bias_unspelled(bias, (uint32_t)at + 1))
        bias->unspelled++;
    if (work != NULL)
        es_work_add(work, 0, 0, (uint64_t)bytes * COST_LETTER);
    return ES_OK;
}

uint8_t *es_bias_room(es_bias *bias) {
    bias->waits = false;
    bias->newest = bias->used;
    return bias->list[bias->used ^ 1];
}

bool es_bias_waits(const es_bias *bias) { return bias->waits; }

bool es_bias_builds(const es_bias *bias) { return bias->stage != BIAS_READY; }

const es_bias_hook *es_bias_ready(const es_bias *bias) {
    return bias->stage == BIAS_READY && bias->node_count > 1 ? &bias->hook : NULL;
}

void es_bias_count(const es_bias *bias, es_bias_counts *counts) {
    *counts = (es_bias_counts){.names = bias->names,
                               .unspelled = bias->unspelled,
                               .nodes = bias->node_count,
                               .phrase_nodes = bias->phrase_count,
                               .list_bytes = bias->bytes[bias->newest]};
}

const uint8_t *es_bias_list(const es_bias *bias, uint32_t *bytes) {
    *bytes = bias->bytes[bias->newest];
    return bias->list[bias->newest];
}

int32_t es_bias_unspelled(const es_bias *bias, uint32_t from) {
    const uint8_t *list = bias->list[bias->newest];
    uint16_t names;
    uint32_t at = es_bias_first(list, &names);
    for (uint32_t i = 0; i < names; i++) {
        es_bias_entry entry;
        at = es_bias_entry_at(list, at, &entry);
        if (i >= from && !es_bias_can_spell(bias->model, bias->singles, list + entry.text, entry.bytes))
            return (int32_t)i;
    }
    return -1;
}
