/* What a run was asked for: words "key=value" that the emulator hands to the firmware. */
#ifndef EARSHOT_RV32_OPTIONS_H
#define EARSHOT_RV32_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct es_options {
    double date_ms; /* date=: calendar at the start */
    bool json;      /* json=1: replies of the console as JSON */
    bool script;    /* script=1: console lines from serial.in, raw=1: its bytes at full speed */
    bool raw;
    bool timeline;         /* timeline=1: writes timeline.bin */
    bool music_last;       /* music-last=1: for the test that must fail */
    bool flash_errors;     /* flash-errors=1: the partition of settings answers with errors */
    uint32_t broken_after; /* broken-after=N: the microphone stops after N blocks */
} es_options;

void es_options_read(es_options *options);

#endif
