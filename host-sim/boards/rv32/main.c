/* Boot: what lies in flash, the runtime in its area, then the tasks. */
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "cpu.h"
#include "flash.h"
#include "serial.h"
#include "sound.h"
#include "timeline.h"

static es_board board;

/* A board whose model can't be used still plays: it says so in one line, and listens to nobody. */
static void open_model(void) {
    size_t bytes, where = 0;
    const uint8_t *data = es_flash_partition("model", &bytes);
    es_status status = data && bytes ? es_model_open(&board.model, data, bytes, &where) : ES_E_SHORT;
    board.listens = status == ES_OK;
    if (!board.listens) {
        memset(&board.model, 0, sizeof board.model);
        es_report_log("error model: the model in flash can't be used (%s at byte %lu): nothing is heard",
                      es_status_name(status), (unsigned long)where);
    }
}

static void open_runtime(void) {
    const es_runtime_config config = {
        .model = board.listens ? &board.model : NULL,
        .mips = es_cpu_per_second() / 1000000,
        .mips_thousandths = es_cpu_per_second() % 1000000 / 1000,
        .deliver = es_board_on_event,
        .idle = es_board_on_idle,
        .context = &board,
        .names = true,
        .frame_queue = 280, /* a little more than what an utterance may fall behind before it is given up */
        .tasking = &es_freertos_tasking,
    };
    es_arena_init(&board.arena, es_runtime_area, es_runtime_area_bytes);
    es_status status = es_runtime_init(&board.runtime, &board.arena, &config);
    if (status != ES_OK) {
        es_cpu_fail(ES_EXIT_FAULT, "error runtime: %s: it needs %lu bytes and has %lu", es_status_name(status),
                    (unsigned long)es_runtime_bytes(&config), (unsigned long)es_runtime_area_bytes);
    }
}

/* What the runtime left of its area. A board whose file can't be used hears words and obeys none: one line says so. */
static void open_understanding(void) {
    size_t bytes, where = 0;
    const uint8_t *data = es_flash_partition("understanding", &bytes);
    es_status status =
        data && bytes ? es_understanding_open(&board.understanding_model, data, bytes, &where) : ES_E_SHORT;
    if (status == ES_OK) {
        status = es_understanding_init(&board.understanding, &board.arena, &board.understanding_model);
    }
    board.understands = status == ES_OK;
    if (!board.understands) {
        es_report_log("error understanding: the file in flash can't be used (%s at byte %lu): no order is understood",
                      es_status_name(status), (unsigned long)where);
    }
}

/* JavaScript's task, before the first block. */
static void start(void) {
    es_board_open_script(&board);
    es_report_ready(&board);
    if (es_sound_speaks()) {
        es_runtime_listen(board.runtime, true); /* as if the button were pressed at sample 0 */
    }
    es_sound_start();
}

int main(void) {
    es_cpu_calibrate();
    es_options_read(&board.options);
    es_report_open();
    es_serial_open(board.options.script ? "serial.in" : NULL, board.options.raw);
    board.music = es_flash_partition("music", &board.music_bytes);
    open_model();
    es_board_open_storage(&board);
    open_runtime();
    open_understanding();
    es_sound_more_input = es_serial_more;
    es_sound_break_after(board.options.broken_after);
    if (!es_sound_open(board.runtime)) {
        es_cpu_fail(ES_EXIT_FAULT, "error sound: the speaker's file can't be written");
    }
    const es_freertos_config config = {
        .runtime = board.runtime,
        .microphone = es_sound_microphone,
        .speaker = es_sound_speaker,
        .start = start,
        .instructions = es_cpu_instructions,
        .switched = board.options.timeline && es_timeline_open() ? es_timeline_switched : NULL,
        .music_last = board.options.music_last,
    };
    es_cpu_take_traps();
    es_freertos_run(&config);
    return 0;
}
