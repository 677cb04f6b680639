#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "mc.defines.h"
#include "room.h"
#include "sound_tap.h"
#include "storage_host.h"

/* A clone costs a board about this much (measured under an instruction counter, host-sim/xs/README.md). */
#define CLONE_INSTRUCTIONS 155000

/* The room gives back what was played one tick before (160 samples); less 2 ms, so that all of it lies behind. */
#define ROOM_DELAY 128

const es_sound_tap *es_board_tap;

/* ---- what the bindings ask for ---- */

static void on_trace(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_record_line(line, bytes);
}

static void on_log(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_write_all(2, line, bytes);
    es_write_all(2, "\n", 1);
}

static const es_port_file *piece_of(const es_board *board, const char *uri) {
    const es_options *options = board->options;
    for (int i = 0; i < options->piece_count; i++) {
        if (strcmp(uri, options->pieces[i].name) == 0) {
            return &board->pieces[i];
        }
    }
    return strcmp(uri, "default") == 0 ? &board->music_file : NULL;
}

static es_status on_piece(void *owner, const char *uri, const void **data, size_t *bytes) {
    const es_port_file *file = piece_of(owner, uri);
    if (!file || !file->data) {
        return ES_E_ARGUMENT;
    }
    *data = file->data;
    *bytes = file->bytes;
    return ES_OK;
}

static const char *on_piece_name(void *owner, uint32_t index) {
    const es_board *board = owner;
    uint32_t first = board->music_file.data ? 1 : 0; /* "default" comes first */
    if (index < first) {
        return "default";
    }
    return index - first < (uint32_t)board->options->piece_count ? board->options->pieces[index - first].name : NULL;
}

static double on_date(void *owner, int64_t t) {
    const es_board *board = owner;
    return board->date_ms + (double)t * 1000 / ES_SAMPLE_RATE;
}

static void on_set_date(void *owner, double ms, int64_t t) {
    es_board *board = owner;
    board->date_ms = ms - (double)t * 1000 / ES_SAMPLE_RATE;
}

static void on_microphone(void *owner, bool on) {
    es_board *board = owner;
    if (board->microphone_off == on) { /* told only when it changes */
        es_runtime_stats stats;
        es_runtime_stats_read(board->runtime, &stats);
        board->microphone_off = !on;
        es_record_microphone(stats.t, on);
    }
}

static void on_restart(void *owner) {
    es_board *board = owner;
    board->restart_wanted = true;
}

static void on_report(void *owner, es_json *json) { es_record_memory(owner, json); }

/* ---- JavaScript: calls, and what follows a fault ---- */

static void start_script(es_board *board) {
    while (!es_js_start(&board->js, board->options->main_module ? board->options->main_module : es_main_module) ||
           (es_js_pending(&board->js) && !es_js_timers(&board->js))) { /* what it set itself to do at once, too */
        es_record_fault(board);
        es_js_stop(&board->js);
        if (++board->failed_starts == ES_FAILED_STARTS) {
            static const char text[] = "JavaScript failed to start three times and stays off; music goes on";
            on_log(NULL, text, sizeof text - 1);
            board->dead = true;
            return;
        }
    }
    board->failed_starts = 0;
}

/* The request ends, the script is replaced, music goes on. */
static void replace(es_board *board) {
    board->restart_wanted = false;
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

static void recover(es_board *board) {
    es_record_fault(board);
    replace(board);
}

void es_board_break(es_board *board) {
    if (!board->dead && !es_js_throw(&board->js)) {
        recover(board);
    }
}

static uint64_t cost_since(const es_board *board, uint64_t units, uint32_t restarts) {
    return (board->js.units - units) * ES_JS_UNIT_INSTRUCTIONS +
           (uint64_t)(board->restarts - restarts) * CLONE_INSTRUCTIONS;
}

/* Instructions of understanding that nobody was told of yet: they are JavaScript's, who calls it. */
static uint64_t understanding_since(es_board *board) {
    uint64_t all = board->understanding.work.instructions, since = all - board->understanding_told;
    board->understanding_told = all;
    return since;
}

static uint64_t on_event(void *context, const es_event *event) {
    es_board *board = context;
    uint64_t units = board->js.units;
    uint32_t restarts = board->restarts;
    if (board->dead) {
        return 0;
    }
    if (!es_js_event(&board->js, event)) {
        recover(board);
    } else if (board->restart_wanted) {
        replace(board);
    }
    return cost_since(board, units, restarts) + understanding_since(board);
}

static void on_reply(void *context, const char *text) {
    es_board *board = context;
    es_console_reply(&board->console, *text ? text : "error off no program listens to the console");
}

static void run_line(es_board *board) {
    board->has_line = false;
    if (board->dead) {
        on_reply(board, "");
    } else if (!es_js_line(&board->js, board->line, board->console.letters, board->options->json, on_reply, board)) {
        char text[600];
        const es_fault *fault = &board->js.fault;
        snprintf(text, sizeof text, "error fault %s: %s", fault->reason, fault->message);
        es_console_reply(&board->console, text);
        recover(board);
    } else if (board->restart_wanted) {
        replace(board);
    }
}

/* A startup line that went wrong is a person's to see; one that went well is not. */
static void on_startup_reply(void *context, const char *text) {
    const char *last = strrchr(text, '\n');
    last = last ? last + 1 : text;
    if (strncmp(last, "error", 5) == 0) {
        char line[700];
        int length = snprintf(line, sizeof line, "startup: %.*s: %.300s", 300, (const char *)context, last);
        on_log(NULL, line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
    }
}

/* Lines of the console before the first tick. */
static void run_startup(es_board *board) {
    const char *at = (const char *)board->startup_file.data, *end = at + board->startup_file.bytes;
    while (at < end && !board->dead) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t bytes = stop ? (size_t)(stop - at) : (size_t)(end - at);
        if (bytes > 0 && bytes < sizeof board->line) {
            memcpy(board->line, at, bytes);
            board->line[bytes] = 0;
            if (!es_js_line(&board->js, board->line, bytes, false, on_startup_reply, board->line)) {
                recover(board);
            }
        }
        at += bytes + 1;
    }
}

static uint64_t on_idle(void *context, int64_t t) {
    es_board *board = context;
    uint64_t units = board->js.units;
    uint32_t restarts = board->restarts;
    board->js.t = t;
    if (board->has_line) {
        run_line(board);
    }
    if (!board->dead && es_js_pending(&board->js)) {
        if (!es_js_timers(&board->js)) {
            recover(board);
        } else if (board->restart_wanted) {
            replace(board);
        }
    }
    return cost_since(board, units, restarts) + understanding_since(board);
}

/* ---- opening ---- */

/* Tells what stands in the way when a file can't be had. */
static bool map_file(const char *path, const char *what, es_port_file *file) {
    es_status status = es_port_map(path, file);
    if (status == ES_OK) {
        return true;
    }
    es_record_error(status == ES_E_ARGUMENT ? "MISSING" : status == ES_E_UNSUPPORTED ? "NOFILE" : "IO", what, path, -1);
    return false;
}

static bool open_model(es_board *board) {
    const char *path = board->options->model;
    size_t where = 0;
    if (!map_file(path, "model", &board->model_file)) {
        return false;
    }
    es_status status = board->model_file.bytes == 0
                           ? ES_E_SHORT
                           : es_model_open(&board->model, board->model_file.data, board->model_file.bytes, &where);
    if (status != ES_OK) {
        es_record_error(es_status_name(status), "model", path, (int64_t)where);
        return false;
    }
    return true;
}

static bool open_understanding(es_board *board) {
    const char *path = board->options->understanding;
    size_t where = 0;
    if (!path) {
        return true;
    }
    if (!map_file(path, "understanding", &board->understanding_file)) {
        return false;
    }
    const es_port_file *file = &board->understanding_file;
    es_status status = file->bytes == 0
                           ? ES_E_SHORT
                           : es_understanding_open(&board->understanding_model, file->data, file->bytes, &where);
    size_t bytes = (es_understanding_bytes() + 63) / 64 * 64;
    void *memory = aligned_alloc(64, bytes);
    if (status == ES_OK) {
        es_arena_init(&board->understanding_arena, memory, memory ? bytes : 0);
        status = es_understanding_init(&board->understanding, &board->understanding_arena, &board->understanding_model);
    }
    if (status != ES_OK) {
        es_record_error(es_status_name(status), "understanding", path, (int64_t)where);
        return false;
    }
    return true;
}

static bool open_runtime(es_board *board) {
    const es_runtime_config config = {
        .model = &board->model,
        .prompts = board->prompts.data != NULL,
        .mips = board->options->mips,
        .mips_thousandths = board->options->mips_thousandths,
        .echo = board->options->room && !board->options->no_echo,
        .echo_path = {.delay = ROOM_DELAY},
        .watcher = board->options->slices ? es_slices_open(&board->slices, es_board_speed(board)) : NULL,
        .names = true,
        .deliver = on_event,
        .idle = on_idle,
        .context = board,
    };
    if (config.echo && es_echo_bytes(&config.echo_path) == 0) {
        es_record_error("UNSUPPORTED", "echo", "", -1);
        return false;
    }
    size_t bytes = es_runtime_bytes(&config);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!memory) {
        es_record_error("MEMORY", "runtime", board->options->model, -1);
        return false;
    }
    es_arena_init(&board->arena, memory, bytes);
    es_status status = es_runtime_init(&board->runtime, &board->arena, &config);
    if (status != ES_OK) {
        es_record_error(es_status_name(status), "runtime", board->options->model, -1);
        return false;
    }
    return true;
}

/* Names from outside: told which of them can't be spelled. */
static bool open_names(es_board *board) {
    uint32_t where = 0;
    const char *path = board->options->names;
    if (!path) {
        return true;
    }
    if (!map_file(path, "names", &board->names_file)) {
        return false;
    }
    es_status status =
        es_runtime_names(board->runtime, board->names_file.data, (uint32_t)board->names_file.bytes, &where);
    if (status != ES_OK) {
        es_record_error(es_status_name(status), "names", path, where);
        return false;
    }
    es_record_names(board);
    return true;
}

static bool open_script(es_board *board, const char *scripts) {
    board->device = (es_device){
        .runtime = board->runtime,
        .model = &board->model,
        .understanding = board->options->understanding ? &board->understanding : NULL,
        .owner = board,
        .trace = on_trace,
        .log = on_log,
        .piece = on_piece,
        .piece_name = on_piece_name,
        .prompts = board->prompts.data ? &board->prompts : NULL,
        .date = on_date,
        .set_date = on_set_date,
        .microphone = on_microphone,
        .restart = on_restart,
        .names = board->names_file.data,
        .names_bytes = (uint32_t)board->names_file.bytes,
        .report = on_report,
    };
    if (!es_modules_open(&board->modules, scripts, true) || !es_js_open(&board->js, &board->modules, &board->device)) {
        if (!board->js.fault.reason) {
            board->js.fault.reason = "exception";
            snprintf(board->js.fault.message, sizeof board->js.fault.message, "%s", board->modules.error);
        }
        es_record_fault(board);
        return false;
    }
    board->js.limit = MODDEF_JAVASCRIPT_WATCHDOG;
    board->js.peak_heap = board->js.peak_chunks = 0; /* the root's: on a board they lie in flash */
    return true;
}

static bool open_prompts(es_board *board) {
    const char *path = board->options->prompts;
    if (!path) {
        return true;
    }
    if (!map_file(path, "prompts", &board->prompts_file)) {
        return false;
    }
    es_status status = board->prompts_file.bytes == 0
                           ? ES_E_SHORT
                           : es_prompts_open(&board->prompts, board->prompts_file.data, board->prompts_file.bytes);
    if (status != ES_OK) {
        board->prompts.data = NULL;
        es_record_error(es_status_name(status), "prompts", path, -1);
    }
    return status == ES_OK;
}

static bool open_pieces(es_board *board) {
    const es_options *options = board->options;
    bool good = !options->music || map_file(options->music, "music", &board->music_file);
    for (int i = 0; good && i < options->piece_count; i++) {
        good = map_file(options->pieces[i].file, "music", &board->pieces[i]);
    }
    return good;
}

bool es_board_open(es_board *board, const es_options *options, const char *scripts, int *code) {
    memset(board, 0, sizeof *board);
    board->options = options;
    es_console_open(&board->console, -1, -1);
    *code = 2;
    if (!open_model(board) || !open_understanding(board)) {
        return false;
    }
    if (!open_pieces(board) || !open_prompts(board) ||
        (options->startup && !map_file(options->startup, "startup", &board->startup_file))) {
        return false;
    }
    es_status storage = es_storage_open(options->storage);
    if (storage != ES_OK) {
        es_record_error(es_status_name(storage), "storage", options->storage, -1);
        return false;
    }
    *code = 1;
    if (options->room && !(board->room = es_room_new(options->room_seconds, options->room_db))) {
        es_record_error("MEMORY", "room", "", -1);
        return false;
    }
    return open_runtime(board) && open_names(board) && open_script(board, scripts);
}

void es_board_close(es_board *board) {
    es_js_close(&board->js);
    es_modules_close(&board->modules);
    es_storage_close();
    es_room_delete(board->room);
    free(board->arena.base);
    es_port_unmap(&board->model_file);
    es_port_unmap(&board->understanding_file);
    free(board->understanding_arena.base);
    es_port_unmap(&board->music_file);
    es_port_unmap(&board->prompts_file);
    es_port_unmap(&board->startup_file);
    for (int i = 0; i < board->options->piece_count; i++) {
        es_port_unmap(&board->pieces[i]);
    }
    es_port_unmap(&board->names_file);
}

void es_board_restart(es_board *board) {
    es_js_stop(&board->js);
    es_runtime_reset(board->runtime);
    board->js.t = 0;
    board->failed_starts = 0;
    board->dead = false;
    board->date_ms = board->options->date_ms;
    board->microphone_off = false;
    if (board->options->transcribe) {
        es_storage_open(board->options->storage); /* what one file set leaves no trace in the next */
    }
    es_runtime_stats_read(board->runtime, &board->before);
    start_script(board);
    run_startup(board);
}

/* ---- time ---- */

static void note_loudest(es_board *board, const int16_t *microphone) {
    for (int i = 0; microphone && i < ES_TICK_SAMPLES; i++) {
        int32_t level = microphone[i] < 0 ? -microphone[i] : microphone[i];
        if (level > board->loudest) {
            board->loudest = level;
        }
    }
}

void es_board_tick(es_board *board, const int16_t *microphone) {
    int16_t heard[ES_TICK_SAMPLES];
    if (board->room) {
        es_room_hear(board->room, board->played, microphone, heard);
        microphone = heard;
    }
    note_loudest(board, microphone);
    if (es_board_tap) {
        es_board_tap->microphone(microphone, ES_TICK_SAMPLES);
    }
    es_runtime_tick(board->runtime, microphone, board->played);
    if (es_board_tap) {
        es_board_tap->speaker(board->played, ES_PLAY_BLOCK * ES_PLAY_CHANNELS);
    }
    if (board->options->played) {
        es_write_all(5, board->played, sizeof board->played);
    }
}
