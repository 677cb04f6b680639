/* What can be said of a lattice: posteriors, best path, pruning, canonical order, confidence. */
#include "earshot/lattice.h"

#include <string.h>

#include "fixed_log.h"

#define NEVER (INT32_MIN / 2)

static uint32_t weight(const es_lattice_edge *edge) {
    int32_t score = es_lattice_score(edge);
    return es_exp_q30(score < 0 ? -score : 0);
}

void es_lattice_posteriors(es_lattice *l) {
    memset(l->mass, 0, l->nodes * sizeof l->mass[0]);
    l->mass[0] = ES_ONE_Q30;
    for (uint16_t n = 0; n + 1 < l->nodes; n++) {
        uint64_t sum = 0;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++)
            sum += weight(&l->edge[e]);
        uint64_t done = 0, given = 0;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++) {
            /* Differences of a running share: the parts sum to the whole exactly. */
            done += weight(&l->edge[e]);
            uint64_t share = sum == 0 ? 0 : (uint64_t)l->mass[n] * done / sum;
            if (e + 1 == l->first_edge[n + 1])
                share = l->mass[n];
            l->edge[e].posterior = (uint32_t)(share - given);
            l->mass[l->edge[e].to] += l->edge[e].posterior;
            given = share;
        }
    }
}

static void best_ahead(const es_lattice *l, int32_t *ahead) {
    ahead[l->nodes - 1] = 0;
    for (uint16_t n = (uint16_t)(l->nodes - 1); n-- > 0;) {
        ahead[n] = NEVER;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++) {
            int32_t score = es_lattice_score(&l->edge[e]) + ahead[l->edge[e].to];
            ahead[n] = score > ahead[n] ? score : ahead[n];
        }
    }
}

uint16_t es_lattice_best(const es_lattice *l, uint16_t path[ES_LATTICE_NODES]) {
    int32_t ahead[ES_LATTICE_NODES];
    uint16_t count = 0;
    best_ahead(l, ahead);
    for (uint16_t n = 0; n + 1 < l->nodes; n = l->edge[path[count++]].to) {
        uint16_t e = l->first_edge[n];
        while (e + 1 < l->first_edge[n + 1] && es_lattice_score(&l->edge[e]) + ahead[l->edge[e].to] != ahead[n])
            e++;
        path[count] = e;
    }
    return count;
}

/* ---- pruning ---- */

/* Removes edges that are not kept or not on a way from first to last, then nodes without edges. */
static void compact(es_lattice *l, const bool *keep) {
    bool from_start[ES_LATTICE_NODES] = {true}, to_end[ES_LATTICE_NODES] = {false};
    uint16_t number[ES_LATTICE_NODES], nodes = 0, edges = 0;
    for (uint16_t e = 0; e < l->edges; e++)
        if (keep[e] && from_start[l->edge[e].from])
            from_start[l->edge[e].to] = true;
    to_end[l->nodes - 1] = true;
    for (uint16_t e = l->edges; e-- > 0;)
        if (keep[e] && to_end[l->edge[e].to])
            to_end[l->edge[e].from] = true;
    for (uint16_t n = 0; n < l->nodes; n++) {
        if (!from_start[n] || !to_end[n])
            continue;
        uint16_t first = edges;
        number[n] = nodes;
        for (uint16_t e = l->first_edge[n]; n + 1 < l->nodes && e < l->first_edge[n + 1]; e++)
            if (keep[e] && to_end[l->edge[e].to])
                l->edge[edges++] = l->edge[e];
        l->time[nodes] = l->time[n];
        l->first_edge[nodes++] = first;
    }
    for (uint16_t e = 0; e < edges; e++) {
        l->edge[e].from = number[l->edge[e].from];
        l->edge[e].to = number[l->edge[e].to];
    }
    l->first_edge[nodes] = edges;
    l->nodes = nodes;
    l->edges = edges;
}

void es_lattice_keep(es_lattice *l, uint32_t least) {
    bool keep[ES_LATTICE_EDGES];
    uint16_t path[ES_LATTICE_NODES];
    es_lattice_posteriors(l);
    for (uint16_t e = 0; e < l->edges; e++)
        keep[e] = l->edge[e].posterior >= least;
    for (uint16_t i = 0, count = es_lattice_best(l, path); i < count; i++)
        keep[path[i]] = true;
    compact(l, keep);
    l->mass[l->nodes - 1] = ES_ONE_Q30;
}

/* `mass` holds what is left of each node's probability. */
void es_lattice_rescale(es_lattice *l, uint16_t n) {
    uint64_t sum = 0;
    for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++)
        sum += (uint64_t)weight(&l->edge[e]) * l->mass[l->edge[e].to] >> 30;
    l->mass[n] = sum > ES_ONE_Q30 ? ES_ONE_Q30 : (uint32_t)(sum > 0 ? sum : 1);
    for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++) {
        uint64_t part = (uint64_t)weight(&l->edge[e]) * l->mass[l->edge[e].to] >> 30;
        uint64_t share = sum == 0 ? ES_ONE_Q30 / (l->first_edge[n + 1] - l->first_edge[n]) : (part << 30) / sum;
        l->edge[e].acoustic = es_ln_q10(share > 0 ? share : 1) - l->edge[e].language - l->edge[e].bias;
    }
}

void es_lattice_prune(es_lattice *l, uint32_t least) {
    es_lattice_keep(l, least);
    for (uint16_t n = (uint16_t)(l->nodes - 1); n-- > 0;)
        es_lattice_rescale(l, n);
    es_lattice_posteriors(l);
}

/* ---- canonical order ---- */

static int compare_pieces(const es_lattice *l, const es_lattice_edge *a, const es_lattice_edge *b) {
    for (uint16_t i = 0; i < a->pieces && i < b->pieces; i++) {
        int d = l->pieces[a->piece_at + i] - l->pieces[b->piece_at + i];
        if (d != 0)
            return d;
    }
    return (int)a->pieces - (int)b->pieces;
}

static int sign(int32_t a, int32_t b) { return (a > b) - (a < b); }

/* By what the edge is, without its last node. */
static int compare_edges(const es_lattice *l, const es_lattice_edge *a, const es_lattice_edge *b) {
    int d = sign(a->from, b->from);
    d = d != 0 ? d : compare_pieces(l, a, b);
    d = d != 0 ? d : sign(a->start, b->start);
    d = d != 0 ? d : sign(a->end, b->end);
    d = d != 0 ? d : sign(a->acoustic, b->acoustic);
    d = d != 0 ? d : sign(a->language, b->language);
    return d != 0 ? d : sign(a->bias, b->bias);
}

/* The least of the edges that come into `node`; -1: none. */
static int32_t first_into(const es_lattice *l, uint16_t node) {
    int32_t first = -1;
    for (uint16_t e = 0; e < l->edges; e++)
        if (l->edge[e].to == node && (first < 0 || compare_edges(l, &l->edge[e], &l->edge[first]) < 0))
            first = e;
    return first;
}

static bool node_before(const es_lattice *l, uint16_t a, uint16_t b, uint32_t *looks) {
    ++*looks;
    if (l->time[a] != l->time[b])
        return l->time[a] < l->time[b];
    *looks += 2u * l->edges;
    int32_t x = first_into(l, a), y = first_into(l, b);
    return x >= 0 && y >= 0 && compare_edges(l, &l->edge[x], &l->edge[y]) < 0;
}

static void swap_nodes(es_lattice *l, uint16_t a, uint16_t b) {
    int32_t time = l->time[a];
    l->time[a] = l->time[b];
    l->time[b] = time;
    for (uint16_t e = 0; e < l->edges; e++) {
        es_lattice_edge *edge = &l->edge[e];
        edge->from = edge->from == a ? b : edge->from == b ? a : edge->from;
        edge->to = edge->to == a ? b : edge->to == b ? a : edge->to;
    }
}

uint32_t es_lattice_sort(es_lattice *l) {
    uint32_t looks = 0;
    /* Node by node: when a node gets its place, all before it have theirs, so its edges compare as they will stay. */
    for (uint16_t n = 1; n < l->nodes; n++) {
        uint16_t least = n;
        for (uint16_t k = (uint16_t)(n + 1); k < l->nodes; k++)
            if (node_before(l, k, least, &looks))
                least = k;
        if (least != n) {
            swap_nodes(l, n, least);
            looks += l->edges;
        }
    }
    for (uint16_t i = 1; i < l->edges; i++) {
        es_lattice_edge edge = l->edge[i];
        uint16_t k = i;
        for (; k > 0; k--, looks += 3) {
            const es_lattice_edge *other = &l->edge[k - 1];
            int d = sign(other->from, edge.from);
            d = d != 0 ? d : sign(other->to, edge.to);
            if ((d != 0 ? d : compare_edges(l, other, &edge)) <= 0)
                break;
            l->edge[k] = *other;
        }
        l->edge[k] = edge;
    }
    for (uint16_t n = 0, e = 0; n <= l->nodes; n++) {
        while (e < l->edges && l->edge[e].from < n)
            e++;
        l->first_edge[n] = e;
    }
    return looks;
}

/* ---- words ---- */

uint32_t es_lattice_text(const es_lattice *l, const es_lattice_edge *edge, const es_spelling *spelling, char *out,
                         uint32_t capacity) {
    static const char OPEN[3] = {(char)0xe2, (char)0x96, (char)0x81}; /* U+2581 */
    uint32_t used = 0;
    for (uint16_t i = 0; i < edge->pieces; i++) {
        uint16_t label = l->pieces[edge->piece_at + i];
        if (label > spelling->vocabulary)
            continue;
        uint32_t from = spelling->offsets[label], to = spelling->offsets[label + 1];
        if (to - from >= sizeof OPEN && memcmp(spelling->text + from, OPEN, sizeof OPEN) == 0)
            from += sizeof OPEN;
        uint32_t run = to - from < capacity - used ? to - from : capacity - used;
        memcpy(out + used, spelling->text + from, run);
        used += run;
    }
    return used;
}

uint32_t es_lattice_confidence(const es_lattice *l, const es_lattice_edge *edge, const es_spelling *spelling) {
    char text[256], other[256];
    uint32_t length = es_lattice_text(l, edge, spelling, text, sizeof text);
    uint64_t sum = 0;
    for (uint16_t e = 0; e < l->edges; e++) {
        const es_lattice_edge *b = &l->edge[e];
        if (b->start < edge->end && edge->start < b->end &&
            es_lattice_text(l, b, spelling, other, sizeof other) == length && memcmp(text, other, length) == 0)
            sum += b->posterior;
    }
    return sum > ES_ONE_Q30 ? ES_ONE_Q30 : (uint32_t)sum;
}
