#include "timers.h"

void es_timers_clear(es_timers *timers) {
    for (int i = 0; i < ES_MAX_TIMERS; i++) {
        timers->items[i].id = 0;
    }
}

uint32_t es_timers_set(es_timers *timers, txMachine *the, const txSlot *function, int64_t due, int64_t period) {
    for (int i = 0; i < ES_MAX_TIMERS; i++) {
        es_timer *timer = &timers->items[i];
        if (timer->id == 0) {
            timer->id = ++timers->last_id;
            timer->due = due;
            timer->period = period;
            timer->function = *function;
            fxRemember(the, &timer->function);
            return timer->id;
        }
    }
    return 0;
}

void es_timers_remove(es_timers *timers, txMachine *the, uint32_t id) {
    for (int i = 0; i < ES_MAX_TIMERS; i++) {
        if (id != 0 && timers->items[i].id == id) {
            fxForget(the, &timers->items[i].function);
            timers->items[i].id = 0;
        }
    }
}

static es_timer *first_due(const es_timers *timers, int64_t t, uint32_t newest) {
    const es_timer *first = NULL;
    for (int i = 0; i < ES_MAX_TIMERS; i++) {
        const es_timer *timer = &timers->items[i];
        if (timer->id != 0 && timer->id <= newest && timer->due <= t &&
            (!first || timer->due < first->due || (timer->due == first->due && timer->id < first->id))) {
            first = timer;
        }
    }
    return (es_timer *)first;
}

bool es_timers_due(const es_timers *timers, int64_t t) { return first_due(timers, t, UINT32_MAX) != NULL; }

bool es_timers_run_one(es_timers *timers, txMachine *the, int64_t t, uint32_t newest) {
    es_timer *timer = first_due(timers, t, newest);
    if (!timer) {
        return false;
    }
    mxPushUndefined();
    mxPushSlot(&timer->function);
    if (timer->period > 0) {
        timer->due += timer->period;
    } else {
        fxForget(the, &timer->function);
        timer->id = 0;
    }
    mxCall();
    mxRunCount(0);
    mxPop();
    return true;
}
