/* What a board's own C file supplies to the port of the Moddable SDK: microphone, speaker, two texts.
 * `board_silent.c` is the file for a machine without sound; a board's file replaces it in manifest.json.
 * All four are called by one task, once for each 10 ms of the capture clock; none may wait. */
#ifndef EARSHOT_PORT_BOARD_H
#define EARSHOT_PORT_BOARD_H

#include "earshot/runtime.h"

/* Opens microphone and speaker. A negative status stops the firmware with its name in the log. */
es_status es_board_open(void);
/* The next 10 ms of the microphone: ES_TICK_SAMPLES at 16 kHz. False: they have not come yet, and no tick is due. */
bool es_board_microphone(int16_t *samples);
/* ES_PLAY_BLOCK stereo frames at 48 kHz; the board brings them to its own rate. */
void es_board_speaker(const int16_t *frames);
/* One line without its end. Trace lines are for tools, log lines for people. */
void es_board_trace(const char *line, size_t bytes);
void es_board_log(const char *line, size_t bytes);

#endif
