/* Simulated days of a speaker's life, as fast as the PC allows (--soak HOURS). In: the sounds of some requests as jobs.
 * Out: the trace, and records `spoken` (a request was said), `restart` (the power was gone), `mark` (memory, each
 * hour). What happens depends on the hour alone: the same hours give the same bytes. */
#ifndef EARSHOT_XS_SOAK_H
#define EARSHOT_XS_SOAK_H

#include "board.h"
#include "jobs.h"

/* Exit code. */
int es_soak(es_board *board, es_jobs *jobs, int hours);

#endif
