/* The governor: from lateness to how much work the recogniser may take. Rules: README.md of this folder. */
#include "internal.h"

/* How late a step came, in thousandths of the sound that it covers; over 1000 it is a late frame. */
#define AT_RISK 875
#define CALM 625
#define GAIN 50 /* a backlog that shrinks by less than this a step does not shrink */
/* In ticks of 10 ms. */
#define HOLD 100          /* calm before one level is given back */
#define LONGEST_HOLD 1600 /* ... after relapses */
#define RELAPSE 500       /* a level taken again sooner than this after it was given back doubles the hold */
#define FORGET 6000       /* a minute without one: back to HOLD */
#define SETTLING 2        /* steps that were begun before the level could help */

void es_governor_init(es_governor *governor) { *governor = (es_governor){.hold = HOLD}; }

static void raise(es_governor *governor, uint32_t tick, es_load level) {
    uint32_t since = tick - governor->lowered;
    if (governor->lowered > 0 && since < RELAPSE) {
        governor->hold = 2 * governor->hold < LONGEST_HOLD ? 2 * governor->hold : LONGEST_HOLD;
    } else if (since > FORGET) {
        governor->hold = HOLD;
    }
    governor->level = level;
    governor->settling = SETTLING;
    governor->pressed = tick;
}

bool es_governor_step(es_governor *governor, uint32_t tick, uint32_t lateness) {
    bool worse = lateness + GAIN >= governor->lateness;
    governor->lateness = lateness;
    if (lateness > CALM) {
        governor->pressed = tick;
    }
    if (governor->settling > 0) {
        governor->settling--;
        return false;
    }
    if (lateness < AT_RISK || !worse || governor->level >= ES_LOAD_GREEDY) {
        return false;
    }
    raise(governor, tick, governor->level + 1);
    return true;
}

bool es_governor_wait(es_governor *governor, uint32_t tick, uint32_t waits_ms, uint32_t bound_ms) {
    if (waits_ms > 0) {
        governor->pressed = waits_ms > bound_ms ? tick : governor->pressed;
    }
    if (governor->level == ES_LOAD_LATE && waits_ms == 0) {
        governor->level = ES_LOAD_GREEDY; /* caught up; the beam stays narrow until it is calm */
        governor->pressed = tick;
    } else if (governor->level < ES_LOAD_LATE && waits_ms > bound_ms) {
        raise(governor, tick, ES_LOAD_LATE);
        return true;
    }
    return false;
}

bool es_governor_rest(es_governor *governor, uint32_t tick) {
    if (governor->level == ES_LOAD_FULL || governor->level == ES_LOAD_LATE ||
        tick - governor->pressed < governor->hold) {
        return false;
    }
    governor->level--;
    governor->lowered = tick;
    governor->pressed = tick;
    return governor->level == ES_LOAD_FULL;
}

uint8_t es_governor_width(const es_governor *governor) {
    return governor->level == ES_LOAD_FULL ? UINT8_MAX : governor->level == ES_LOAD_NARROW ? ES_NARROW_WIDTH : 1;
}
