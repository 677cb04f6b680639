/* Beam search, one step at a time. Each step goes in rounds: every open hypothesis takes its blank, which closes it for
 * the step, and its best labels, which stay open for the next round. After each round the best `width` of both live on.
 * Closed hypotheses of equal state become one. A width of one is the greedy search, ties included: blank wins, then the
 * lower label. */
#include <string.h>

#include "../base/work.h"
#include "decoder.h"
#include "fixed_log.h"

#define COST_EXP 16       /* one term of the sum of a softmax: two look-ups, 64-bit product */
#define COST_CANDIDATE 60 /* one label that is weighed */
#define COST_BIAS 800     /* one label asked of live biasing, a thousand names (valgrind) */
#define COST_MERGE 150
#define COST_EXTEND 90

void es_beam_clear(es_beam *beam) {
    es_trellis_clear(&beam->trellis);
    beam->closed[0] = (es_hypothesis){.ngram = beam->ngram != NULL ? beam->ngram->start : 0};
    beam->closed_count = 1;
    beam->open_count = beam->next_count = beam->done = beam->round = 0;
    beam->full = false;
    beam->quiet = true;
}

/* Arcs and nodes that one round can need: a label each, and the joining of what has met. */
static bool room(const es_beam *beam) {
    return es_trellis_room(&beam->trellis, 3u * beam->options.width, 5u * beam->options.width);
}

static void make_room(es_beam *beam, es_work *work) {
    es_stand stands[3 * ES_MAX_BEAM];
    uint16_t n = 0;
    if (room(beam))
        return;
    for (unsigned i = 0; i < beam->closed_count; i++)
        stands[n++] = beam->closed[i].stand;
    for (unsigned i = 0; i < beam->open_count; i++)
        stands[n++] = beam->open[i].stand;
    es_trellis_collect(&beam->trellis, stands, n, work);
    beam->stats.collections++;
    beam->stats.pruned = beam->trellis.pruned;
    n = 0;
    for (unsigned i = 0; i < beam->closed_count; i++)
        beam->closed[i].stand = stands[n++];
    for (unsigned i = 0; i < beam->open_count; i++)
        beam->open[i].stand = stands[n++];
    beam->full = !room(beam);
}

void es_beam_begin_step(es_recognizer *r, es_work *work) {
    es_beam *beam = &r->beam;
    beam->options.width = beam->wanted;
    if (beam->closed_count > beam->wanted)
        beam->closed_count = beam->wanted; /* the best ones */
    beam->open_count = beam->closed_count;
    memcpy(beam->open, beam->closed, beam->closed_count * sizeof(es_hypothesis));
    beam->closed_count = beam->next_count = beam->done = beam->round = 0;
    beam->best = INT32_MIN;
    for (unsigned i = 0; i < beam->open_count; i++)
        beam->open[i].spoke = false;
    es_joint_begin(&r->joint);
    make_room(beam, work);
}

static bool same_state(const es_hypothesis *a, const es_hypothesis *b) {
    return a->labels[0] == b->labels[0] && a->labels[1] == b->labels[1] && a->bias == b->bias && a->ngram == b->ngram;
}

/* Below this nothing can live on: too far from the best, or `width` others are better. */
static int32_t floor_of(const es_beam *beam) {
    int32_t low = beam->best == INT32_MIN ? INT32_MIN : beam->best - beam->options.beam;
    if (beam->next_count == beam->options.width && beam->next[beam->next_count - 1].score > low)
        low = beam->next[beam->next_count - 1].score;
    return low;
}

/* ---- the end of a round ---- */

/* Scores of what may live on: closed hypotheses, those of one state added up, then candidates. */
static unsigned rank_all(const es_beam *beam, int32_t *scores, uint8_t *leader) {
    unsigned n = 0;
    for (unsigned i = 0; i < beam->closed_count; i++, n++) {
        unsigned first = 0;
        while (!same_state(&beam->closed[first], &beam->closed[i]))
            first++;
        leader[i] = (uint8_t)first;
        scores[n] = beam->closed[i].score;
        if (first < i)
            scores[first] = es_log_add(scores[first], scores[n]);
    }
    for (unsigned i = 0; i < beam->next_count; i++)
        scores[n++] = beam->next[i].score;
    return n;
}

/* Is entry `i` among the `width` best and inside the beam? Entries of `scores` that follow a leader do not count. */
static bool lives(const es_beam *beam, const int32_t *scores, const uint8_t *leader, unsigned n, unsigned i) {
    unsigned better = 0;
    for (unsigned k = 0; k < n; k++) {
        if (k < beam->closed_count && leader[k] != k)
            continue;
        if (scores[k] - beam->options.beam > scores[i])
            return false;
        better += scores[k] > scores[i] || (scores[k] == scores[i] && k < i);
    }
    return better < beam->options.width;
}

static void join(es_beam *beam, es_hypothesis *into, const es_hypothesis *other, es_work *work) {
    es_stand stand = es_trellis_merge(&beam->trellis, into->stand, other->stand);
    if (other->score > into->score)
        *into = *other;
    into->stand = stand;
    into->score = beam->trellis.nodes[stand.node].alpha + stand.trail;
    beam->stats.merges++;
    es_work_add(work, 0, 0, COST_MERGE);
}

/* Drops the closed ones that do not live on, joins those of one state. */
static void settle_closed(es_beam *beam, const bool *keep, const uint8_t *leader, es_work *work) {
    uint8_t place[2 * ES_MAX_BEAM], count = 0;
    for (unsigned i = 0; i < beam->closed_count; i++) {
        if (!keep[leader[i]])
            continue;
        if (leader[i] != i) {
            join(beam, &beam->closed[place[leader[i]]], &beam->closed[i], work);
            continue;
        }
        place[i] = count;
        beam->closed[count++] = beam->closed[i];
    }
    beam->closed_count = count;
}

/* Candidates that live on become hypotheses; those of one state share a node. */
static void extend(es_recognizer *r, const bool *keep, es_work *work) {
    es_beam *beam = &r->beam;
    es_hypothesis made[ES_MAX_BEAM];
    unsigned count = 0;
    for (unsigned i = 0; i < beam->next_count; i++) {
        const es_candidate *c = &beam->next[i];
        const es_hypothesis *from = &beam->open[c->from];
        if (!keep[i])
            continue;
        es_hypothesis h = {.bias = c->bias, .ngram = c->ngram, .labels = {from->labels[1], c->label}, .spoke = true};
        es_arc arc = {.score = from->stand.trail + c->label_score + c->language + c->bonus,
                      .language = c->language,
                      .bias = c->bonus,
                      .label = c->label,
                      .first_frame = r->first_frame - r->start_frame,
                      .frames = (uint8_t)(r->last_frame + 1 - r->first_frame)};
        unsigned k = 0;
        while (k < count && !same_state(&made[k], &h))
            k++;
        if (k < count) {
            es_trellis_enter(&beam->trellis, made[k].stand.node, from->stand.node, &arc);
        } else {
            h.stand.node = es_trellis_extend(&beam->trellis, from->stand.node, &arc);
            made[count++] = h;
        }
        made[k].score = beam->trellis.nodes[made[k].stand.node].alpha;
        es_work_add(work, 0, 0, COST_EXTEND);
    }
    memcpy(beam->open, made, count * sizeof(es_hypothesis));
    beam->open_count = (uint8_t)count;
}

/* Best first; equal ones keep their order. */
static void sort_closed(es_beam *beam) {
    for (unsigned i = 1; i < beam->closed_count; i++) {
        es_hypothesis h = beam->closed[i];
        unsigned k = i;
        for (; k > 0 && beam->closed[k - 1].score < h.score; k--)
            beam->closed[k] = beam->closed[k - 1];
        beam->closed[k] = h;
    }
}

static void settle(es_recognizer *r, es_work *work) {
    es_beam *beam = &r->beam;
    int32_t scores[3 * ES_MAX_BEAM];
    uint8_t leader[3 * ES_MAX_BEAM];
    bool keep[3 * ES_MAX_BEAM];
    unsigned n = rank_all(beam, scores, leader), closed = beam->closed_count;
    for (unsigned i = 0; i < n; i++)
        keep[i] = (i >= closed || leader[i] == i) && lives(beam, scores, leader, n, i);
    es_work_add(work, 0, 0, 8 * (uint64_t)n * n);
    /* Labels first: they leave nodes that the joining below may otherwise take apart. */
    extend(r, keep + closed, work);
    settle_closed(beam, keep, leader, work);
}

/* Labels of the last round close without a blank. */
static void close_open(es_recognizer *r, es_work *work) {
    es_beam *beam = &r->beam;
    for (unsigned i = 0; i < beam->open_count; i++)
        beam->closed[beam->closed_count++] = beam->open[i];
    beam->open_count = 0;
    beam->next_count = 0;
    settle(r, work);
}

/* ---- what follows an open hypothesis ---- */

static void propose(es_beam *beam, const es_candidate *c) {
    if (c->score <= floor_of(beam) && beam->next_count == beam->options.width)
        return;
    unsigned k = beam->next_count < beam->options.width ? beam->next_count++ : beam->next_count - 1u;
    for (; k > 0 && beam->next[k - 1].score < c->score; k--)
        beam->next[k] = beam->next[k - 1];
    beam->next[k] = *c;
    beam->best = c->score > beam->best ? c->score : beam->best;
}

static int16_t part(int32_t score) { return es_sat16(score); }

/* What the language model adds to a label: its own score less that of the network's language model. */
static int32_t language(const es_ngram_hook *ngram, uint32_t state, uint16_t label, const uint8_t *internal,
                        uint32_t *next, es_work *work) {
    int32_t score = ngram->step(ngram->model, state, label, next, work);
    if (internal != NULL)
        score += internal[label - 1] * 64 * ngram->internal >> 8;
    return score < ngram->most ? score : ngram->most;
}

/* `total`: what makes log-probabilities of the logits. */
static void weigh_labels(es_recognizer *r, unsigned from, int column, int32_t total, es_work *work) {
    es_beam *beam = &r->beam;
    const es_hypothesis *h = &beam->open[from];
    const int16_t *logits = es_joint_logits(r, column);
    int32_t most = (beam->bias == NULL ? 0 : beam->bias->most) + (beam->ngram == NULL ? 0 : beam->ngram->most);
    uint64_t weighed = 0;
    for (uint16_t label = 1; label <= r->model->vocabulary; label++) {
        es_candidate c = {.label_score = logits[label] - total, .label = label, .from = (uint8_t)from};
        c.score = h->score + c.label_score;
        if (c.score + most < floor_of(beam))
            continue;
        if (beam->ngram != NULL)
            c.language = part(language(beam->ngram, h->ngram, label, es_joint_internal(r, column), &c.ngram, work));
        if (beam->bias != NULL) {
            int32_t bonus = 0;
            beam->bias->step(beam->bias->automaton, h->bias, label, &c.bias, &bonus);
            c.bonus = part(bonus);
        }
        c.score += c.language + c.bonus;
        weighed++;
        if (c.score >= floor_of(beam) && c.score >= beam->best - beam->options.labels)
            propose(beam, &c);
    }
    uint32_t candidate = COST_CANDIDATE + (beam->bias == NULL ? 0 : COST_BIAS);
    es_work_add(work, 0, 0, (uint64_t)r->model->vocabulary * ES_COST_ARGMAX + weighed * candidate);
}

static void take_blank(es_beam *beam, int32_t score, int16_t eou) {
    es_hypothesis *h = &beam->closed[beam->closed_count++];
    *h = beam->open[beam->done++];
    h->score += score;
    h->stand.trail += score;
    h->eou = eou;
    beam->best = h->score > beam->best ? h->score : beam->best;
}

/* The open hypothesis whose turn it is takes its blank and proposes its labels. */
static void follow(es_recognizer *r, int column, es_work *work) {
    es_beam *beam = &r->beam;
    const int16_t *logits = es_joint_logits(r, column);
    uint32_t count = r->model->vocabulary + 1u;
    int32_t total = es_log_total(logits, count, r->model->blank_penalty);
    int32_t blank = logits[0] - r->model->blank_penalty - total;
    es_work_add(work, 0, 0, (uint64_t)count * COST_EXP);
    beam->open[beam->done].quiet = blank >= -beam->options.quiet;
    if (beam->round == 0 && beam->done == 0) {
        beam->quiet = beam->open[0].quiet;
        beam->quiet_blank = blank;
        beam->quiet_eou = logits[count];
    }
    take_blank(beam, blank, logits[count]);
    if (!beam->full)
        weigh_labels(r, beam->done - 1u, column, total, work);
}

/* Where the best hypothesis is as good as sure of its blank, one that was so of its own at the last look takes the
 * same, without a look. */
static bool goes_along(const es_beam *beam) {
    return beam->round == 0 && beam->done > 0 && beam->quiet && beam->open[beam->done].quiet;
}

/* One batch for the hypotheses that wait, best first. After a quiet step another one is likely: those that would go
 * along are left out then. */
static void plan(es_recognizer *r, es_work *work) {
    es_beam *beam = &r->beam;
    es_joint_begin(&r->joint);
    bool likely = beam->round == 0 && beam->quiet;
    for (unsigned i = beam->done; i < beam->open_count; i++) {
        if (beam->open[i].score < floor_of(beam))
            continue;
        if (i > beam->done && likely && beam->open[i].quiet)
            continue;
        if (!es_joint_add(r, beam->open[i].labels, work))
            return;
    }
}

/* The most that one call of follow() can count. */
static uint64_t most_of_follow(const es_recognizer *r) {
    uint32_t candidate = COST_CANDIDATE + (r->beam.bias == NULL ? 0 : COST_BIAS);
    return (r->model->vocabulary + 1u) * (uint64_t)(COST_EXP + ES_COST_ARGMAX + candidate);
}

es_beam_state es_beam_run(es_recognizer *r, uint64_t until, es_work *work) {
    es_beam *beam = &r->beam;
    uint64_t most = most_of_follow(r);
    for (;;) {
        while (beam->done < beam->open_count) {
            if (beam->open[beam->done].score < floor_of(beam)) {
                beam->done++;
                beam->stats.skipped++;
                continue;
            }
            if (goes_along(beam)) {
                beam->stats.quiet++;
                take_blank(beam, beam->quiet_blank, beam->quiet_eou);
                continue;
            }
            int column = es_joint_find(r, beam->open[beam->done].labels);
            if (column < 0) {
                plan(r, work);
                return ES_BEAM_WANTS;
            }
            /* Something is done in every slice, else one that is shorter than a hypothesis takes would never end. */
            if (work->instructions > ES_COST_SLICE && work->instructions + most > until)
                return ES_BEAM_PAUSED;
            follow(r, column, work);
        }
        settle(r, work);
        beam->next_count = beam->done = 0;
        beam->round++;
        if (beam->open_count == 0)
            break;
        make_room(beam, work);
        if (beam->round == r->model->max_symbols || beam->full) {
            close_open(r, work);
            break;
        }
    }
    sort_closed(beam);
    return ES_BEAM_DONE;
}
