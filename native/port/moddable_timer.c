/* Ticks for the SDK port where the machine's task has a timer: simulator and boards.
 * Out: es_moddable_tick, once for each 10 ms that the board's sound has brought. */
#include "modTimer.h"
#include "moddable.h"

#define TICK_MS 10
#define CATCH_UP 4 /* ticks in one turn of the timer: a late turn makes up for it, and scripts still get their turn */

static void turn(modTimer timer, void *refcon, int refcon_size) {
    (void)timer;
    (void)refcon;
    (void)refcon_size;
    for (int i = 0; i < CATCH_UP && es_moddable_tick(); i++) {
    }
}

es_status es_moddable_start(void) { return modTimerAdd(TICK_MS, TICK_MS, turn, NULL, 0) ? ES_OK : ES_E_MEMORY; }
