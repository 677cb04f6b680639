/* The lattice of the hypotheses as they stand, in slices: from the trellis (lattice_build.c), pruned, in canonical
 * order, coded, and its best path as the words. */
#include <string.h>

#include "../base/work.h"
#include "fixed_log.h"
#include "lattice_build.h"

#define TRIES 24
/* Nominal instructions of one edge; a 64-bit division is a call on RV32. */
#define COST_POSTERIOR 320 /* two exponentials, a product, a division */
#define COST_RESCALE 440   /* the same and a logarithm */
#define COST_SORT 60
#define COST_CODE 150
#define COST_COMPARE 12 /* with the edges that a word may share its time with */
#define COST_WORD 400

/* A node lies where its strongest word ends, and later than every node that leads to it. */
static void set_times(es_lattice *l, int32_t last) {
    uint32_t most[ES_LATTICE_NODES] = {0};
    int32_t least[ES_LATTICE_NODES] = {0};
    memset(l->time, 0, sizeof l->time);
    for (uint16_t n = 0; n < l->nodes; n++) {
        l->time[n] = n + 1 == l->nodes && last > l->time[n] ? last : l->time[n];
        l->time[n] = l->time[n] > least[n] ? l->time[n] : least[n];
        for (uint16_t e = l->first_edge[n]; n + 1 < l->nodes && e < l->first_edge[n + 1]; e++) {
            const es_lattice_edge *edge = &l->edge[e];
            if (edge->posterior >= most[edge->to]) {
                most[edge->to] = edge->posterior;
                l->time[edge->to] = edge->end;
            }
            if (l->time[n] + 1 > least[edge->to])
                least[edge->to] = l->time[n] + 1;
        }
    }
}

/* The posterior that leaves about as many edges as `bytes` can hold, and fewer than there are. */
static uint32_t tighten(const es_lattice *l, uint32_t least, uint32_t bytes) {
    uint32_t estimate = 16 + 3u * l->nodes, kept;
    for (uint16_t e = 0; e < l->edges; e++)
        estimate += 10u + l->edge[e].pieces;
    uint32_t most = l->edges * bytes / estimate;
    most = most < l->edges ? most : l->edges * 9u / 10;
    do {
        if (least >= ES_ONE_Q30 / 2)
            return ES_ONE_Q30; /* the best path alone */
        least += least / 8 + 1;
        kept = 0;
        for (uint16_t e = 0; e < l->edges; e++)
            kept += l->edge[e].posterior >= least;
    } while (kept > most);
    return least;
}

static void enter(es_lattice_work *w, es_lattice_stage stage) {
    w->stage = stage;
    w->at = 0;
}

void es_lattice_begin(es_recognizer *r) {
    es_lattice_work *w = r->build;
    enter(w, LATTICE_BEGIN);
    w->tries = 0;
    w->least = es_exp_q30(r->beam.options.prune) / 8;
    w->least = w->least > 0 ? w->least : 1;
    w->cut = es_exp_q30(r->beam.options.prune);
}

static void name(es_recognizer *r) {
    const uint8_t *file = r->model->data;
    es_lattice *l = r->lattice;
    l->model = (uint32_t)file[20] | (uint32_t)file[21] << 8 | (uint32_t)file[22] << 16 | (uint32_t)file[23] << 24;
    l->utterance = r->utterance;
    l->revision = r->revision;
    l->start = r->start_frame;
}

static void rescale(es_lattice_work *w, es_lattice *l, uint64_t until, es_work *work) {
    for (; w->at + 1 < l->nodes; w->at++) {
        if (work->instructions >= until)
            return;
        uint16_t n = (uint16_t)(l->nodes - 2 - w->at);
        es_lattice_rescale(l, n);
        es_work_add(work, 0, 0, COST_COMPARE + (uint64_t)(l->first_edge[n + 1] - l->first_edge[n]) * COST_RESCALE);
    }
    enter(w, LATTICE_SORT);
}

static void code(es_recognizer *r, es_work *work) {
    es_lattice_work *w = r->build;
    int32_t size = es_lattice_write(r->lattice, r->lattice_bytes, r->beam.options.lattice);
    es_work_add(work, 0, 0, (uint64_t)r->lattice->edges * COST_CODE);
    if (size > 0) {
        r->lattice_size = (uint16_t)size;
        r->beam.stats.lattices++;
        enter(w, LATTICE_WORDS);
        return;
    }
    w->cut = tighten(r->lattice, w->cut, r->beam.options.lattice);
    enter(w, w->tries++ < TRIES ? LATTICE_PRUNE : LATTICE_FAILED);
}

/* One piece of work. */
static void advance(es_recognizer *r, uint64_t until, es_work *work) {
    es_lattice_work *w = r->build;
    es_lattice *l = r->lattice;
    switch (w->stage) {
    case LATTICE_PRUNE:
        name(r);
        es_lattice_keep(l, w->cut);
        es_work_add(work, 0, 0, (uint64_t)l->edges * COST_POSTERIOR);
        enter(w, LATTICE_RESCALE);
        break;
    case LATTICE_RESCALE:
        rescale(w, l, until, work);
        break;
    case LATTICE_SORT:
        es_lattice_posteriors(l);
        set_times(l, (int32_t)(r->last_frame + 1 - r->start_frame));
        es_work_add(work, 0, 0, (uint64_t)l->edges * (COST_POSTERIOR + COST_COMPARE));
        es_work_add(work, 0, 0, es_lattice_sort(l) * COST_COMPARE + (uint64_t)l->edges * COST_SORT);
        enter(w, LATTICE_WRITE);
        break;
    case LATTICE_WRITE:
        code(r, work);
        break;
    case LATTICE_WORDS:
        es_lattice_posteriors(l);
        es_work_add(work, 0, 0, (uint64_t)l->edges * COST_POSTERIOR);
        es_lattice_words(r, work);
        enter(w, LATTICE_MADE);
        break;
    default:
        es_lattice_build(r, until, work);
        break;
    }
}

bool es_lattice_run(es_recognizer *r, uint64_t until, es_work *work) {
    es_lattice_work *w = r->build;
    until = until > work->instructions ? until : work->instructions + 1; /* one piece at least */
    while (w->stage < LATTICE_MADE && work->instructions < until)
        advance(r, until, work);
    return w->stage >= LATTICE_MADE;
}

void es_lattice_words(es_recognizer *r, es_work *work) {
    const es_lattice *l = r->lattice;
    const es_model *model = r->model;
    uint16_t path[ES_LATTICE_NODES], count = es_lattice_best(l, path);
    es_spelling spelling = {model->piece_offsets, model->piece_text, model->vocabulary};
    int32_t earliest = 0;
    es_words_clear(&r->words);
    for (uint16_t i = 0; i < count; i++) {
        const es_lattice_edge *edge = &l->edge[path[i]];
        /* Neighbours are each at their own best time: words of one hypothesis follow each other all the same. */
        int32_t from = edge->start > earliest ? edge->start : earliest, until = edge->end;
        if (i + 1 < count && until > l->edge[path[i + 1]].start)
            until = l->edge[path[i + 1]].start;
        until = until > from ? until : from;
        earliest = from;
        int64_t start = ((int64_t)l->start + from) * ES_FEATURE_HOP;
        int64_t end = ((int64_t)l->start + until) * ES_FEATURE_HOP;
        uint16_t before = r->words.count;
        for (uint16_t k = 0; k < edge->pieces; k++) {
            uint16_t label = l->pieces[edge->piece_at + k];
            uint32_t from = model->piece_offsets[label], to = model->piece_offsets[label + 1];
            es_words_append(&r->words, model->piece_text + from, to - from, start, end);
        }
        es_work_add(work, 0, 0, COST_WORD + (uint64_t)l->edges * COST_COMPARE);
        uint32_t sure = es_lattice_confidence(l, edge, &spelling) >> 14;
        for (uint16_t n = before; n < r->words.count; n++)
            r->words.words[n].confidence = (uint16_t)(sure > 65534 ? 65534 : sure);
    }
}
