/* Where the time of a run goes, as records for a picture (--slices). In: what the runtime's watcher sees. Out: a record
 * each 100 ms: "slices", three numbers a slice (task, start, length), "steps", three a step of the recogniser (when its
 * last sample came, how long the result took, load). Times in microseconds of device time since the run began. */
#include "slices.h"

#include <string.h>

#define LEAST_JOINED ES_TASK_RECOGNIZER /* a recogniser's slices stay apart: their length is a promise */

static uint64_t micros(const es_slices *slices, uint64_t instructions) {
    return instructions * 1000 / slices->instructions_per_ms;
}

static void on_slice(void *context, es_task task, uint64_t start, uint64_t instructions) {
    es_slices *slices = context;
    es_slice *last = slices->count > 0 ? &slices->slice[slices->count - 1] : NULL;
    if (last && last->task == task && task != LEAST_JOINED && last->start + last->instructions == start) {
        last->instructions += instructions;
    } else if (slices->count < ES_SLICES) {
        slices->slice[slices->count++] = (es_slice){task, start, instructions};
    } else {
        slices->left_out++;
    }
}

static void on_step(void *context, uint64_t heard, uint64_t took, es_load load) {
    es_slices *slices = context;
    if (slices->steps < ES_SLICES_STEPS) {
        slices->step[slices->steps++] = (es_step){heard, took, load};
    }
}

const es_watcher *es_slices_open(es_slices *slices, uint64_t instructions_per_ms) {
    memset(slices, 0, sizeof *slices);
    slices->instructions_per_ms = instructions_per_ms;
    slices->watcher = (es_watcher){.slice = on_slice, .step = on_step, .context = slices};
    return &slices->watcher;
}

void es_slices_write(es_slices *slices, es_json *json) {
    es_json_open(json, "slices", '[');
    for (uint32_t k = 0; k < slices->count; k++) {
        const es_slice *at = &slices->slice[k];
        uint64_t start = micros(slices, at->start);
        es_json_integer(json, NULL, at->task);
        es_json_integer(json, NULL, (int64_t)start);
        es_json_integer(json, NULL, (int64_t)(micros(slices, at->start + at->instructions) - start));
    }
    es_json_close(json, ']');
    es_json_open(json, "steps", '[');
    for (uint32_t k = 0; k < slices->steps; k++) {
        const es_step *at = &slices->step[k];
        es_json_integer(json, NULL, (int64_t)micros(slices, at->heard));
        es_json_integer(json, NULL, (int64_t)micros(slices, at->took));
        es_json_integer(json, NULL, at->load);
    }
    es_json_close(json, ']');
    es_json_integer(json, "leftOut", (int64_t)slices->left_out);
    slices->count = slices->steps = 0;
    slices->left_out = 0;
}
