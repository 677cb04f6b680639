/* From the trellis of word pieces to the lattice of words.
 *
 * 1. Forward and backward sums give every arc its flow: the share of all probability that goes through it.
 * 2. Nodes that an arc without a label joins are one state at different times, and become one group if equally many
 *    labels lead to them; so every arc between groups leads to a group that more labels lead to, or is such a join, and
 *    no circle can arise.
 * 3. From every group in which words begin, the ways over pieces that open no word lead to the groups in which words
 *    end. A way's flow is the flow of its first arc times the shares of the following ones. Ways with the same ends and
 *    pieces are one edge: their times are those of the strongest.
 * 4. An edge's score is the logarithm of its share of what leaves its first node.
 *
 * Each is cut into pieces, a node or a few arcs long, so that a slice can end after any of them. */
#include <string.h>

#include "../base/work.h"
#include "fixed_log.h"
#include "lattice_build.h"

#define NONE ES_NO_GROUP
#define TRIES 24
/* Nominal instructions; a 64-bit division is a call on RV32. */
#define COST_DIVISION 200
#define COST_NODE 30
#define COST_ARC 50
#define COST_EXP 30
#define COST_LN 80
#define COST_COMPARE 12

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

/* Has the slice room for one more piece of a stage? */
static bool room(const es_work *work, uint64_t until) { return work->instructions < until; }

static void enter(es_lattice_work *w, es_lattice_stage stage) {
    w->stage = stage;
    w->at = 0;
}

static void begin(es_recognizer *r, es_work *work) {
    es_lattice_work *w = r->build;
    es_trellis *t = &r->beam.trellis;
    const es_beam *beam = &r->beam;
    lay_out(w, t->max_nodes, t->max_arcs);
    for (unsigned i = 0; i < beam->closed_count; i++) {
        const es_hypothesis *h = &beam->closed[i];
        es_ending *ending = &w->ending[i];
        *ending = (es_ending){0};
        if (beam->bias != NULL)
            ending->bias = beam->bias->end(beam->bias->automaton, h->bias);
        if (beam->ngram != NULL && beam->ngram->end != NULL)
            ending->language = beam->ngram->end(beam->ngram->model, h->ngram);
        w->stand[i] = h->stand;
        w->stand[i].trail += ending->bias + ending->language;
    }
    w->endings = beam->closed_count;
    memset(w->sum, 0, t->node_count * sizeof w->sum[0]);
    memset(w->flow, 0, t->node_count * sizeof w->flow[0]);
    memset(w->final, 0, t->node_count * sizeof w->final[0]);
    es_trellis_beta_begin(t, w->stand, w->endings);
    es_work_add(work, 0, 0, (uint64_t)t->node_count * 8);
}

static void beta(es_lattice_work *w, es_trellis *t, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        uint16_t arcs = es_trellis_beta_node(t, (uint16_t)(t->node_count - 1 - w->at));
        es_work_add(work, 0, 0, COST_NODE + (uint64_t)arcs * COST_ARC);
    }
    enter(w, LATTICE_SHARES);
}

/* What leaves a node by an arc, or ends at it, against all that leaves it. */
static uint32_t part_of(const es_trellis *t, uint16_t node, int32_t score) {
    int32_t d = t->beta[node] - score;
    return es_exp_q30(d > 0 ? d : 0);
}

static void shares(es_lattice_work *w, es_trellis *t, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        es_work_add(work, 0, 0, COST_NODE);
        for (uint16_t k = t->nodes[w->at].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            es_arc *arc = &t->arcs[k];
            arc->flow = part_of(t, arc->from, arc->score + t->beta[w->at]);
            w->sum[arc->from] += arc->flow;
            w->to[k] = w->at;
            es_work_add(work, 0, 0, COST_ARC + COST_EXP);
        }
    }
    for (uint16_t i = 0; i < w->endings; i++)
        w->sum[w->stand[i].node] += part_of(t, w->stand[i].node, w->stand[i].trail);
    w->flow[0] = ES_ONE_Q30;
    enter(w, LATTICE_FLOWS);
}

static void flows(es_lattice_work *w, es_trellis *t, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        es_work_add(work, 0, 0, COST_NODE);
        for (uint16_t k = t->nodes[w->at].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            es_arc *arc = &t->arcs[k];
            arc->flow = share(w->flow[arc->from], arc->flow, w->sum[arc->from]);
            w->flow[w->at] += arc->flow;
            es_work_add(work, 0, 0, COST_ARC + COST_DIVISION);
        }
    }
    for (uint16_t i = 0; i < w->endings; i++) {
        uint16_t node = w->stand[i].node;
        uint32_t last = part_of(t, node, w->stand[i].trail);
        w->final[node] = share(w->flow[node], last, w->sum[node]);
    }
    enter(w, LATTICE_JOIN);
}

/* ---- 2: groups ---- */

static uint16_t find(es_lattice_work *w, uint16_t n) {
    while (w->group[n] != n)
        n = w->group[n] = w->group[w->group[n]];
    return n;
}

static void join(es_lattice_work *w, const es_trellis *t, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        uint16_t n = w->at;
        w->group[n] = n;
        es_work_add(work, 0, 0, COST_NODE);
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            uint16_t from = t->arcs[k].from;
            es_work_add(work, 0, 0, COST_ARC);
            if (t->arcs[k].label != 0 || t->nodes[from].depth != t->nodes[n].depth)
                continue;
            uint16_t a = find(w, from), b = find(w, n);
            w->group[a > b ? a : b] = a > b ? b : a;
        }
    }
    enter(w, LATTICE_GATHER);
}

/* A group's first node is the lowest: it comes before the others here. */
static void gather(es_lattice_work *w, const es_trellis *t, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        uint16_t n = w->at, g = find(w, n);
        w->group[n] = g;
        w->sum[n] = w->ends[n] = 0;
        w->out[n] = w->number[n] = NONE;
        if (g != n) {
            w->final[g] += w->final[n];
            w->final[n] = 0;
        }
        es_work_add(work, 0, 0, 2 * COST_NODE);
    }
    for (uint16_t i = 0; i < w->endings; i++)
        w->ending[i].group = w->group[w->stand[i].node];
    enter(w, LATTICE_OUT);
}

static void arcs_out(es_lattice_work *w, const es_trellis *t, const es_model *model, uint64_t until, es_work *work) {
    for (; w->at < t->node_count; w->at++) {
        if (!room(work, until))
            return;
        uint16_t n = w->at;
        w->sum[n] += w->final[n];
        w->ends[n] += w->final[n];
        es_work_add(work, 0, 0, COST_NODE);
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next) {
            uint16_t g = w->group[t->arcs[k].from];
            es_work_add(work, 0, 0, COST_ARC);
            if (w->group[n] == g)
                continue;
            w->next[k] = w->out[g];
            w->out[g] = k;
            w->sum[g] += t->arcs[k].flow;
            if (t->arcs[k].label != 0 && opens(model, t->arcs[k].label))
                w->ends[g] += t->arcs[k].flow;
        }
    }
    enter(w, LATTICE_NUMBER);
}

/* ---- 3: words ---- */

static bool same_pieces(const es_lattice *l, const es_lattice_edge *edge, const uint16_t *pieces, uint16_t count) {
    return edge->pieces == count && memcmp(l->pieces + edge->piece_at, pieces, count * sizeof *pieces) == 0;
}

/* `best`: flow of the strongest way so far, kept in `acoustic` until scores are made. */
static void add_edge(es_lattice_work *w, es_lattice *l, uint16_t from, uint16_t to, const es_way *way, uint32_t flow,
                     es_work *work) {
    const uint16_t *pieces = w->pieces;
    es_work_add(work, 0, 0, COST_ARC + (uint64_t)(l->edges - l->first_edge[from]) * COST_COMPARE);
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

static void arrive(es_lattice_work *w, es_lattice *l, uint16_t from, const es_way *way, es_work *work) {
    uint16_t g = way->group;
    uint32_t ends = share(way->flow, w->ends[g] - w->final[g], w->sum[g]);
    uint32_t final = share(way->flow, w->final[g], w->sum[g]);
    es_work_add(work, 0, 0, 2 * COST_DIVISION);
    if (ends >= w->least && w->number[g] != NONE)
        add_edge(w, l, from, w->number[g], way, ends, work);
    if (final >= w->least) {
        es_way last = ended(w, way);
        add_edge(w, l, from, (uint16_t)(l->nodes - 1), &last, final, work);
    }
}

/* All words that begin in the group at `w->list[w->at]`: a walk with a stack of its own. True when it is over. */
static bool walk(es_lattice_work *w, const es_trellis *t, const es_model *model, es_lattice *l, uint64_t until,
                 es_work *work) {
    uint16_t g = w->list[w->at], from = w->number[g];
    if (!w->walking) {
        w->depth = 0;
        w->way[0] = (es_way){.group = g, .arc = w->out[g], .flow = (uint32_t)w->sum[g]};
        w->walking = true;
    }
    while (!w->overflow) {
        if (!room(work, until))
            return false;
        es_way *top = &w->way[w->depth];
        es_work_add(work, 0, 0, COST_ARC);
        if (top->arc == NONE) {
            if (w->depth == 0)
                break;
            w->depth--;
            continue;
        }
        uint16_t k = top->arc;
        const es_arc *arc = &t->arcs[k];
        top->arc = w->next[k];
        bool first = top->pieces == 0, open = arc->label != 0 && ((first && g == 0) || opens(model, arc->label));
        if (first != open)
            continue;
        es_way way = *top;
        way.flow = w->depth == 0 ? arc->flow : share(top->flow, arc->flow, w->sum[top->group]);
        es_work_add(work, 0, 0, COST_ARC + COST_DIVISION);
        if (way.flow < w->least || w->depth + 1 == ES_WAY_ARCS || way.pieces + (arc->label != 0) > ES_LATTICE_WORD)
            continue;
        way.group = w->group[w->to[k]];
        way.arc = w->out[way.group];
        way.language += arc->language;
        way.bias += arc->bias;
        if (arc->label != 0) {
            w->pieces[way.pieces++] = arc->label;
            way.start = first ? (int32_t)arc->first_frame : way.start;
            /* A group is one state at several times: what follows may have its best time before what led here. */
            int32_t end = (int32_t)(arc->first_frame + arc->frames);
            way.end = first || end > way.end ? end : way.end;
        }
        w->way[++w->depth] = way;
        arrive(w, l, from, &way, work);
    }
    w->walking = false;
    return true;
}

/* Groups in which words begin get their numbers, by depth. False: there are too many. */
static bool number_groups(es_lattice_work *w, const es_trellis *t, es_work *work) {
    uint16_t count = 0;
    es_work_add(work, 0, 0, (uint64_t)t->node_count * COST_NODE);
    for (uint16_t n = 0; n < t->node_count; n++) {
        w->number[n] = NONE;
        if (w->group[n] != n || (n > 0 && w->ends[n] - w->final[n] < w->least))
            continue;
        if (count == ES_LATTICE_NODES - 1)
            return false;
        uint16_t at = count++;
        for (; at > 0 && t->nodes[w->list[at - 1]].depth > t->nodes[n].depth; at--)
            w->list[at] = w->list[at - 1];
        es_work_add(work, 0, 0, (uint64_t)(count - at) * COST_COMPARE);
        w->list[at] = n;
    }
    for (uint16_t i = 0; i < count; i++)
        w->number[w->list[i]] = i;
    w->listed = count;
    return true;
}

/* Once more, with fewer ways. */
static void again(es_lattice_work *w) {
    bool hopeless = w->tries++ == TRIES || w->least > ES_ONE_Q30 / 4;
    w->least *= 2;
    enter(w, hopeless ? LATTICE_FAILED : LATTICE_NUMBER);
}

static void number(es_lattice_work *w, const es_trellis *t, es_lattice *l, es_work *work) {
    if (!number_groups(w, t, work)) {
        again(w);
        return;
    }
    l->nodes = (uint16_t)(w->listed + 1);
    l->edges = l->piece_count = 0;
    w->overflow = w->walking = false;
    memset(l->first_edge, 0, sizeof l->first_edge);
    enter(w, LATTICE_WALK);
}

static void collect_words(es_lattice_work *w, const es_trellis *t, const es_model *model, es_lattice *l, uint64_t until,
                          es_work *work) {
    for (; w->at < w->listed && !w->overflow; w->at++) {
        if (!w->walking) {
            l->first_edge[w->at] = l->edges;
            if (w->at == 0 && w->final[0] >= w->least) { /* nothing was said */
                es_way none = ended(w, &(es_way){.group = 0});
                add_edge(w, l, 0, (uint16_t)(l->nodes - 1), &none, w->final[0], work);
            }
        }
        if (!walk(w, t, model, l, until, work))
            return;
    }
    l->first_edge[w->listed] = l->first_edge[w->listed + 1] = l->edges;
    if (w->overflow)
        again(w);
    else
        enter(w, LATTICE_SCORE);
}

/* ---- 4: scores ---- */

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

void es_lattice_build(es_recognizer *r, uint64_t until, es_work *work) {
    es_lattice_work *w = r->build;
    es_trellis *t = &r->beam.trellis;
    switch (w->stage) {
    case LATTICE_BEGIN:
        begin(r, work);
        enter(w, LATTICE_BETA);
        break;
    case LATTICE_BETA:
        beta(w, t, until, work);
        break;
    case LATTICE_SHARES:
        shares(w, t, until, work);
        break;
    case LATTICE_FLOWS:
        flows(w, t, until, work);
        break;
    case LATTICE_JOIN:
        join(w, t, until, work);
        break;
    case LATTICE_GATHER:
        gather(w, t, until, work);
        break;
    case LATTICE_OUT:
        arcs_out(w, t, r->model, until, work);
        break;
    case LATTICE_NUMBER:
        number(w, t, r->lattice, work);
        break;
    case LATTICE_WALK:
        collect_words(w, t, r->model, r->lattice, until, work);
        break;
    default: /* LATTICE_SCORE */
        if (!drop_dead_ends(r->lattice)) {
            enter(w, LATTICE_FAILED);
            break;
        }
        score(r->lattice);
        es_work_add(work, 0, 0, (uint64_t)r->lattice->edges * (COST_ARC + COST_DIVISION + COST_LN));
        w->tries = 0;
        enter(w, LATTICE_PRUNE);
        break;
    }
}
