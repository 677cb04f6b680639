/* A board without microphone and speaker: hears silence, drops what is played, says what it says on standard output.
 * In: nothing. Out: log lines. For the SDK's simulator, and to link firmware before a board's own file is written. */
#include <stdio.h>
#include <time.h>

#include "board.h"

#define TICK_MS 10

static int64_t heard_ms; /* what was given so far, on the board's own clock */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

es_status es_board_open(void) {
    heard_ms = now_ms();
    return ES_OK;
}

bool es_board_microphone(int16_t *samples) {
    if (heard_ms + TICK_MS > now_ms()) {
        return false;
    }
    heard_ms += TICK_MS;
    for (int i = 0; i < ES_TICK_SAMPLES; i++) {
        samples[i] = 0;
    }
    return true;
}

void es_board_speaker(const int16_t *frames) { (void)frames; }

void es_board_trace(const char *line, size_t bytes) {
    (void)line;
    (void)bytes;
}

void es_board_log(const char *line, size_t bytes) { printf("%.*s\n", (int)bytes, line); }
