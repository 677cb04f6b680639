/* What the board says: records for programs, log lines for people, the summary of the run. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "cpu.h"
#include "heap.h"
#include "semihosting.h"
#include "serial.h"
#include "sound.h"
#include "uart.h"

#define RECORD_BYTES 2048
#define SLOT_BYTES 16

extern char __ram_used[]; /* board.ld: its address is the number of bytes */
#define RAM_USED ((size_t)__ram_used)

static int records = -1;

void es_report_open(void) { records = es_host_open("records.jsonl", "wb"); }

void es_report_line(const char *line, size_t bytes) {
    es_host_write(records, line, bytes);
    es_host_write(records, "\n", 1);
}

void es_report_log(const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    es_uart_write(text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
    es_uart_write("\n", 1);
}

/* One at a time: JavaScript's task makes them all. */
static char text[RECORD_BYTES];

static void begin(es_json *json, const char *type) {
    es_json_begin(json, text, sizeof text);
    es_json_open(json, NULL, '{');
    es_json_string(json, "type", type);
}

static void end(es_json *json) {
    es_json_close(json, '}');
    es_report_line(json->text, json->used);
}

void es_report_ready(const es_board *board) {
    es_json json;
    begin(&json, "ready");
    es_json_string(&json, "kernels", es_kernels_at(0)->name);
    es_json_integer(&json, "modelBytes", (int64_t)board->model.size);
    es_json_integer(&json, "nativeBytes", (int64_t)board->arena.used);
    es_json_integer(&json, "instructionsPerSecond", es_cpu_per_second());
    es_json_integer(&json, "startInstructions", (int64_t)es_cpu_instructions());
    es_json_null(&json, "terminal");
    end(&json);
}

void es_report_fault(const es_board *board) {
    const es_fault *fault = &board->js.fault;
    es_json json;
    begin(&json, "fault");
    es_json_integer(&json, "t", board->js.t);
    es_json_string(&json, "reason", fault->reason);
    es_json_string(&json, "message", fault->message);
    es_json_string(&json, "stack", fault->stack);
    end(&json);
    es_report_log("error fault %s: %s", fault->reason, fault->message);
}

void es_report_memory(const es_board *board, es_json *json) {
    const txMachine *the = board->js.machine ? board->js.machine : board->js.root;
    es_json_integer(json, "slotsUsed", the->currentHeapCount);
    es_json_integer(json, "slotsPeak", board->js.peak_heap);
    es_json_integer(json, "slotsSize", es_creation.initialHeapCount);
    es_json_integer(json, "chunksUsed", the->currentChunksSize);
    es_json_integer(json, "chunksPeak", board->js.peak_chunks);
    es_json_integer(json, "chunksSize", es_creation.initialChunkSize);
    es_json_integer(json, "keysUsed", the->keyIndex - the->keyOffset);
    es_json_integer(json, "keysSize", es_creation.initialKeyCount);
    es_json_integer(json, "stackSize", es_creation.stackCount);
    es_json_integer(json, "restarts", board->restarts);
}

static void tasks(es_json *json, const es_freertos_stats *stats) {
    es_json_open(json, "tasks", '{');
    for (int k = 0; k < ES_FREERTOS_TASKS; k++) {
        es_json_open(json, es_freertos_names[k], '{');
        es_json_integer(json, "instructions", (int64_t)stats->instructions[k]);
        es_json_integer(json, "stackUsed", stats->stack_used[k]);
        es_json_integer(json, "stackSize", stats->stack_size[k]);
        es_json_close(json, '}');
    }
    es_json_close(json, '}');
}

/* Reserved RAM less what its areas never used; the cap is the link's. */
static void memory(const es_board *board, es_json *json) {
    size_t unused = es_runtime_area_bytes - board->arena.used + es_heap_bytes - es_heap_peak();
    es_json_open(json, "memory", '{');
    es_json_integer(json, "used", (int64_t)(RAM_USED - unused));
    es_json_integer(json, "cap", ES_RAM_CAP);
    es_json_integer(json, "reserved", (int64_t)RAM_USED);
    es_json_integer(json, "runtime", (int64_t)board->arena.used);
    es_json_integer(json, "runtimeArea", (int64_t)es_runtime_area_bytes);
    es_json_integer(json, "javascript", (int64_t)es_heap_peak());
    es_json_integer(json, "javascriptArea", (int64_t)es_heap_bytes);
    es_json_integer(json, "slotsPeak", board->js.peak_heap);
    es_json_integer(json, "slotsSize", es_creation.initialHeapCount);
    es_json_integer(json, "chunksPeak", board->js.peak_chunks);
    es_json_integer(json, "chunksSize", es_creation.initialChunkSize);
    es_json_close(json, '}');
}

static void shares(es_json *json, const es_freertos_stats *t, uint64_t whole) {
    es_json_open(json, "share", '{');
    es_json_ratio(json, "music", t->instructions[1], whole);
    es_json_ratio(json, "recognizer", t->instructions[2] + t->instructions[3], whole);
    es_json_ratio(json, "javascript", t->instructions[4], whole);
    es_json_ratio(json, "idle", t->instructions[0], whole);
    es_json_close(json, '}');
}

static void per_second(es_json *json, const char *key, uint64_t instructions, int64_t samples) {
    es_json_integer(json, key, samples ? (int64_t)(instructions * ES_SAMPLE_RATE / (uint64_t)samples) : 0);
}

static void rates(es_json *json, const es_freertos_stats *t, int64_t samples) {
    es_json_open(json, "instructionsPerSecond", '{');
    per_second(json, "music", t->instructions[1], samples);
    per_second(json, "recognizer", t->instructions[2] + t->instructions[3], samples);
    per_second(json, "javascript", t->instructions[4], samples);
    es_json_close(json, '}');
}

int es_report_summary(const es_board *board) {
    es_json json;
    es_runtime_stats s;
    es_freertos_stats t;
    es_runtime_stats_read(board->runtime, &s);
    es_freertos_stats_read(&t);
    uint64_t second = es_cpu_per_second(), whole = 0;
    for (int k = 0; k < ES_FREERTOS_TASKS; k++) {
        whole += t.instructions[k];
    }
    begin(&json, "summary");
    es_json_ratio(&json, "mips", second, 1000000);
    es_json_integer(&json, "audioMs", s.t * 1000 / ES_SAMPLE_RATE);
    es_json_integer(&json, "underruns", (int64_t)s.underruns);
    es_json_integer(&json, "microphoneLost", (int64_t)s.microphone_lost);
    es_json_integer(&json, "framesLate", (int64_t)s.frames_late);
    es_json_ratio(&json, "longestSliceMs", s.longest_slice * 1000, second);
    es_json_ratio(&json, "longestFrameMs", s.longest_frame * 1000, second);
    es_json_integer(&json, "shed", (int64_t)s.shed);
    es_json_integer(&json, "queueFull", (int64_t)s.queue_full + es_serial_dropped());
    shares(&json, &t, whole);
    es_json_ratio(&json, "peakShare", t.busiest_second, second);
    rates(&json, &t, s.t);
    es_json_integer(&json, "weightBytes", (int64_t)(s.recognizer.weight_bytes + s.capture.weight_bytes));
    memory(board, &json);
    es_json_integer(&json, "restarts", board->restarts);
    tasks(&json, &t);
    end(&json);
    if (es_serial_dropped() > 0) {
        es_report_log("error console: %lu lines came faster than they could be answered and were dropped",
                      (unsigned long)es_serial_dropped());
    }
    if (s.underruns > 0 || s.microphone_lost > 0) {
        return 3;
    }
    return board->dead ? ES_EXIT_FAULT : board->listens ? ES_EXIT_OK : ES_EXIT_INPUT;
}
