/* What is tuned to one model: thresholds, and the maps of confidence. */
#include "reader.h"

#define THRESHOLD_BYTES 32
#define CONFIDENCE_BYTES 112
#define CONFIDENCE_MOST 65534

static es_status read_ends(es_reader *reader, const es_section *s, es_model *model) {
    model->endpoint_frames_final = es_read_u16(s->data + 4);
    model->endpoint_frames_speculative = es_read_u16(s->data + 6);
    model->endpoint_eou = (int16_t)es_read_u16(s->data + 12);
    model->endpoint_least_final = s->data[16];
    model->endpoint_least_speculative = s->data[17];
    model->endpoint_eou_speculative = (int16_t)es_read_u16(s->data + 18);
    model->endpoint_rest = (int16_t)es_read_u16(s->data + 20);
    model->endpoint_sound = es_read_u16(s->data + 22);
    model->endpoint_step = es_read_u16(s->data + 24);
    model->endpoint_frames_held = es_read_u16(s->data + 26);
    model->endpoint_one_word = (int16_t)es_read_u16(s->data + 28);
    if (!es_inside(model->endpoint_frames_final, 1, 1000, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s->at + 4);
    if (!es_inside(model->endpoint_frames_speculative, 1, model->endpoint_frames_final, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s->at + 6);
    /* 0 stands for what a model has that nobody tuned. */
    if (model->endpoint_least_final == 0)
        model->endpoint_least_final = (uint16_t)((model->endpoint_frames_final + 1u) / 2);
    if (model->endpoint_least_speculative == 0)
        model->endpoint_least_speculative = model->endpoint_frames_speculative;
    if (model->endpoint_frames_held == 0)
        model->endpoint_frames_held = model->endpoint_frames_final;
    if (!es_inside(model->endpoint_frames_held, model->endpoint_frames_final, 1000, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s->at + 26);
    return ES_OK;
}

es_status es_reader_thresholds(es_reader *reader, es_model *model) {
    es_section s;
    es_status status = es_reader_exact(reader, SECTION_THRESHOLDS, 0, THRESHOLD_BYTES, &s);
    if (status != ES_OK)
        return status;
    model->blank_penalty = (int16_t)es_read_u16(s.data);
    model->max_symbols = es_read_u16(s.data + 2);
    model->timeout_frames = es_read_u16(s.data + 8);
    model->max_frames = es_read_u16(s.data + 10);
    model->finish_frames = es_read_u16(s.data + 14);
    if (!es_inside(model->max_symbols, 1, ES_MAX_SYMBOLS, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 2);
    status = read_ends(reader, &s, model);
    if (status != ES_OK)
        return status;
    if (!es_inside(model->timeout_frames, 1, 60000, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 8);
    if (!es_inside(model->max_frames, 1, 60000, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 10);
    if (!es_inside(model->finish_frames, 0, 50, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 14);
    return ES_OK;
}

/* Maps that never fall, so that more evidence never makes a word less sure. */
static es_status read_knots(es_reader *reader, const es_section *s, size_t at, const uint16_t **knots) {
    const uint16_t *values = (const uint16_t *)(const void *)(s->data + at);
    for (unsigned k = 0; k < ES_CONFIDENCE_KNOTS; k++)
        if (values[k] > CONFIDENCE_MOST || (k > 0 && values[k] < values[k - 1]))
            return es_reader_fail(reader, ES_E_CORRUPT, s->at + at + 2 * k);
    *knots = values;
    return ES_OK;
}

es_status es_reader_confidence(es_reader *reader, es_model *model) {
    es_section s;
    if (!es_reader_has(reader, SECTION_CONFIDENCE, 0))
        return ES_OK;
    es_status status = es_reader_exact(reader, SECTION_CONFIDENCE, 0, CONFIDENCE_BYTES, &s);
    if (status != ES_OK)
        return status;
    model->confidence_offset = (int16_t)es_read_u16(s.data);
    model->confidence_posterior = (int16_t)es_read_u16(s.data + 2);
    model->confidence_acoustic = (int16_t)es_read_u16(s.data + 4);
    model->confidence_mass = (int16_t)es_read_u16(s.data + 6);
    model->confidence_least = es_read_u16(s.data + 8);
    if (model->confidence_least > CONFIDENCE_MOST)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 8);
    status = read_knots(reader, &s, 16, &model->confidence_words);
    return status == ES_OK ? read_knots(reader, &s, 64, &model->confidence_utterance) : status;
}
