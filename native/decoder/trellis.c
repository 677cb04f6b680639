/* The graph of word pieces: growth, merging, forgetting. */
#include "trellis.h"

#include <string.h>

#include "../base/work.h"
#include "fixed_log.h"

#define NEVER (INT32_MIN / 2)
#define FIRST_CUT 9216 /* nats Q10 below the best at which memory that runs short begins to forget: 9 */

void es_trellis_clear(es_trellis *t) {
    t->nodes[0] = (es_node){.first = ES_NO_NODE, .left = true};
    t->node_count = 1;
    t->arc_count = 0;
}

bool es_trellis_room(const es_trellis *t, uint32_t nodes, uint32_t arcs) {
    return t->node_count + nodes <= t->max_nodes && t->arc_count + arcs <= t->max_arcs;
}

static uint16_t new_node(es_trellis *t) {
    t->nodes[t->node_count] = (es_node){.alpha = NEVER, .first = ES_NO_NODE};
    return t->node_count++;
}

/* Puts arc `index` into the list of `node`; two arcs that differ in time alone become one. */
static void hang(es_trellis *t, uint16_t node, uint16_t index) {
    es_arc *arc = &t->arcs[index];
    es_node *to = &t->nodes[node];
    const es_node *from = &t->nodes[arc->from];
    uint16_t depth = (uint16_t)(from->depth + (arc->label != 0));
    to->alpha = to->alpha == NEVER ? from->alpha + arc->score : es_log_add(to->alpha, from->alpha + arc->score);
    to->depth = depth > to->depth ? depth : to->depth;
    for (uint16_t k = to->first; k != ES_NO_NODE; k = t->arcs[k].next) {
        es_arc *other = &t->arcs[k];
        if (other->from != arc->from || other->label != arc->label)
            continue;
        if (arc->score > other->score) {
            other->first_frame = arc->first_frame;
            other->frames = arc->frames;
        }
        other->score = es_log_add(other->score, arc->score);
        if (index + 1 == t->arc_count)
            t->arc_count--;
        return;
    }
    arc->next = to->first;
    to->first = index;
}

void es_trellis_enter(es_trellis *t, uint16_t node, uint16_t from, const es_arc *arc) {
    t->arcs[t->arc_count] = *arc;
    t->arcs[t->arc_count].from = from;
    t->nodes[from].left = true;
    t->arc_count++;
    hang(t, node, (uint16_t)(t->arc_count - 1));
}

uint16_t es_trellis_extend(es_trellis *t, uint16_t from, const es_arc *arc) {
    uint16_t node = new_node(t);
    es_trellis_enter(t, node, from, arc);
    return node;
}

/* What leads to `from` leads to `to` as well; `shift` is the difference of the blanks since. */
static void take_over(es_trellis *t, uint16_t to, uint16_t from, int32_t shift) {
    es_node *old = &t->nodes[from];
    if (old->left) {
        es_trellis_enter(t, to, from, &(es_arc){.score = shift});
        return;
    }
    for (uint16_t k = old->first, next; k != ES_NO_NODE; k = next) {
        next = t->arcs[k].next;
        t->arcs[k].score += shift;
        hang(t, to, k);
    }
    old->first = ES_NO_NODE;
    old->alpha = NEVER;
}

es_stand es_trellis_merge(es_trellis *t, es_stand a, es_stand b) {
    es_stand newer = a.node > b.node ? a : b, older = a.node > b.node ? b : a;
    if (t->nodes[newer.node].left) {
        es_stand both = {.node = new_node(t), .trail = 0};
        take_over(t, both.node, newer.node, newer.trail);
        take_over(t, both.node, older.node, older.trail);
        return both;
    }
    take_over(t, newer.node, older.node, older.trail - newer.trail);
    return newer;
}

uint16_t es_trellis_best(const es_trellis *t, uint16_t node) {
    uint16_t best = ES_NO_NODE;
    int32_t most = 0;
    for (uint16_t k = t->nodes[node].first; k != ES_NO_NODE; k = t->arcs[k].next) {
        int32_t brings = t->nodes[t->arcs[k].from].alpha + t->arcs[k].score;
        if (best == ES_NO_NODE || brings > most) {
            best = k;
            most = brings;
        }
    }
    return best;
}

void es_trellis_beta_begin(es_trellis *t, const es_stand *stands, uint16_t count) {
    for (uint16_t n = 0; n < t->node_count; n++)
        t->beta[n] = NEVER;
    for (uint16_t i = 0; i < count; i++) {
        int32_t *beta = &t->beta[stands[i].node];
        *beta = *beta == NEVER ? stands[i].trail : es_log_add(*beta, stands[i].trail);
    }
}

uint16_t es_trellis_beta_node(es_trellis *t, uint16_t n) {
    uint16_t arcs = 0;
    if (t->beta[n] == NEVER)
        return 0;
    for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next, arcs++) {
        int32_t *beta = &t->beta[t->arcs[k].from], more = t->arcs[k].score + t->beta[n];
        *beta = *beta == NEVER ? more : es_log_add(*beta, more);
    }
    return arcs;
}

/* Marks the nodes that lead to a stand, and takes out arcs that bring less than `cut` below the whole; every node keeps
 * the arc that brings most. */
static void mark(es_trellis *t, const es_stand *stands, uint16_t count, int32_t cut) {
    if (cut < 0) {
        es_trellis_beta_begin(t, stands, count);
        for (uint16_t n = t->node_count; n-- > 0;)
            es_trellis_beta_node(t, n);
    }
    for (uint16_t n = 0; n < t->node_count; n++)
        t->nodes[n].marked = n == 0;
    for (uint16_t i = 0; i < count; i++)
        t->nodes[stands[i].node].marked = true;
    for (uint16_t n = t->node_count; n-- > 0;) {
        if (!t->nodes[n].marked)
            continue;
        uint16_t best = cut < 0 ? es_trellis_best(t, n) : ES_NO_NODE;
        for (uint16_t *link = &t->nodes[n].first; *link != ES_NO_NODE;) {
            es_arc *arc = &t->arcs[*link];
            int32_t through = t->nodes[arc->from].alpha + arc->score + t->beta[n] - t->beta[0];
            if (cut < 0 && *link != best && through < cut) {
                *link = arc->next;
                t->pruned++;
                continue;
            }
            t->nodes[arc->from].marked = true;
            link = &arc->next;
        }
    }
}

/* Moves what is marked to the front. */
static void compact(es_trellis *t, es_stand *stands, uint16_t count) {
    uint16_t *node_to = t->moved, *arc_to = t->moved + t->max_nodes;
    uint16_t nodes = 0, arcs = 0;
    for (uint16_t k = 0; k < t->arc_count; k++)
        arc_to[k] = ES_NO_NODE;
    for (uint16_t n = 0; n < t->node_count; n++) {
        if (!t->nodes[n].marked)
            continue;
        node_to[n] = nodes++;
        for (uint16_t k = t->nodes[n].first; k != ES_NO_NODE; k = t->arcs[k].next)
            arc_to[k] = 0;
    }
    for (uint16_t k = 0; k < t->arc_count; k++)
        if (arc_to[k] != ES_NO_NODE)
            arc_to[k] = arcs++;
    for (uint16_t n = 0; n < t->node_count; n++) {
        if (!t->nodes[n].marked)
            continue;
        es_node node = t->nodes[n];
        node.first = node.first == ES_NO_NODE ? ES_NO_NODE : arc_to[node.first];
        t->nodes[node_to[n]] = node;
    }
    for (uint16_t k = 0; k < t->arc_count; k++) {
        if (arc_to[k] == ES_NO_NODE)
            continue;
        es_arc arc = t->arcs[k];
        arc.from = node_to[arc.from];
        arc.next = arc.next == ES_NO_NODE ? ES_NO_NODE : arc_to[arc.next];
        t->arcs[arc_to[k]] = arc;
    }
    for (uint16_t i = 0; i < count; i++)
        stands[i].node = node_to[stands[i].node];
    t->node_count = nodes;
    t->arc_count = arcs;
}

void es_trellis_collect(es_trellis *t, es_stand *stands, uint16_t count, es_work *work) {
    int32_t cut = 0;
    do {
        es_work_add(work, 0, 0, (uint64_t)t->node_count * 24 + (uint64_t)t->arc_count * (cut < 0 ? 60 : 24));
        mark(t, stands, count, cut);
        compact(t, stands, count);
        /* Half a nat less is kept each time; at last nothing but the best ways. */
        cut = cut == 0 ? -FIRST_CUT : cut + 512;
    } while (cut < 0 && (t->node_count > t->max_nodes / 2 || t->arc_count > t->max_arcs / 2));
}
