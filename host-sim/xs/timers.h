/* Timers of a script on the capture clock: a fixed table, ordered by due time, then by age. */
#ifndef EARSHOT_XS_TIMERS_H
#define EARSHOT_XS_TIMERS_H

#include "xsAll.h"

#define ES_MAX_TIMERS 64

typedef struct es_timer {
    uint32_t id;     /* 0: free */
    int64_t due;     /* samples */
    int64_t period;  /* samples, 0: once */
    txSlot function; /* remembered for the collector; its address stays */
} es_timer;

typedef struct es_timers {
    es_timer items[ES_MAX_TIMERS];
    uint32_t last_id;
} es_timers;

/* All void, with the machine that held the functions. */
void es_timers_clear(es_timers *timers);
/* 0 when the table is full. */
uint32_t es_timers_set(es_timers *timers, txMachine *the, const txSlot *function, int64_t due, int64_t period);
void es_timers_remove(es_timers *timers, txMachine *the, uint32_t id);
/* Whether one is due at `t`. */
bool es_timers_due(const es_timers *timers, int64_t t);
/* Call the first that is due at `t`, of those with ids up to `newest`; false when none is. */
bool es_timers_run_one(es_timers *timers, txMachine *the, int64_t t, uint32_t newest);

#endif
