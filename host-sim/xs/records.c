/* What the host says on descriptor 1: one JSON object a line. Trace lines of the script pass through as they are. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "earshot/kernels.h"

#define RECORD_BYTES 16384
#define SLOT_BYTES 16 /* of a JavaScript value on a 32-bit board */

void es_record_line(const char *line, size_t bytes) {
    static char out[RECORD_BYTES * 2];
    if (bytes + 1 <= sizeof out) { /* one write, so that a reader sees whole lines */
        memcpy(out, line, bytes);
        out[bytes] = '\n';
        es_write_all(1, out, bytes + 1);
    } else {
        es_write_all(1, line, bytes);
        es_write_all(1, "\n", 1);
    }
}

typedef struct record {
    es_json json;
    char text[RECORD_BYTES];
} record;

static void begin(record *r, const char *type) {
    es_json_begin(&r->json, r->text, sizeof r->text);
    es_json_open(&r->json, NULL, '{');
    es_json_string(&r->json, "type", type);
}

static void end(record *r) {
    es_json_close(&r->json, '}');
    if (r->json.full) {
        fprintf(stderr, "earshot-host: a record was longer than its buffer\n");
        return;
    }
    es_record_line(r->text, r->json.used);
}

uint64_t es_board_speed(const es_board *board) {
    const es_options *o = board->options;
    uint64_t thousandths = (uint64_t)o->mips * 1000 + o->mips_thousandths;
    return thousandths ? thousandths : ES_REFERENCE_MIPS * 1000;
}

/* Nominal instructions of `samples` of capture time. */
static uint64_t capacity(const es_board *board, int64_t samples) {
    return es_board_speed(board) * (uint64_t)samples / (ES_SAMPLE_RATE / 1000);
}

void es_record_ready(const es_board *board, const char *terminal) {
    record r;
    char version[32];
    begin(&r, "ready");
    snprintf(version, sizeof version, "%d.%d.%d", XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION);
    es_json_string(&r.json, "xs", version);
    es_json_string(&r.json, "kernels", es_kernels_at(0)->name);
    es_json_string(&r.json, "model", board->options->model);
    es_json_integer(&r.json, "modelBytes", (int64_t)board->model.size);
    es_json_integer(&r.json, "nativeBytes", (int64_t)board->arena.size);
    es_json_integer(&r.json, "slotsSize", es_creation.initialHeapCount);
    es_json_integer(&r.json, "chunksSize", es_creation.initialChunkSize);
    es_json_integer(&r.json, "scriptBytes", (int64_t)board->modules.code_bytes);
    es_json_integer(&r.json, "rootSlots", board->js.root->currentHeapCount); /* on a board: in flash */
    es_json_integer(&r.json, "rootChunks", board->js.root->currentChunksSize);
    es_json_string(&r.json, "terminal", terminal);
    end(&r);
}

void es_record_error(const char *code, const char *what, const char *file, int64_t offset) {
    record r;
    begin(&r, "error");
    es_json_string(&r.json, "code", code);
    es_json_string(&r.json, "what", what);
    es_json_string(&r.json, "file", file);
    if (offset >= 0) {
        es_json_integer(&r.json, "offset", offset);
    } else {
        es_json_null(&r.json, "offset");
    }
    end(&r);
}

void es_record_names(const es_board *board) {
    record r;
    es_bias_counts counts;
    const es_bias *names = es_runtime_names_given(board->runtime);
    es_bias_count(names, &counts);
    begin(&r, "names");
    es_json_integer(&r.json, "names", counts.names);
    es_json_open(&r.json, "unspelled", '[');
    for (int32_t at = es_bias_unspelled(names, 0); at >= 0; at = es_bias_unspelled(names, (uint32_t)at + 1)) {
        es_json_integer(&r.json, NULL, at);
    }
    es_json_close(&r.json, ']');
    end(&r);
}

void es_record_begin(const char *file) {
    record r;
    begin(&r, "begin");
    es_json_string(&r.json, "file", file);
    end(&r);
}

static void total(const es_runtime_stats *stats, es_work *sum) {
    const es_work *parts[] = {&stats->music, &stats->capture, &stats->recognizer, &stats->javascript};
    *sum = (es_work){0};
    for (int i = 0; i < 4; i++) {
        sum->macs += parts[i]->macs;
        sum->weight_bytes += parts[i]->weight_bytes;
        sum->instructions += parts[i]->instructions;
    }
}

void es_record_end(const es_board *board, const char *file, int64_t samples) {
    record r;
    es_runtime_stats stats;
    es_work sum;
    es_runtime_stats_read(board->runtime, &stats);
    total(&stats, &sum);
    begin(&r, "end");
    es_json_string(&r.json, "file", file);
    es_json_open(&r.json, "stats", '{');
    es_json_integer(&r.json, "audioMs", samples * 1000 / ES_SAMPLE_RATE);
    es_json_integer(&r.json, "macs", (int64_t)sum.macs);
    es_json_integer(&r.json, "weightBytes", (int64_t)sum.weight_bytes);
    es_json_close(&r.json, '}');
    end(&r);
}

void es_record_microphone(int64_t t, bool on) {
    record r;
    begin(&r, "microphone");
    es_json_integer(&r.json, "t", t);
    es_json_boolean(&r.json, "on", on);
    end(&r);
}

void es_record_fault(const es_board *board) {
    record r;
    const es_fault *fault = &board->js.fault;
    begin(&r, "fault");
    es_json_integer(&r.json, "t", board->js.t);
    es_json_string(&r.json, "reason", fault->reason);
    es_json_string(&r.json, "message", fault->message);
    es_json_string(&r.json, "stack", fault->stack);
    end(&r);
}

static void shares(es_json *json, const es_runtime_stats *from, const es_runtime_stats *to, uint64_t whole, bool idle) {
    uint64_t music = to->music.instructions - from->music.instructions;
    uint64_t recognizer = to->recognizer.instructions - from->recognizer.instructions + to->capture.instructions -
                          from->capture.instructions;
    uint64_t javascript = to->javascript.instructions - from->javascript.instructions;
    uint64_t busy = music + recognizer + javascript;
    es_json_open(json, "share", '{');
    es_json_ratio(json, "music", music, whole);
    es_json_ratio(json, "recognizer", recognizer, whole);
    es_json_ratio(json, "javascript", javascript, whole);
    if (idle) {
        es_json_ratio(json, "idle", busy < whole ? whole - busy : 0, whole);
    }
    es_json_close(json, '}');
}

void es_record_tick(es_board *board) {
    record r;
    es_runtime_stats stats;
    es_runtime_stats_read(board->runtime, &stats);
    begin(&r, "tick");
    es_json_integer(&r.json, "t", stats.t);
    shares(&r.json, &board->before, &stats, capacity(board, stats.t - board->before.t), false);
    es_json_ratio(&r.json, "level", (uint64_t)board->loudest, 32768);
    es_json_boolean(&r.json, "playing", es_runtime_music(board->runtime) == ES_MUSIC_PLAYING);
    es_json_ratio(&r.json, "gain", (uint64_t)es_runtime_level(board->runtime), 32768);
    es_json_integer(&r.json, "position", es_runtime_position(board->runtime));
    es_json_integer(&r.json, "underruns", (int64_t)stats.underruns);
    const txMachine *the = board->js.machine ? board->js.machine : board->js.root;
    es_json_integer(&r.json, "slots", the->currentHeapCount);
    es_json_integer(&r.json, "chunks", the->currentChunksSize);
    end(&r);
    board->before = stats;
    board->loudest = 0;
}

void es_record_slices(es_board *board) {
    record r;
    begin(&r, "slices");
    es_slices_write(&board->slices, &r.json);
    end(&r);
}

void es_record_memory(const es_board *board, es_json *json) {
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

/* Bytes that the process has from the C library's heap, where that tells. */
static int64_t heap_bytes(void) {
#ifdef __GLIBC__
    return (int64_t)mallinfo2().uordblks;
#else
    return 0;
#endif
}

void es_record_mark(es_board *board, int64_t hour) {
    record r;
    es_runtime_stats stats;
    es_js_collect(&board->js);
    es_runtime_stats_read(board->runtime, &stats);
    const txMachine *the = board->js.machine ? board->js.machine : board->js.root;
    begin(&r, "mark");
    es_json_integer(&r.json, "hour", hour);
    es_json_integer(&r.json, "underruns", (int64_t)stats.underruns);
    es_json_integer(&r.json, "microphoneLost", (int64_t)stats.microphone_lost);
    es_json_integer(&r.json, "framesLate", (int64_t)stats.frames_late);
    es_json_integer(&r.json, "shed", (int64_t)stats.shed);
    es_json_integer(&r.json, "queueFull", (int64_t)stats.queue_full);
    es_json_integer(&r.json, "slots", the->currentHeapCount);
    es_json_integer(&r.json, "slotsSize", es_creation.initialHeapCount);
    es_json_integer(&r.json, "chunks", the->currentChunksSize);
    es_json_integer(&r.json, "chunksSize", es_creation.initialChunkSize);
    es_json_integer(&r.json, "keys", the->keyIndex - the->keyOffset);
    es_json_integer(&r.json, "arena", (int64_t)stats.arena_used);
    es_json_integer(&r.json, "heapBytes", heap_bytes());
    end(&r);
}

static void memory(const es_board *board, es_json *json, const es_runtime_stats *stats) {
    int64_t stack = (int64_t)es_creation.stackCount * SLOT_BYTES;
    int64_t used = (int64_t)board->js.peak_heap * SLOT_BYTES + board->js.peak_chunks + stack;
    int64_t cap = (int64_t)es_creation.initialHeapCount * SLOT_BYTES + es_creation.initialChunkSize + stack;
    es_json_open(json, "memory", '{');
    es_json_integer(json, "used", (int64_t)stats->arena_used + used);
    es_json_integer(json, "cap", (int64_t)stats->arena_size + cap);
    es_json_close(json, '}');
}

static void per_second(es_json *json, const char *key, uint64_t instructions, int64_t t) {
    es_json_integer(json, key, t ? (int64_t)(instructions * ES_SAMPLE_RATE / (uint64_t)t) : 0);
}

void es_record_summary(const es_board *board) {
    record r;
    es_runtime_stats s;
    es_work sum;
    const es_runtime_stats none = {0};
    es_runtime_stats_read(board->runtime, &s);
    total(&s, &sum);
    begin(&r, "summary");
    if (board->options->mips || board->options->mips_thousandths) {
        es_json_ratio(&r.json, "mips", es_board_speed(board), 1000);
    } else {
        es_json_null(&r.json, "mips");
    }
    es_json_integer(&r.json, "audioMs", s.t * 1000 / ES_SAMPLE_RATE);
    es_json_integer(&r.json, "underruns", (int64_t)s.underruns);
    es_json_integer(&r.json, "microphoneLost", (int64_t)s.microphone_lost);
    es_json_integer(&r.json, "framesLate", (int64_t)s.frames_late);
    es_json_ratio(&r.json, "longestSliceMs", s.longest_slice, es_board_speed(board));
    es_json_ratio(&r.json, "longestFrameMs", s.longest_frame, es_board_speed(board));
    es_json_integer(&r.json, "shed", (int64_t)s.shed);
    es_json_integer(&r.json, "queueFull", (int64_t)s.queue_full);
    shares(&r.json, &none, &s, capacity(board, s.t), true);
    es_json_ratio(&r.json, "peakShare", s.busiest_second, es_board_speed(board) * 1000);
    es_json_open(&r.json, "instructionsPerSecond", '{');
    per_second(&r.json, "music", s.music.instructions, s.t);
    per_second(&r.json, "recognizer", s.recognizer.instructions + s.capture.instructions, s.t);
    per_second(&r.json, "capture", s.capture.instructions, s.t); /* of it: echo canceller and features */
    per_second(&r.json, "javascript", s.javascript.instructions, s.t);
    es_json_close(&r.json, '}');
    es_json_integer(&r.json, "weightBytes", (int64_t)sum.weight_bytes);
    memory(board, &r.json, &s);
    es_json_integer(&r.json, "restarts", board->restarts);
    end(&r);
}
