/* What the search remembers: a graph of word pieces that grows while it decodes. Private to native/decoder.
 * A node is a state of the search (last two labels, states of biasing and language model) that was reached; an arc is a
 * label, with what its model scores were and the blanks since the node it comes from. Arcs go from older nodes to newer
 * ones. When two hypotheses of one state meet in one step, the newer node takes the arcs of the older one, if nothing
 * has left that yet; else an arc without a label joins them. Either way every path keeps its exact score. */
#ifndef EARSHOT_TRELLIS_H
#define EARSHOT_TRELLIS_H

#include "earshot/base.h"

#define ES_NO_NODE 0xffff

typedef struct es_node {
    int32_t alpha;  /* log of the sum of all ways that lead here, Q10 */
    uint16_t first; /* incoming arc, or ES_NO_NODE */
    uint16_t depth; /* labels on the longest way here */
    bool left;      /* an arc goes out */
    bool marked;
} es_node;

typedef struct es_arc {
    int32_t score;        /* Q10, everything: label, blanks, language, bias */
    uint32_t first_frame; /* of the step that gave the label */
    uint32_t flow;        /* Q30 posterior, while a lattice is built */
    int16_t language, bias;
    uint16_t from;
    uint16_t next;  /* incoming arc of the same node */
    uint16_t label; /* 0: joins two nodes of one state */
    uint8_t frames; /* of the step */
} es_arc;

typedef struct es_trellis {
    es_node *nodes;
    es_arc *arcs;
    int32_t *beta;   /* [nodes] scratch */
    uint16_t *moved; /* [nodes], [arcs]: scratch */
    uint16_t max_nodes, max_arcs;
    uint16_t node_count, arc_count;
    uint32_t pruned; /* arcs given up because memory ran short */
} es_trellis;

/* Where a hypothesis stands: its node, and the blanks since. */
typedef struct es_stand {
    uint16_t node;
    int32_t trail; /* Q10 */
} es_stand;

void es_trellis_clear(es_trellis *trellis); /* node 0: the start */
bool es_trellis_room(const es_trellis *trellis, uint32_t nodes, uint32_t arcs);
/* A new node behind `from`, reached by `arc` (its `from` and `next` are filled in). Room was asked for. */
uint16_t es_trellis_extend(es_trellis *trellis, uint16_t from, const es_arc *arc);
/* One more arc into the newest node of this step. */
void es_trellis_enter(es_trellis *trellis, uint16_t node, uint16_t from, const es_arc *arc);
/* Two hypotheses of one state in one step become one. Needs room for one node and two arcs. */
es_stand es_trellis_merge(es_trellis *trellis, es_stand a, es_stand b);
/* Forgets what no stand leads to; if that leaves less than half of the memory free, also arcs of small posterior. The
 * nodes of the stands are renamed. */
void es_trellis_collect(es_trellis *trellis, es_stand *stands, uint16_t count, es_work *work);
/* The best way back from `node`: the arc that brings most, or ES_NO_NODE at the start. */
uint16_t es_trellis_best(const es_trellis *trellis, uint16_t node);
/* beta[n] = log of the sum of all ways from n to the stands: after a begin, and every node from the newest to the
 * oldest. The number of arcs looked at. */
void es_trellis_beta_begin(es_trellis *trellis, const es_stand *stands, uint16_t count);
uint16_t es_trellis_beta_node(es_trellis *trellis, uint16_t node);

#endif
