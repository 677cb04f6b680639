/* Checks of the search weights and of the language model. */
#include "reader.h"

#define WEIGHT_BYTES 16
#define LANGUAGE_HEADER 64
#define LEVELS 8
#define LEVELS_AT 12
#define MAX_LABELS 512
#define ASK_BACK 255

es_status es_reader_weights(es_reader *reader, es_model *model) {
    es_section s;
    model->bias_weight = 256;
    if (!es_reader_has(reader, SECTION_WEIGHTS, 0))
        return ES_OK;
    es_status status = es_reader_exact(reader, SECTION_WEIGHTS, 0, WEIGHT_BYTES, &s);
    if (status != ES_OK)
        return status;
    model->language_weight = es_read_u16(s.data);
    model->internal_weight = es_read_u16(s.data + 2);
    model->bias_weight = es_read_u16(s.data + 4);
    model->label_reward = (int16_t)es_read_u16(s.data + 6);
    if (model->language_weight > 1024)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    if (model->internal_weight > 1024)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 2);
    if (model->bias_weight > 4096)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 4);
    if (model->label_reward < -8192 || model->label_reward > 8192)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 6);
    return ES_OK;
}

/* Labels ascend and exist, every arc leads to a state; state 0 knows all labels. */
static es_status check_arcs(es_reader *reader, const es_language *l, uint32_t labels) {
    if (l->first[1] != labels)
        return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&l->first[1] - reader->data));
    for (uint32_t s = 0; s < l->states; s++) {
        int32_t last = -1;
        for (uint32_t a = l->first[s]; a < l->first[s + 1]; a++) {
            int32_t label = (int32_t)(l->arc[a] & 511);
            if (label <= last || label >= (int32_t)labels || l->arc[a] >> 16 >= l->states)
                return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&l->arc[a] - reader->data));
            last = label;
        }
    }
    return ES_OK;
}

/* The way back always goes to a shorter context, so it ends. */
static es_status check_states(es_reader *reader, const es_language *l, const uint8_t *levels, uint32_t arcs) {
    uint32_t level = 0;
    if (l->first[0] != 0 || l->first[l->states] != arcs)
        return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)l->first - reader->data));
    for (uint32_t s = 0; s < l->states; s++) {
        while (level + 1 < LEVELS && es_read_u16(levels + 2 * (level + 1)) <= s)
            level++;
        if (l->first[s + 1] < l->first[s])
            return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&l->first[s] - reader->data));
        if (s == 0 ? l->back[s] != 0 : l->back[s] >= es_read_u16(levels + 2 * level))
            return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&l->back[s] - reader->data));
    }
    return l->end[0] == ASK_BACK ? es_reader_fail(reader, ES_E_CORRUPT, (size_t)(l->end - reader->data)) : ES_OK;
}

static es_status check_levels(es_reader *reader, const es_section *s, uint32_t states) {
    for (uint32_t k = 0; k < LEVELS; k++) {
        uint32_t at = es_read_u16(s->data + LEVELS_AT + 2 * k);
        uint32_t before = k == 0 ? 0 : es_read_u16(s->data + LEVELS_AT + 2 * (k - 1));
        if (at < before || at > states || (k < 2 && at != k))
            return es_reader_fail(reader, ES_E_CORRUPT, s->at + LEVELS_AT + 2 * k);
    }
    return ES_OK;
}

es_status es_reader_language(es_reader *reader, es_model *model) {
    es_section s;
    es_language l = {0};
    if (!es_reader_has(reader, SECTION_LANGUAGE, 0))
        return ES_OK;
    es_status status = es_reader_section(reader, SECTION_LANGUAGE, 0, &s);
    if (status != ES_OK)
        return status;
    if (s.bytes < LANGUAGE_HEADER)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    uint32_t order = es_read_u16(s.data), labels = es_read_u16(s.data + 2), arcs = es_read_u16(s.data + 6);
    l.states = es_read_u16(s.data + 4);
    l.start = es_read_u16(s.data + 8);
    if (order < 1 || order > LEVELS)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    if (labels != model->vocabulary || labels > MAX_LABELS)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 2);
    if (l.states < 1 || arcs < labels)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 4);
    if (l.start >= l.states)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 8);
    size_t first = LANGUAGE_HEADER, back = first + es_round64((l.states + (size_t)1) * 2);
    size_t weight = back + es_round64((size_t)l.states * 2), end = weight + es_round64(l.states);
    size_t arc = end + es_round64(l.states);
    if (s.bytes != arc + (size_t)arcs * 4)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    /* Sections and arrays begin at multiples of 64 of aligned bytes, so these casts keep alignment. */
    l.first = (const uint16_t *)(const void *)(s.data + first);
    l.back = (const uint16_t *)(const void *)(s.data + back);
    l.weight = (const int8_t *)(s.data + weight);
    l.end = s.data + end;
    l.arc = (const uint32_t *)(const void *)(s.data + arc);
    status = check_levels(reader, &s, l.states);
    if (status == ES_OK)
        status = check_states(reader, &l, s.data + LEVELS_AT, arcs);
    if (status == ES_OK)
        status = check_arcs(reader, &l, labels);
    if (status == ES_OK)
        model->language = l;
    return status;
}
