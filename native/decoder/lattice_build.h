/* A lattice in the making. Private to native/decoder. */
#ifndef EARSHOT_LATTICE_BUILD_H
#define EARSHOT_LATTICE_BUILD_H

#include "decoder.h"

#define ES_NO_GROUP 0xffff
#define ES_WAY_ARCS 64 /* arcs of one edge at most */

/* What the making goes through, in this order; lattice_build.c has the first part, lattice_freeze.c the rest. */
typedef enum es_lattice_stage {
    LATTICE_BEGIN,
    LATTICE_BETA,
    LATTICE_SHARES,
    LATTICE_FLOWS,
    LATTICE_JOIN,
    LATTICE_GATHER,
    LATTICE_OUT,
    LATTICE_NUMBER,
    LATTICE_WALK,
    LATTICE_SCORE,
    LATTICE_PRUNE,
    LATTICE_RESCALE,
    LATTICE_SORT,
    LATTICE_WRITE,
    LATTICE_WORDS,
    LATTICE_MADE,
    LATTICE_FAILED
} es_lattice_stage;

typedef struct es_ending {
    uint16_t group;
    int32_t language, bias; /* what the hooks say of an end here */
} es_ending;

/* Where a walk over pieces stands. */
typedef struct es_way {
    uint16_t group;
    uint16_t arc;    /* the next to try */
    uint16_t pieces; /* so far */
    uint32_t flow;
    int32_t language, bias;
    int32_t start, end;
} es_way;

struct es_lattice_work {
    uint64_t *sum;    /* [nodes] weight of what leaves a node; then flow that leaves a group */
    uint32_t *flow;   /* [nodes] */
    uint32_t *ends;   /* [groups] flow that ends a word here, the end of the utterance included */
    uint32_t *final;  /* [groups] flow that ends here */
    uint16_t *group;  /* [nodes] its first node */
    uint16_t *out;    /* [groups] first arc out */
    uint16_t *number; /* [groups] node of the lattice, or ES_NO_GROUP */
    uint16_t *next;   /* [arcs] next arc out of the same group */
    uint16_t *to;     /* [arcs] node that the arc leads to */
    es_stand stand[ES_MAX_BEAM];
    es_ending ending[ES_MAX_BEAM];
    uint16_t endings;
    /* how far it has come */
    es_lattice_stage stage;
    uint16_t at; /* node, group or entry that the stage goes on with */
    uint8_t tries;
    uint32_t least; /* flow below which a way is not followed */
    uint32_t cut;   /* posterior below which an edge goes */
    bool overflow;
    /* groups in which words begin, and the walk from one of them */
    uint16_t list[ES_LATTICE_NODES], listed;
    es_way way[ES_WAY_ARCS];
    uint16_t pieces[ES_WAY_ARCS];
    uint16_t depth;
    bool walking;
};

/* One piece of work of a stage up to LATTICE_SCORE, and on to the next stage. Stops when the work reaches `until`. */
void es_lattice_build(es_recognizer *r, uint64_t until, es_work *work);

#endif
