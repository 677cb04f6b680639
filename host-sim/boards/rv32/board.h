/* The emulated board: the runtime, the JavaScript machine, and what connects them with the simulated devices. */
#ifndef EARSHOT_RV32_BOARD_H
#define EARSHOT_RV32_BOARD_H

#include "machine.h"
#include "options.h"

#define ES_FAILED_STARTS 3 /* in a row, then the board stays without JavaScript */

typedef struct es_board {
    es_options options;
    es_model model; /* all zero when the flash holds none that can be used */
    bool listens;
    es_understanding_model understanding_model;
    es_understanding understanding;
    bool understands;
    const uint8_t *music;
    size_t music_bytes;
    es_arena arena;
    es_runtime *runtime;
    es_modules_store modules;
    es_js js;
    es_device device;
    int failed_starts;
    uint32_t restarts;
    bool dead; /* JavaScript could not be started */
    bool stall_told;
    es_arena storage_arena;
} es_board;

/* storage.c: settings in flash. */
void es_board_open_storage(es_board *board);

/* script.c: the machine, its calls, what follows a fault. */
void es_board_open_script(es_board *board);
uint64_t es_board_on_event(void *board, const es_event *event);
uint64_t es_board_on_idle(void *board, int64_t t);

/* report.c: JSON Lines in records.jsonl; people's lines on the serial port. */
void es_report_open(void);
void es_report_line(const char *line, size_t bytes);
void es_report_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
void es_report_ready(const es_board *board);
void es_report_fault(const es_board *board);
void es_report_memory(const es_board *board, es_json *json);
/* The run summary; also the exit code that it means. */
int es_report_summary(const es_board *board);

/* gen/areas.c: sizes that follow from the manifest. */
extern unsigned char es_runtime_area[];
extern const size_t es_runtime_area_bytes;
extern unsigned char es_storage_area[];
extern const size_t es_storage_area_bytes;

#endif
