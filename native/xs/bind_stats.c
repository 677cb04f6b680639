/* Figures for scripts, as JSON text: what the console's `stats`, `mem` and `model` show. */
#include "device.h"

#define STATS_BYTES 2048
#define MODEL_BYTES 4096

static void work(es_json *json, const char *key, const es_work *work) {
    es_json_open(json, key, '{');
    es_json_integer(json, "macs", (int64_t)work->macs);
    es_json_integer(json, "weightBytes", (int64_t)work->weight_bytes);
    es_json_integer(json, "instructions", (int64_t)work->instructions);
    es_json_close(json, '}');
}

static void give(xsMachine *the, const es_json *json) {
    if (json->full) {
        xsRangeError("the figures are longer than their buffer");
    }
    xsmcSetStringBuffer(xsResult, json->text, (xsIntegerValue)json->used);
}

/* es_stats(): JSON of the runtime's counters and of memory. */
void es_stats(xsMachine *the) {
    static const char *const load[] = {"full", "narrow", "greedy", "late"}; /* es_load */
    static const char *const music[] = {"stopped", "playing", "paused"};    /* es_music_state */
    es_device *device = es_device_of(the);
    es_runtime_stats stats;
    char buffer[STATS_BYTES];
    es_json json;
    es_runtime_stats_read(device->runtime, &stats);
    es_json_begin(&json, buffer, sizeof buffer);
    es_json_open(&json, NULL, '{');
    es_json_integer(&json, "t", stats.t);
    es_json_string(&json, "music", music[es_runtime_music(device->runtime)]);
    es_json_boolean(&json, "listening", es_runtime_listening(device->runtime));
    es_json_boolean(&json, "muted", es_runtime_muted(device->runtime));
    es_json_string(&json, "load", load[stats.load]);
    es_json_string(&json, "echo", stats.echo_active ? "cancelled" : "none");
    es_json_integer(&json, "underruns", (int64_t)stats.underruns);
    es_json_integer(&json, "microphoneLost", (int64_t)stats.microphone_lost);
    es_json_integer(&json, "framesLate", (int64_t)stats.frames_late);
    es_json_integer(&json, "queueFull", (int64_t)stats.queue_full);
    es_json_integer(&json, "shed", (int64_t)stats.shed);
    es_json_integer(&json, "givenUp", (int64_t)stats.given_up);
    es_json_integer(&json, "echoLeft", (int64_t)stats.echo_left);
    es_json_open(&json, "work", '{');
    work(&json, "music", &stats.music);
    work(&json, "capture", &stats.capture);
    work(&json, "recognizer", &stats.recognizer);
    work(&json, "javascript", &stats.javascript);
    es_json_close(&json, '}');
    es_json_open(&json, "memory", '{');
    es_json_integer(&json, "nativeUsed", (int64_t)stats.arena_used);
    es_json_integer(&json, "nativeSize", (int64_t)stats.arena_size);
    device->report(device->owner, &json);
    es_json_close(&json, '}');
    es_json_close(&json, '}');
    give(the, &json);
}

/* es_model_info(): JSON of the model's shape and origin. */
void es_model_info(xsMachine *the) {
    const es_model *model = es_device_of(the)->model;
    char buffer[MODEL_BYTES];
    es_json json;
    es_json_begin(&json, buffer, sizeof buffer);
    es_json_open(&json, NULL, '{');
    es_json_integer(&json, "bytes", (int64_t)model->size);
    es_json_integer(&json, "stack", model->stack);
    es_json_open(&json, "units", '[');
    for (int i = 0; i < model->layers; i++) {
        es_json_integer(&json, NULL, model->lstm[i].units);
    }
    es_json_close(&json, ']');
    es_json_integer(&json, "vocabulary", model->vocabulary);
    es_json_string(&json, "provenance", model->provenance);
    es_json_close(&json, '}');
    give(the, &json);
}
