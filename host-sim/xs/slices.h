/* Records of where the time goes: slices.c. */
#ifndef EARSHOT_XS_SLICES_H
#define EARSHOT_XS_SLICES_H

#include "earshot/runtime.h"
#include "json.h"

#define ES_SLICES 400 /* of 100 ms; more are counted and left out */
#define ES_SLICES_STEPS 32

typedef struct es_slice {
    es_task task;
    uint64_t start, instructions;
} es_slice;

typedef struct es_step {
    uint64_t heard, took;
    es_load load;
} es_step;

typedef struct es_slices {
    es_watcher watcher;
    uint64_t instructions_per_ms;
    es_slice slice[ES_SLICES];
    es_step step[ES_SLICES_STEPS];
    uint32_t count, steps;
    uint64_t left_out;
} es_slices;

/* What to give to the runtime. */
const es_watcher *es_slices_open(es_slices *slices, uint64_t instructions_per_ms);
/* Members of a record, of what came since the last one. */
void es_slices_write(es_slices *slices, es_json *json);

#endif
