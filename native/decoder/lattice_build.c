/* From the trellis of word pieces to the lattice of words.
 *
 * 1. Forward and backward sums give every arc its flow: the share of all probability that goes through it.
 * 2. Nodes that an arc without a label joins are one state at different times, and become one group if equally many
 *    labels lead to them; so every arc between groups leads to a group that more labels lead to, or is such a join, and
 *    no circle can arise.
 * 3. From every group in which words begin, the ways over pieces that open no word lead to the groups in which words
 *    end. A way's flow is the flow of its first arc times the shares of the following ones. Ways with the same ends and
 *    pieces are one edge: their times are those of the strongest.
 * 4. An edge's score is the logarithm of its share of what leaves its first node. */
#include <string.h>

#include "../base/work.h"
#include "decoder.h"
#include "fixed_log.h"

#define NONE 0xffff
#define WAY 64 /* arcs of one edge at most */
#define TRIES 24
#define COST_NODE 120
#define COST_ARC 160
#define COST_EDGE 400

typedef struct es_ending {
    uint16_t group;
    int32_t language, bias; /* what the hooks say of an end here */
} es_ending;

struct es_lattice_work {
    uint64_t *sum;    /* [nodes] weight of what leaves a node; then flow that leaves a group */
    uint32_t *flow;   /* [nodes] */
    uint32_t *ends;   /* [groups] flow that ends a word here, the end of the utterance included */
    uint32_t *final;  /* [groups] flow that ends here */
    uint16_t *group;  /* [nodes] its first node */
    uint16_t *out;    /* [groups] first arc out */
    uint16_t *number; /* [groups] node of the lattice, or NONE */
    uint16_t *next;   /* [arcs] next arc out of the same group */
    uint16_t *to;     /* [arcs] node that the arc leads to */
    es_ending ending[ES_MAX_BEAM];
    uint16_t endings;
    uint32_t least; /* flow below which a way is not followed */
    bool overflow;
};

/* Where a walk over pieces stands. */
typedef struct es_way {
    uint16_t group;
    uint16_t arc;    /* the next to try */
    uint16_t pieces; /* so far */
    uint32_t flow;
    int32_t language, bias;
    int32_t start, end;
} es_way;

#define ROUND16(bytes) (((bytes) + 15) & ~(size_t)15)

size_t es_lattice_work_bytes(const es_search_options *o) {
    size_t nodes = o->nodes, arcs = o->arcs;
    return ROUND16(sizeof(es_lattice_work)) + ROUND16(nodes * 8) + 3 * ROUND16(nodes * 4) + 3 * ROUND16(nodes * 2) +
           2 * ROUND16(arcs * 2);
}

static void lay_out(es_lattice_work *w, uint32_t nodes, uint32_t arcs) {
    uint8_t *at = (uint8_t *)w + ROUND16(sizeof *w);
    void **const parts[] = {(void **)&w->sum,    (void **)&w->flow,  (void **)&w->ends,
                            (void **)&w->final,  (void **)&w->group, (void **)&w->out,
                            (void **)&w->number, (void **)&w->next,  (void **)&w->to};
    const size_t bytes[] = {nodes * 8, nodes * 4, nodes * 4, nodes * 4, nodes * 2,
                            nodes * 2, nodes * 2, arcs * 2,  arcs * 2};
    for (unsigned i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        *parts[i] = at;
        at += ROUND16(bytes[i]);
    }
}

static bool opens(const es_model *m, uint16_t label) {
    uint32_t from = m->piece_offsets[label], to = m->piece_offsets[label + 1];
    return to - from >= 3 && memcmp(m->piece_text + from, "\xe2\x96\x81", 3) == 0;
}

/* ---- 1: flows ---- */

/* `whole` is 0 at a node that leads to no stand: nothing flows there. */
static uint32_t share(uint64_t flow, uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : (uint32_t)(flow * part / whole);
}

static void flows(es_lattice_work *w, es_trellis *t, const es_stand *stands, uint16_t count) {
    es_trellis_beta(t, stands, count);
    memset(w->sum, 0, t->node_count * sizeof w->sum[0]);
    memset(w->flow, 0, t->node_count * sizeof w->flow[0]);
    for (uint16_t n = 0; n < t->node_count; n++) {
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            es_arc *arc = &t->arcs[k];
            int32_t d = t->beta[arc->from] - arc->score - t->beta[n];
            arc->flow = es_exp_q30(d > 0 ? d : 0);
            w->sum[arc->from] += arc->flow;
            w->to[k] = n;
        }
    }
    uint32_t last[ES_MAX_BEAM];
    for (uint16_t i = 0; i < count; i++) {
        int32_t d = t->beta[stands[i].node] - stands[i].trail;
        last[i] = es_exp_q30(d > 0 ? d : 0);
        w->sum[stands[i].node] += last[i];
    }
    w->flow[0] = ES_ONE_Q30;
    for (uint16_t n = 0; n < t->node_count; n++) {
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            es_arc *arc = &t->arcs[k];
            arc->flow = share(w->flow[arc->from], arc->flow, w->sum[arc->from]);
            w->flow[n] += arc->flow;
        }
    }
    memset(w->final, 0, t->node_count * sizeof w->final[0]);
    for (uint16_t i = 0; i < count; i++)
        w->final[stands[i].node] = share(w->flow[stands[i].node], last[i], w->sum[stands[i].node]);
}

/* ---- 2: groups ---- */

static uint16_t find(es_lattice_work *w, uint16_t n) {
    while (w->group[n] != n)
        n = w->group[n] = w->group[w->group[n]];
    return n;
}

static void groups(es_lattice_work *w, const es_trellis *t, const es_model *model) {
    for (uint16_t n = 0; n < t->node_count; n++) {
        w->group[n] = n;
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            uint16_t from = t->arcs[k].from;
            if (t->arcs[k].label != 0 || t->nodes[from].depth != t->nodes[n].depth)
                continue;
            uint16_t a = find(w, from), b = find(w, n);
            w->group[a > b ? a : b] = a > b ? b : a;
        }
    }
    for (uint16_t n = 0; n < t->node_count; n++) {
        w->group[n] = find(w, n);
        w->sum[n] = w->ends[n] = 0;
        w->out[n] = w->number[n] = NONE;
    }
    for (uint16_t n = 0; n < t->node_count; n++) {
        uint16_t g = w->group[n];
        if (g != n) {
            w->final[g] += w->final[n];
            w->final[n] = 0;
        }
    }
    for (uint16_t n = 0; n < t->node_count; n++) {
        w->sum[n] += w->final[n];
        w->ends[n] += w->final[n];
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            uint16_t g = w->group[t->arcs[k].from];
            if (w->group[n] == g)
                continue;
            w->next[k] = w->out[g];
            w->out[g] = k;
            w->sum[g] += t->arcs[k].flow;
            if (t->arcs[k].label != 0 && opens(model, t->arcs[k].label))
                w->ends[g] += t->arcs[k].flow;
        }
    }
}

/* ---- 3: words ---- */

static bool same_pieces(const es_lattice *l, const es_lattice_edge *edge, const uint16_t *pieces, uint16_t count) {
    return edge->pieces == count && memcmp(l->pieces + edge->piece_at, pieces, count * sizeof *pieces) == 0;
}

/* `best`: flow of the strongest way so far, kept in `acoustic` until scores are made. */
static void add_edge(es_lattice_work *w, es_lattice *l, uint16_t from, uint16_t to, const es_way *way,
                     const uint16_t *pieces, uint32_t flow) {
    for (uint16_t e = l->first_edge[from]; e < l->edges; e++) {
        es_lattice_edge *edge = &l->edge[e];
        if (edge->to != to || !same_pieces(l, edge, pieces, way->pieces))
            continue;
        edge->posterior += flow;
        if ((int32_t)flow > edge->acoustic) {
            edge->acoustic = (int32_t)flow;
            edge->start = way->start;
            edge->end = way->end;
            edge->language = way->language;
            edge->bias = way->bias;
        }
        return;
    }
    if (l->edges == ES_LATTICE_EDGES || l->piece_count + way->pieces > ES_LATTICE_PIECES) {
        w->overflow = true;
        return;
    }
    l->edge[l->edges++] = (es_lattice_edge){.from = from,
                                            .to = to,
                                            .piece_at = l->piece_count,
                                            .pieces = way->pieces,
                                            .start = way->start,
                                            .end = way->end,
                                            .acoustic = (int32_t)flow,
                                            .language = way->language,
                                            .bias = way->bias,
                                            .posterior = flow};
    memcpy(l->pieces + l->piece_count, pieces, way->pieces * sizeof *pieces);
    l->piece_count = (uint16_t)(l->piece_count + way->pieces);
}

/* The same way with what the hooks say of an end there. All that end in one group are of one state. */
static es_way ended(const es_lattice_work *w, const es_way *way) {
    es_way last = *way;
    for (uint16_t i = 0; i < w->endings; i++) {
        if (w->ending[i].group != way->group)
            continue;
        last.language += w->ending[i].language;
        last.bias += w->ending[i].bias;
        break;
    }
    return last;
}

static void arrive(es_lattice_work *w, es_lattice *l, uint16_t from, const es_way *way, const uint16_t *pieces) {
    uint16_t g = way->group;
    uint32_t ends = share(way->flow, w->ends[g] - w->final[g], w->sum[g]);
    uint32_t final = share(way->flow, w->final[g], w->sum[g]);
    if (ends >= w->least && w->number[g] != NONE)
        add_edge(w, l, from, w->number[g], way, pieces, ends);
    if (final >= w->least) {
        es_way last = ended(w, way);
        add_edge(w, l, from, (uint16_t)(l->nodes - 1), &last, pieces, final);
    }
}

/* All words that begin in group `g`: a walk with a stack of its own. */
static void walk(es_lattice_work *w, const es_trellis *t, const es_model *model, es_lattice *l, uint16_t g) {
    es_way stack[WAY];
    uint16_t pieces[WAY], depth = 0, from = w->number[g];
    stack[0] = (es_way){.group = g, .arc = w->out[g], .flow = (uint32_t)w->sum[g]};
    while (!w->overflow) {
        es_way *top = &stack[depth];
        if (top->arc == NONE) {
            if (depth == 0)
                return;
            depth--;
            continue;
        }
        uint16_t k = top->arc;
        const es_arc *arc = &t->arcs[k];
        top->arc = w->next[k];
        bool first = top->pieces == 0, open = arc->label != 0 && ((first && g == 0) || opens(model, arc->label));
        if (first != open)
            continue;
        es_way way = *top;
        way.flow = depth == 0 ? arc->flow : share(top->flow, arc->flow, w->sum[top->group]);
        if (way.flow < w->least || depth + 1 == WAY || way.pieces + (arc->label != 0) > ES_LATTICE_WORD)
            continue;
        way.group = w->group[w->to[k]];
        way.arc = w->out[way.group];
        way.language += arc->language;
        way.bias += arc->bias;
        if (arc->label != 0) {
            pieces[way.pieces++] = arc->label;
            way.start = first ? (int32_t)arc->first_frame : way.start;
            /* A group is one state at several times: what follows may have its best time before what led here. */
            int32_t end = (int32_t)(arc->first_frame + arc->frames);
            way.end = first || end > way.end ? end : way.end;
        }
        stack[++depth] = way;
        arrive(w, l, from, &way, pieces);
    }
}

/* Groups in which words begin get their numbers, by depth. */
static uint16_t number_groups(es_lattice_work *w, const es_trellis *t, uint16_t *list) {
    uint16_t count = 0;
    for (uint16_t n = 0; n < t->node_count; n++) {
        w->number[n] = NONE;
        if (w->group[n] != n || (n > 0 && w->ends[n] - w->final[n] < w->least))
            continue;
        if (count == ES_LATTICE_NODES - 1)
            return 0;
        uint16_t at = count++;
        for (; at > 0 && t->nodes[list[at - 1]].depth > t->nodes[n].depth; at--)
            list[at] = list[at - 1];
        list[at] = n;
    }
    for (uint16_t i = 0; i < count; i++)
        w->number[list[i]] = i;
    return count;
}

static bool collect_words(es_lattice_work *w, const es_trellis *t, const es_model *model, es_lattice *l) {
    uint16_t list[ES_LATTICE_NODES], count = number_groups(w, t, list);
    if (count == 0)
        return false;
    l->nodes = (uint16_t)(count + 1);
    l->edges = l->piece_count = 0;
    w->overflow = false;
    memset(l->first_edge, 0, sizeof l->first_edge);
    for (uint16_t i = 0; i < count && !w->overflow; i++) {
        l->first_edge[i] = l->edges;
        if (i == 0 && w->final[0] >= w->least) { /* nothing was said */
            es_way none = ended(w, &(es_way){.group = 0});
            add_edge(w, l, 0, (uint16_t)(l->nodes - 1), &none, list, w->final[0]);
        }
        walk(w, t, model, l, list[i]);
    }
    l->first_edge[count] = l->first_edge[count + 1] = l->edges;
    return !w->overflow;
}

/* ---- 4: scores, times ---- */

static void score(es_lattice *l) {
    for (uint16_t n = 0; n + 1 < l->nodes; n++) {
        uint64_t sum = 0;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++)
            sum += l->edge[e].posterior;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++) {
            es_lattice_edge *edge = &l->edge[e];
            uint64_t part = ((uint64_t)edge->posterior << 30) / sum;
            edge->acoustic = es_ln_q10(part > 0 ? part : 1) - edge->language - edge->bias;
        }
    }
}

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

static bool connected(const es_lattice *l) {
    uint16_t reach[ES_LATTICE_NODES] = {1};
    for (uint16_t e = 0; e < l->edges; e++)
        reach[l->edge[e].to] |= reach[l->edge[e].from];
    return reach[l->nodes - 1] != 0;
}

/* Dead ends are taken out first: what a walk left out may have left some. */
static bool drop_dead_ends(es_lattice *l) {
    bool live[ES_LATTICE_NODES] = {false};
    live[l->nodes - 1] = true;
    for (uint16_t e = l->edges; e-- > 0;)
        live[l->edge[e].from] |= live[l->edge[e].to];
    uint16_t edges = 0;
    for (uint16_t n = 0; n + 1 < l->nodes; n++) {
        uint16_t first = edges;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++)
            if (live[l->edge[e].to])
                l->edge[edges++] = l->edge[e];
        l->first_edge[n] = first;
    }
    l->first_edge[l->nodes - 1] = l->first_edge[l->nodes] = l->edges = edges;
    return connected(l);
}

static void take_stands(es_recognizer *r, es_stand *stands) {
    es_beam *beam = &r->beam;
    for (unsigned i = 0; i < beam->closed_count; i++) {
        es_ending *ending = &r->build->ending[i];
        const es_hypothesis *h = &beam->closed[i];
        *ending = (es_ending){0};
        if (beam->bias != NULL)
            ending->bias = beam->bias->end(beam->bias->automaton, h->bias);
        if (beam->ngram != NULL && beam->ngram->end != NULL)
            ending->language = beam->ngram->end(beam->ngram->model, h->ngram);
        stands[i] = h->stand;
        stands[i].trail += ending->bias + ending->language;
    }
    r->build->endings = beam->closed_count;
}

static bool build(es_recognizer *r, es_work *work) {
    es_lattice_work *w = r->build;
    es_trellis *t = &r->beam.trellis;
    es_lattice *l = r->lattice;
    es_stand stands[ES_MAX_BEAM];
    lay_out(w, t->max_nodes, t->max_arcs);
    take_stands(r, stands);
    flows(w, t, stands, r->beam.closed_count);
    groups(w, t, r->model);
    for (unsigned i = 0; i < r->beam.closed_count; i++)
        w->ending[i].group = w->group[stands[i].node];
    es_work_add(work, 0, 0, (uint64_t)t->node_count * COST_NODE + (uint64_t)t->arc_count * COST_ARC);
    w->least = es_exp_q30(r->beam.options.prune) / 8;
    w->least = w->least > 0 ? w->least : 1;
    for (int tries = 0; !collect_words(w, t, r->model, l); tries++) {
        if (tries == TRIES || w->least > ES_ONE_Q30 / 4)
            return false;
        w->least *= 2;
    }
    return drop_dead_ends(l);
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

void es_lattice_freeze(es_recognizer *r, es_work *work) {
    es_lattice *l = r->lattice;
    uint32_t least = es_exp_q30(r->beam.options.prune);
    if (!build(r, work))
        return;
    const uint8_t *file = r->model->data;
    l->model = (uint32_t)file[20] | (uint32_t)file[21] << 8 | (uint32_t)file[22] << 16 | (uint32_t)file[23] << 24;
    l->utterance = r->utterance;
    l->revision = r->revision;
    l->start = r->start_frame;
    score(l);
    for (int tries = 0; tries < TRIES; tries++) {
        es_work_add(work, 0, 0, (uint64_t)l->edges * COST_EDGE);
        es_lattice_prune(l, least);
        set_times(l, (int32_t)(r->last_frame + 1 - r->start_frame));
        es_lattice_sort(l);
        int32_t size = es_lattice_write(l, r->lattice_bytes, r->beam.options.lattice);
        if (size > 0) {
            r->lattice_size = (uint16_t)size;
            r->beam.stats.lattices++;
            es_lattice_posteriors(l);
            es_lattice_words(r);
            return;
        }
        least = tighten(l, least, r->beam.options.lattice);
    }
}

void es_lattice_words(es_recognizer *r) {
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
        uint32_t sure = es_lattice_confidence(l, edge, &spelling) >> 14;
        for (uint16_t n = before; n < r->words.count; n++)
            r->words.words[n].confidence = (uint16_t)(sure > 65534 ? 65534 : sure);
    }
}
