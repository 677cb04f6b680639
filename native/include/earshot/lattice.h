/* The word lattice of one utterance: a directed acyclic graph from node 0 to the last node. Nodes are points in time,
 * edges are words. Writer and reader of the coded form, posteriors, best path, exact n-best.
 *
 * Scores are natural logarithms, Q10. acoustic + language + bias of an edge is the logarithm of its probability given
 * its first node: the probabilities of a node's outgoing edges sum to 1 (to 0.001), so a path's total is the logarithm
 * of its posterior among what the search kept. Language and bias are what those two added, so that a server may take
 * them out again; acoustic is the rest.
 *
 * Coded form, version 1, little-endian; varint: 7 bits a byte, lowest first, top bit = more follows, no longer than
 * needed, below 2^32; signed numbers as zigzag (0, -1, 1, -2, … = 0, 1, 2, 3, …). Times are in frames of 10 ms.
 *     u8 version = 1 · u8 flags: bit 0 = pieces are u16, else u8 and all below 257 · u32 model (checksum of its file)
 *     varint utterance · varint revision · varint start (frames from the start of listening to node 0)
 *     varint nodes · varint edges
 *     for each node but the last: varint outgoing edges (1 or more); for each but the first, before that: varint time
 *     less that of the node before; the last has its time alone.  After a node's number of edges, each edge:
 *         varint last node less first node · varint pieces · each piece less 1
 *         signed start less the time of the first node · signed end less the time of the last node
 *         signed acoustic · signed language · signed bias
 * Canonical: the same lattice gives the same bytes. Nodes are ordered by time, those of one time by their first
 * incoming edge; edges by first node, last node, pieces. An edge without pieces is "nothing was said" and joins the
 * first node and the last. */
#ifndef EARSHOT_LATTICE_H
#define EARSHOT_LATTICE_H

#include "earshot/base.h"

#define ES_LATTICE_NODES 160 /* at most */
#define ES_LATTICE_EDGES 320
#define ES_LATTICE_PIECES 1280 /* of all edges */
#define ES_LATTICE_WORD 48     /* pieces of one edge */
#define ES_LATTICE_BYTES 4096  /* of the coded form */
#define ES_NBEST 10

typedef struct es_lattice_edge {
    uint16_t from, to;
    uint16_t piece_at; /* into `pieces` */
    uint16_t pieces;
    int32_t start, end; /* frames of 10 ms from node 0 */
    int32_t acoustic, language, bias;
    uint32_t posterior; /* Q30 */
} es_lattice_edge;

typedef struct es_lattice {
    uint32_t model, utterance, revision;
    uint32_t start; /* frames of 10 ms from the start of listening to node 0 */
    uint16_t nodes, edges, piece_count;
    int32_t time[ES_LATTICE_NODES];            /* frames of 10 ms; rises along every edge */
    uint16_t first_edge[ES_LATTICE_NODES + 1]; /* outgoing edges of node n: first_edge[n] up to first_edge[n + 1] */
    uint32_t mass[ES_LATTICE_NODES];           /* scratch */
    es_lattice_edge edge[ES_LATTICE_EDGES];
    uint16_t pieces[ES_LATTICE_PIECES];
} es_lattice;

static inline int32_t es_lattice_score(const es_lattice_edge *edge) {
    return edge->acoustic + edge->language + edge->bias;
}

/* Bytes written, or ES_E_FULL (as a negative number) when `capacity` is too small. */
int32_t es_lattice_write(const es_lattice *lattice, uint8_t *out, uint32_t capacity);
/* ES_E_SHORT, ES_E_VERSION, ES_E_UNSUPPORTED (unknown flags, more than the limits above) or ES_E_CORRUPT; `*where` (may
 * be NULL) is the offset at which it was seen. Posteriors are filled in. */
es_status es_lattice_read(es_lattice *lattice, const uint8_t *bytes, uint32_t size, uint32_t *where);

/* Brings a lattice whose edges go from lower nodes to higher ones, ordered by first node, into the canonical order.
 * Returns how often it compared. */
uint32_t es_lattice_sort(es_lattice *lattice);
/* Takes out edges of a posterior below `least` (Q30) but those of the best path, and nodes that nothing leads through
 * any more; what is left is scaled to sum to 1 again. */
void es_lattice_prune(es_lattice *lattice, uint32_t least);
/* Posterior of every edge from the scores. Across any time between two nodes they sum to 1, and at every node what
 * comes in goes out. */
void es_lattice_posteriors(es_lattice *lattice);
/* The edges of the best path, first to last; returns their number. */
uint16_t es_lattice_best(const es_lattice *lattice, uint16_t path[ES_LATTICE_NODES]);

typedef struct es_path {
    int32_t score; /* Q10 */
    uint16_t edges;
    uint16_t edge[ES_LATTICE_NODES];
} es_path;

/* Working memory of es_lattice_nbest. */
typedef struct es_nbest_step {
    int32_t estimate; /* score so far plus the best that can follow */
    int32_t score;
    uint16_t edge;   /* the last one */
    uint16_t before; /* the step before it */
    uint16_t node;
} es_nbest_step;

#define ES_NBEST_STEPS 2048
typedef struct es_nbest {
    int32_t ahead[ES_LATTICE_NODES]; /* best score from here to the end */
    uint16_t heap[ES_NBEST_STEPS];
    es_nbest_step step[ES_NBEST_STEPS];
} es_nbest;

/* Texts of the pieces, to tell paths with the same words apart from others: offsets as es_model.piece_offsets. */
typedef struct es_spelling {
    const uint16_t *offsets;
    const char *text;
    uint16_t vocabulary;
} es_spelling;

/* The best `count` (up to ES_NBEST) paths with different words, best first, by A* with the exact rest of each path as
 * its estimate; the first is es_lattice_best. `spelling` NULL: different pieces. Returns how many there are.
 * `*complete` (may be NULL) is false when the memory ran out before the list was full. */
uint16_t es_lattice_nbest(const es_lattice *lattice, const es_spelling *spelling, es_nbest *memory, es_path *paths,
                          uint16_t count, bool *complete);

/* The text of one edge, without the space that opens it; returns its bytes, cut at `capacity`. */
uint32_t es_lattice_text(const es_lattice *lattice, const es_lattice_edge *edge, const es_spelling *spelling, char *out,
                         uint32_t capacity);
/* Confidence of an edge, Q30: the posteriors of all edges with its text whose time overlaps its own, at most 1. */
uint32_t es_lattice_confidence(const es_lattice *lattice, const es_lattice_edge *edge, const es_spelling *spelling);

#endif
