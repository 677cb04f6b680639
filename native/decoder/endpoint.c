/* After each step: words of the best hypothesis, the two end-pointers, watchdog, events. Rules: README.md of this
 * folder. */
#include "../base/work.h"
#include "decoder.h"

#define FNV_PRIME 16777619u
#define COST_WAY 40            /* one arc of the way back, its piece appended */
#define SCORE_BOUND -(1 << 29) /* below this a score could run over: 520,000 nats */

/* End of the sound that the step has heard. */
static int64_t time_of(const es_recognizer *r) { return (int64_t)r->last_frame * ES_FEATURE_HOP + ES_FEATURE_WINDOW; }

static void tell(es_recognizer *r, es_recognizer_event_type type, es_end_reason reason) {
    r->pending[r->pending_count++] = (es_pending){type, reason, r->revision, time_of(r)};
}

static bool has_words(const es_recognizer *r) {
    uint16_t length;
    return es_words_visible(&r->words, &length) > 0;
}

static uint32_t hash(uint32_t h, const void *data, size_t bytes) {
    for (const uint8_t *at = data, *end = at + bytes; at < end; at++)
        h = (h ^ *at) * FNV_PRIME;
    return h;
}

/* The lattice of this revision, and its best path as the words. */
static void freeze(es_recognizer *r, es_work *work) {
    uint16_t length;
    r->lattice_size = 0;
    if (r->lattice == NULL)
        return;
    es_lattice_freeze(r, work);
    es_words_visible(&r->words, &length);
    r->text_hash = hash(ES_HASH_EMPTY, r->words.text, length);
}

static void end_utterance(es_recognizer *r, es_end_reason reason, es_work *work) {
    if (r->speculated && r->lattice_size > 0)
        es_lattice_words(r); /* this revision is committed as it was frozen */
    else if (has_words(r))
        freeze(r, work);
    tell(r, has_words(r) ? ES_FINAL : ES_TIMEOUT, reason);
    r->ended = true;
}

/* The words of the best hypothesis; hash of its labels. */
static uint32_t trace(es_recognizer *r, es_work *work) {
    const es_trellis *t = &r->beam.trellis;
    const es_model *model = r->model;
    uint16_t *way = t->moved, count = 0;
    uint32_t h = ES_HASH_EMPTY;
    for (uint16_t node = r->beam.closed[0].stand.node, arc; (arc = es_trellis_best(t, node)) != ES_NO_NODE;
         node = t->arcs[arc].from)
        way[count++] = arc;
    es_words_clear(&r->words);
    es_work_add(work, 0, 0, (uint64_t)count * COST_WAY);
    while (count > 0) {
        const es_arc *arc = &t->arcs[way[--count]];
        uint32_t from = model->piece_offsets[arc->label], to = model->piece_offsets[arc->label + 1];
        int64_t first = (int64_t)r->start_frame + arc->first_frame;
        if (arc->label == 0)
            continue;
        h = hash(h, &arc->label, sizeof arc->label);
        es_words_append(&r->words, model->piece_text + from, to - from, first * ES_FEATURE_HOP,
                        (first + arc->frames) * ES_FEATURE_HOP);
    }
    return h;
}

/* Tells what has changed in the best hypothesis. */
static void follow_words(es_recognizer *r, es_work *work) {
    uint16_t length;
    uint32_t labels = trace(r, work);
    if (r->speculated) {
        if (labels == r->labels_hash)
            return; /* the frozen revision holds */
        tell(r, ES_RESET, ES_END_NONE);
        r->speculated = false;
        r->lattice_size = 0;
        r->revision++;
    }
    r->labels_hash = labels;
    es_words_visible(&r->words, &length);
    uint32_t text = hash(ES_HASH_EMPTY, r->words.text, length);
    if (text != r->text_hash)
        tell(r, ES_PARTIAL, ES_END_NONE);
    r->text_hash = text;
}

/* A step of the best hypothesis without a label while there are words. */
static void silence(es_recognizer *r, es_work *work) {
    const es_model *model = r->model;
    const es_hypothesis *best = &r->beam.closed[0];
    bool eou = best->eou >= model->endpoint_eou;
    uint32_t wait = eou ? (model->endpoint_frames_final + 1u) / 2 : model->endpoint_frames_final;
    bool over = best->pause >= wait;
    if (!r->speculated && (over || best->pause >= model->endpoint_frames_speculative)) {
        freeze(r, work);
        if (has_words(r)) { /* the sum over all ways may say that nothing was said */
            tell(r, ES_SPECULATIVE, ES_END_NONE);
            r->speculated = true;
        }
    }
    if (over)
        end_utterance(r, best->pause >= model->endpoint_frames_final ? ES_END_PAUSE : ES_END_EOU, work);
}

void es_endpoint_step(es_recognizer *r, es_work *work) {
    const es_model *model = r->model;
    es_beam *beam = &r->beam;
    r->steps++;
    r->utterance_steps++;
    es_work_add(work, 0, 0, ES_COST_STEP);
    for (unsigned i = 0; i < beam->closed_count; i++)
        beam->closed[i].pause = (uint16_t)(beam->closed[i].spoke ? 0 : beam->closed[i].pause + 1);
    follow_words(r, work);
    if (r->words.full || beam->full || beam->closed[0].score < SCORE_BOUND) {
        end_utterance(r, ES_END_LENGTH, work);
        return;
    }
    if (r->padding)
        return;
    bool words = has_words(r);
    if (!beam->closed[0].spoke && words)
        silence(r, work);
    if (!r->ended && !words && r->utterance_steps >= model->timeout_frames)
        end_utterance(r, ES_END_PAUSE, work);
    /* What does not fit would be lost: the next utterance has room for it. */
    bool full = has_words(r) && es_words_near_full(&r->words, model->max_symbols, r->longest);
    if (!r->ended && (full || r->utterance_steps >= model->max_frames))
        end_utterance(r, ES_END_LENGTH, work);
}

void es_endpoint_input(es_recognizer *r, es_work *work) {
    r->finishing = false;
    end_utterance(r, ES_END_INPUT, work);
}

void es_endpoint_give_up(es_recognizer *r, es_work *work) { end_utterance(r, ES_END_OVERLOAD, work); }
