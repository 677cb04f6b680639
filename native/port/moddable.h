/* The port for firmware that the Moddable SDK builds: one device, one machine, one task.
 * In: resources `earshot.esm` (the model) and `music.opus` (the piece), the board's sound (board.h). Out: the device
 * that native/xs binds. The pipeline's ticks run in the machine's own task, so no lock is needed. */
#ifndef EARSHOT_PORT_MODDABLE_H
#define EARSHOT_PORT_MODDABLE_H

#include "device.h"

/* One tick: the board's microphone in, the board's speaker out, events to the script. False: no sound had come. */
bool es_moddable_tick(void);
/* Begins to call es_moddable_tick each 10 ms. Supplied by moddable_timer.c, or by the program that calls it itself. */
es_status es_moddable_start(void);
/* The device, made on the first call of any native; NULL before. */
es_device *es_moddable_device(void);

#endif
