/* The virtual board: the runtime, the JavaScript machine and what connects them, on a virtual capture clock.
 * In: ticks of 10 ms with microphone sound, console lines. Out: records on descriptor 1, played sound. */
#ifndef EARSHOT_XS_BOARD_H
#define EARSHOT_XS_BOARD_H

#include "console.h"
#include "earshot/port.h"
#include "machine.h"
#include "options.h"
#include "slices.h"

/* Shares of a run without a stated speed are shares of this CPU. */
#define ES_REFERENCE_MIPS 250
#define ES_FAILED_STARTS 3 /* in a row, then the board stays without JavaScript */

typedef struct es_board {
    const es_options *options;
    es_port_file model_file, music_file, prompts_file, startup_file, names_file, understanding_file;
    es_port_file pieces[ES_MOST_PIECES];
    es_prompts prompts;
    double date_ms;      /* of capture time 0 */
    bool restart_wanted; /* by the script */
    bool microphone_off; /* by the script */
    es_model model;
    es_understanding_model understanding_model;
    es_understanding understanding;
    es_arena understanding_arena;
    uint64_t understanding_told; /* counted instructions that were given to JavaScript's share already */
    es_arena arena;
    es_runtime *runtime;
    es_modules_store modules;
    es_js js;
    es_device device;
    struct es_room *room; /* NULL: the microphone hears only the file */
    es_console console;
    int failed_starts;
    uint32_t restarts;
    bool dead; /* JavaScript could not be started */
    bool has_line;
    char line[3 * ES_CONSOLE_LINE + 1];
    int16_t played[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
    int32_t loudest;         /* microphone, since the last tick record */
    es_runtime_stats before; /* at the last tick record */
    es_slices slices;
} es_board;

/* False: a record has told what is wrong; `*code` is the exit code. */
bool es_board_open(es_board *board, const es_options *options, const char *scripts, int *code);
void es_board_close(es_board *board);
/* A fresh runtime and a fresh clone, at capture time 0. */
void es_board_restart(es_board *board);
/* 10 ms: 160 samples, or NULL for silence. */
void es_board_tick(es_board *board, const int16_t *microphone);

/* The script breaks, and is replaced as after any fault. */
void es_board_break(es_board *board);

/* records.c: JSON Lines on descriptor 1. */
void es_record_line(const char *line, size_t bytes);
void es_record_ready(const es_board *board, const char *terminal);
void es_record_error(const char *code, const char *what, const char *file, int64_t offset);
/* How many names there are, and the numbers of those that can't be spelled. */
void es_record_names(const es_board *board);
void es_record_begin(const char *file);
void es_record_end(const es_board *board, const char *file, int64_t samples);
void es_record_microphone(int64_t t, bool on);
void es_record_fault(const es_board *board);
void es_record_tick(es_board *board);
/* Memory after a collection, and the counters. */
void es_record_mark(es_board *board, int64_t hour);
void es_record_slices(es_board *board);
/* Nominal instructions a millisecond. */
uint64_t es_board_speed(const es_board *board);
void es_record_summary(const es_board *board);
/* Members of es_stats's memory object. */
void es_record_memory(const es_board *board, es_json *json);

#endif
