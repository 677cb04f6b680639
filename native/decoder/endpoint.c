/* After each step: words of the best hypothesis, the two end-pointers, watchdog, events. Rules: README.md of this
 * folder. */
#include "../base/work.h"
#include "decoder.h"
#include "fixed_log.h"

#define FNV_PRIME 16777619u
#define COST_WAY 40            /* one arc of the way back, its piece appended */
#define COST_SIGN 30           /* one hypothesis of the expected pause */
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

/* The lattice of this revision, its best path as the words, and how sure they are. False: too little to be words, or
 * not there yet (FREEZE_WANTED): then nothing may be decided, and the same question comes again when it is there. */
static bool freeze(es_recognizer *r) {
    if (r->freeze != FREEZE_NONE)
        return r->freeze == FREEZE_DONE && r->holds;
    r->lattice_size = 0;
    if (r->lattice == NULL) {
        r->holds = has_words(r) && !es_confidence_rejects(r);
        r->freeze = FREEZE_DONE;
        return r->holds;
    }
    es_confidence_note(r);
    es_lattice_begin(r);
    r->freeze = FREEZE_WANTED;
    r->phase = PHASE_LATTICE;
    return false;
}

static void end_utterance(es_recognizer *r, es_end_reason reason, es_work *work) {
    bool heard = has_words(r), sure = heard;
    if (r->speculated && r->lattice_size > 0) {
        es_lattice_words(r, work); /* this revision is committed as it was frozen */
        es_confidence_words(r, work);
    } else if (!r->speculated && (heard || r->freeze == FREEZE_DONE)) {
        heard = true;
        sure = freeze(r);
    }
    if (r->freeze == FREEZE_WANTED)
        return;
    if (heard && !sure && (reason == ES_END_PAUSE || reason == ES_END_EOU))
        reason = ES_END_UNSURE;
    tell(r, sure ? ES_FINAL : ES_TIMEOUT, reason);
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
    int32_t before = t->nodes[0].alpha;
    r->foreign = 0;
    while (count > 0) {
        const es_arc *arc = &t->arcs[way[--count]];
        uint16_t node = count > 0 ? t->arcs[way[count - 1]].from : r->beam.closed[0].stand.node;
        int32_t acoustic = t->nodes[node].alpha - before - arc->language - arc->bias;
        before = t->nodes[node].alpha;
        r->foreign += arc->language + arc->bias;
        if (arc->label != 0) {
            uint32_t from = model->piece_offsets[arc->label], to = model->piece_offsets[arc->label + 1];
            int64_t first = (int64_t)r->start_frame + arc->first_frame;
            h = hash(h, &arc->label, sizeof arc->label);
            es_words_append(&r->words, model->piece_text + from, to - from, first * ES_FEATURE_HOP,
                            (first + arc->frames) * ES_FEATURE_HOP);
        }
        es_words_weigh(&r->words, acoustic);
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
        r->speculated = r->held = false;
        r->lattice_size = 0;
        r->revision++;
    }
    r->doubted = r->doubted && labels == r->labels_hash;
    r->labels_hash = labels;
    es_words_visible(&r->words, &length);
    uint32_t text = hash(ES_HASH_EMPTY, r->words.text, length);
    if (text == r->text_hash || es_confidence_hopeless(r, work))
        return;
    tell(r, ES_PARTIAL, ES_END_NONE);
    r->text_hash = text;
}

/* Pause expected over the beam, in 1/16 of a step. */
static uint16_t expected_pause(const es_beam *beam) {
    uint64_t sum = 0, weights = 0;
    for (unsigned i = 0; i < beam->closed_count; i++) {
        uint64_t weight = es_exp_q30(beam->closed[0].score - beam->closed[i].score) >> 10;
        weights += weight;
        sum += weight * (beam->closed[i].pause < ES_LONG_PAUSE ? beam->closed[i].pause : ES_LONG_PAUSE);
    }
    return (uint16_t)((16 * sum + weights / 2) / weights);
}

/* Is this step, by itself, like what follows a request? Q10 logit. */
static int32_t stillness(const es_recognizer *r, int16_t eou) {
    int32_t sound = r->sound_q3 < 0 ? 0 : r->sound_q3 > ES_LOUD_Q3 ? ES_LOUD_Q3 : r->sound_q3;
    return eou - (sound * r->model->endpoint_sound >> 6);
}

/* What the end-pointers go by. A rest is a run of still steps without a label, as far as the whole beam sees one. */
static void take_signs(es_recognizer *r, es_work *work) {
    const es_hypothesis *best = &r->beam.closed[0];
    const es_model *model = r->model;
    es_end_signs *signs = &r->signs;
    uint16_t length;
    int32_t still = stillness(r, best->eou);
    bool rests = !best->spoke && (model->endpoint_rest == 0 || still >= model->endpoint_rest);
    uint16_t run = rests && r->run < ES_LONG_PAUSE ? r->run + 1 : rests ? ES_LONG_PAUSE : 0;
    r->run = run;
    signs->labels = r->labels_hash;
    signs->words = es_words_visible(&r->words, &length);
    signs->spoke = best->spoke;
    signs->pause = best->pause;
    signs->expected_q4 = expected_pause(&r->beam);
    signs->rest = (uint16_t)(signs->expected_q4 / 16 < run ? signs->expected_q4 / 16 : run);
    signs->eou = best->eou;
    signs->sound_q3 = r->sound_q3;
    signs->score = still + model->endpoint_step * (signs->rest < ES_FULL_REST ? signs->rest : ES_FULL_REST);
    if (signs->words == 1)
        signs->score += model->endpoint_one_word;
    es_work_add(work, 0, 0, (uint64_t)r->beam.closed_count * COST_SIGN);
}

/* Has the rest come to its bound? `least` steps at least when the score is reached, `most` whatever it is; what does
 * not rest, noise for example, is cut at twice that. */
static bool reaches(const es_end_signs *s, int32_t score, uint32_t least, uint32_t most) {
    return s->rest >= most || s->pause >= 2 * most || (s->score >= score && s->rest >= least);
}

/* A step of the best hypothesis without a label while there are words. */
static void silence(es_recognizer *r, es_work *work) {
    const es_model *m = r->model;
    const es_end_signs *signs = &r->signs;
    uint32_t most = r->held ? m->endpoint_frames_held : m->endpoint_frames_final;
    bool over = reaches(signs, r->held ? INT32_MAX : m->endpoint_eou, m->endpoint_least_final, most);
    bool early = over || reaches(signs, m->endpoint_eou_speculative, m->endpoint_least_speculative,
                                 m->endpoint_frames_speculative);
    if (!r->speculated && !over && early && !r->doubted) {
        if (freeze(r)) {
            tell(r, ES_SPECULATIVE, ES_END_NONE);
            r->speculated = true;
        } else if (r->freeze == FREEZE_DONE) {
            r->doubted = true; /* not asked again before the end, unless the words change */
        }
    }
    if (over) {
        bool full = signs->rest >= most || signs->pause >= 2 * most;
        end_utterance(r, full ? ES_END_PAUSE : ES_END_EOU, work);
    }
}

/* Nothing of it changes but by freeze(): it may be asked again when the lattice is there. */
static void decide(es_recognizer *r, es_work *work) {
    const es_model *model = r->model;
    const es_beam *beam = &r->beam;
    if (r->overfull) {
        end_utterance(r, ES_END_LENGTH, work);
        return;
    }
    if (r->padding)
        return;
    if (!beam->closed[0].spoke && r->signs.words)
        silence(r, work);
    if (r->ended || r->freeze == FREEZE_WANTED)
        return;
    if (!r->signs.words && r->utterance_steps >= model->timeout_frames)
        end_utterance(r, ES_END_PAUSE, work);
    /* What does not fit would be lost: the next utterance has room for it. */
    else if ((r->signs.words && r->near_full) || r->utterance_steps >= model->max_frames)
        end_utterance(r, ES_END_LENGTH, work);
}

void es_endpoint_step(es_recognizer *r, es_work *work) {
    es_beam *beam = &r->beam;
    r->steps++;
    r->utterance_steps++;
    es_work_add(work, 0, 0, ES_COST_STEP);
    for (unsigned i = 0; i < beam->closed_count; i++)
        beam->closed[i].pause = (uint16_t)(beam->closed[i].spoke ? 0 : beam->closed[i].pause + 1);
    follow_words(r, work);
    take_signs(r, work);
    r->overfull = r->words.full || beam->full || beam->closed[0].score < SCORE_BOUND;
    r->near_full = es_words_near_full(&r->words, r->model->max_symbols, r->longest);
    r->freeze = FREEZE_NONE;
    r->ending = ES_END_NONE;
    decide(r, work);
}

void es_endpoint_input(es_recognizer *r, es_work *work) {
    r->finishing = false;
    r->freeze = FREEZE_NONE;
    r->ending = ES_END_INPUT;
    end_utterance(r, ES_END_INPUT, work);
}

void es_endpoint_give_up(es_recognizer *r, es_work *work) {
    r->freeze = FREEZE_NONE;
    r->ending = ES_END_OVERLOAD;
    end_utterance(r, ES_END_OVERLOAD, work);
}

void es_endpoint_frozen(es_recognizer *r, es_work *work) {
    uint16_t length;
    if (r->lattice_size > 0)
        es_confidence_words(r, work);
    r->freeze = FREEZE_DONE;
    r->holds = has_words(r) && !es_confidence_rejects(r);
    es_words_visible(&r->words, &length);
    if (r->holds && r->lattice_size > 0)
        r->text_hash = hash(ES_HASH_EMPTY, r->words.text, length);
    if (r->ending == ES_END_NONE)
        decide(r, work);
    else
        end_utterance(r, r->ending, work);
}
