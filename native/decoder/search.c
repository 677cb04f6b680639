/* Greedy search over the logits of one step, end-pointers, watchdog. Rules: README.md of this folder. */
#include "../base/work.h"
#include "decoder.h"

/* End of the sound that the step has heard. */
static int32_t time_of(const es_recognizer *r) { return (int32_t)(r->last_frame * ES_FEATURE_HOP + ES_FEATURE_WINDOW); }

static void tell(es_recognizer *r, es_recognizer_event_type type, es_end_reason reason) {
    r->pending[r->pending_count++] = (es_pending){type, reason, r->revision, time_of(r)};
}

static bool has_words(const es_recognizer *r) {
    uint16_t length;
    return es_words_visible(&r->words, &length) > 0;
}

static void end_utterance(es_recognizer *r, es_end_reason reason) {
    tell(r, has_words(r) ? ES_FINAL : ES_TIMEOUT, reason);
    r->ended = true;
}

void es_search_begin_step(es_recognizer *r) {
    r->symbols = 0;
    es_words_visible(&r->words, &r->length_before);
}

static void take_label(es_recognizer *r, uint16_t label) {
    const es_model *model = r->model;
    uint32_t from = model->piece_offsets[label], to = model->piece_offsets[label + 1];
    if (r->speculated) {
        tell(r, ES_RESET, ES_END_NONE);
        r->speculated = false;
        r->revision++;
    }
    es_words_append(&r->words, model->piece_text + from, to - from, (int32_t)(r->first_frame * ES_FEATURE_HOP),
                    (int32_t)((r->last_frame + 1) * ES_FEATURE_HOP));
    r->context[0] = r->context[1];
    r->context[1] = label;
    r->predicted = false;
    r->silent_steps = 0;
    r->symbols++;
}

bool es_search_label(es_recognizer *r, es_work *work) {
    int32_t best = r->logits[0] - r->model->blank_penalty;
    uint16_t label = 0;
    for (uint16_t k = 1; k <= r->model->vocabulary; k++) {
        if (r->logits[k] > best) {
            best = r->logits[k];
            label = k;
        }
    }
    es_work_add(work, 0, 0, (uint64_t)r->model->vocabulary * ES_COST_ARGMAX);
    if (label == 0)
        return false;
    take_label(r, label);
    return r->symbols < r->model->max_symbols && !r->words.full;
}

/* A step without a label while there are words. */
static void silence(es_recognizer *r) {
    const es_model *model = r->model;
    bool eou = r->logits[model->vocabulary + 1] >= model->endpoint_eou;
    uint32_t wait = eou ? (model->endpoint_frames_final + 1u) / 2 : model->endpoint_frames_final;
    bool over = r->silent_steps >= wait;
    if (!r->speculated && (over || r->silent_steps >= model->endpoint_frames_speculative)) {
        tell(r, ES_SPECULATIVE, ES_END_NONE);
        r->speculated = true;
    }
    if (over)
        end_utterance(r, r->silent_steps >= model->endpoint_frames_final ? ES_END_PAUSE : ES_END_EOU);
}

void es_search_end_step(es_recognizer *r, es_work *work) {
    const es_model *model = r->model;
    uint16_t length;
    r->steps++;
    r->utterance_steps++;
    es_work_add(work, 0, 0, ES_COST_STEP);
    uint16_t words = es_words_visible(&r->words, &length);
    if (r->symbols == 0)
        r->silent_steps++;
    if (length != r->length_before)
        tell(r, ES_PARTIAL, ES_END_NONE);
    if (r->words.full) {
        end_utterance(r, ES_END_LENGTH);
        return;
    }
    if (r->padding)
        return;
    if (r->symbols == 0 && words > 0)
        silence(r);
    if (!r->ended && words == 0 && r->utterance_steps >= model->timeout_frames)
        end_utterance(r, ES_END_PAUSE);
    if (!r->ended && r->utterance_steps >= model->max_frames)
        end_utterance(r, ES_END_LENGTH);
}

void es_search_end_input(es_recognizer *r) {
    r->finishing = false;
    end_utterance(r, ES_END_INPUT);
}
