/* JavaScript on the board: calls, faults, console lines. The counterpart of host-sim/xs/board.c. */
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "board.h"
#include "bytecode.h"
#include "cpu.h"
#include "mc.defines.h"
#include "serial.h"
#include "sound.h"

static es_board *the_board;

/* ---- what the engine and the bindings ask for ---- */

/* The C stack of JavaScript's task: the engine stops a little above its end. */
#define STACK_MARGIN 1024
char *fxCStackLimit(void) { return (char *)es_freertos_script_stack() + STACK_MARGIN; }

int es_time_of_day(struct timeval *now, void *zone) {
    double ms = the_board ? the_board->device.date(the_board, the_board->js.t) : 0;
    (void)zone;
    now->tv_sec = (time_t)(ms / 1000);
    now->tv_usec = (suseconds_t)((ms - (double)now->tv_sec * 1000) * 1000);
    return 0;
}

static void on_trace(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_report_line(line, bytes);
}

static void on_log(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_report_log("%.*s", (int)bytes, line);
}

static es_status on_piece(void *owner, const char *uri, const void **data, size_t *bytes) {
    const es_board *board = owner;
    if (strcmp(uri, "default") != 0 || !board->music) {
        return ES_E_ARGUMENT;
    }
    *data = board->music;
    *bytes = board->music_bytes;
    return ES_OK;
}

static const char *on_piece_name(void *owner, uint32_t index) {
    const es_board *board = owner;
    return index == 0 && board->music ? "default" : NULL;
}

static double on_date(void *owner, int64_t t) {
    const es_board *board = owner;
    return board->options.date_ms + (double)t * 1000 / ES_SAMPLE_RATE;
}

static void on_set_date(void *owner, double ms, int64_t t) {
    es_board *board = owner;
    board->options.date_ms = ms - (double)t * 1000 / ES_SAMPLE_RATE;
}

static void on_report(void *owner, es_json *json) { es_report_memory(owner, json); }

/* ---- calls, and what follows a fault ---- */

static void start_script(es_board *board) {
    while (!es_js_start(&board->js, es_main_module) ||
           (es_js_pending(&board->js) && !es_js_timers(&board->js))) { /* what it set itself to do at once, too */
        es_report_fault(board);
        es_js_stop(&board->js);
        if (++board->failed_starts == ES_FAILED_STARTS) {
            es_report_log("JavaScript failed to start three times and stays off; music goes on");
            board->dead = true;
            return;
        }
    }
    board->failed_starts = 0;
}

/* The request ends, the script is replaced, music goes on. */
static void recover(es_board *board) {
    es_report_fault(board);
    es_js_stop(&board->js);
    es_runtime_restarted(board->runtime);
    bool listening = es_runtime_listening(board->runtime);
    board->restarts++;
    start_script(board);
    if (listening) { /* the utterance under way belongs to the script that died */
        es_runtime_listen(board->runtime, false);
        es_runtime_listen(board->runtime, true);
    }
}

/* Instructions are the kernel's to count here: none are returned. */
uint64_t es_board_on_event(void *context, const es_event *event) {
    es_board *board = context;
    if (!board->dead && !es_js_event(&board->js, event)) {
        recover(board);
    }
    return 0;
}

static void on_reply(void *context, const char *text) {
    (void)context;
    es_serial_reply(*text ? text : "error off no program listens to the console");
}

static void run_line(es_board *board, const char *line, size_t letters) {
    if (board->dead) {
        on_reply(board, "");
    } else if (!es_js_line(&board->js, line, letters, board->options.json, on_reply, board)) {
        char text[600];
        snprintf(text, sizeof text, "error fault %s: %s", board->js.fault.reason, board->js.fault.message);
        es_serial_reply(text);
        recover(board);
    }
}

uint64_t es_board_on_idle(void *context, int64_t t) {
    es_board *board = context;
    size_t letters;
    const char *line = es_serial_line(&letters);
    board->js.t = t;
    if (line) {
        run_line(board, line, letters);
        es_serial_done();
    }
    if (!board->dead && es_js_pending(&board->js) && !es_js_timers(&board->js)) {
        recover(board);
    }
    if (es_sound_stalled() && !board->stall_told) {
        board->stall_told = true;
        es_report_log("error microphone: no sound comes from it: listening ends, music goes on");
    }
    if (es_sound_finished()) {
        es_cpu_exit(es_report_summary(board));
    }
    return 0;
}

extern const txMachine es_frozen_root; /* gen/frozen.S */

void es_board_open_script(es_board *board) {
    the_board = board;
    board->modules.items = es_flash_modules;
    board->modules.count = es_flash_module_count;
    board->device = (es_device){
        .runtime = board->runtime,
        .model = &board->model,
        .understanding = board->understands ? &board->understanding : NULL,
        .owner = board,
        .trace = on_trace,
        .log = on_log,
        .piece = on_piece,
        .piece_name = on_piece_name,
        .date = on_date,
        .set_date = on_set_date,
        .report = on_report,
    };
    board->js = (es_js){
        .root = (txMachine *)&es_frozen_root, /* the engine only reads the machine that it clones */
        .modules = &board->modules,
        .device = &board->device,
        .limit = MODDEF_JAVASCRIPT_WATCHDOG,
    };
    start_script(board);
}
