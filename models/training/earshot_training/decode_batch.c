/* The firmware's recogniser over the frames of a whole recording, for Python: the same C code as on the device.
 * Built by native_decoder.py into the cache; no part of the firmware. */
#include <stdlib.h>
#include <string.h>

#include "earshot/recognizer.h"

typedef struct report {
    int32_t finals, timeouts, resets, bytes;
    int32_t end_step_sum; /* encoder steps heard when each final came */
} report;

static void append(char *text, int64_t room, report *out, const es_recognizer_event *event) {
    if (event->text_length == 0 || out->bytes + event->text_length + 1 >= room)
        return;
    if (out->bytes > 0)
        text[out->bytes++] = ' ';
    memcpy(text + out->bytes, event->text, event->text_length);
    out->bytes += event->text_length;
}

static void drain(es_recognizer *r, char *text, int64_t room, report *out, uint32_t *utterance) {
    es_work work = {0};
    es_recognizer_event event;
    for (;;) {
        while (es_recognizer_busy(r))
            es_recognizer_step(r, 0, &work);
        bool any = false, ended = false;
        while (es_recognizer_poll(r, &event)) {
            any = true;
            out->resets += event.type == ES_RESET;
            out->timeouts += event.type == ES_TIMEOUT;
            if (event.type == ES_FINAL) {
                out->finals++;
                out->end_step_sum += (int32_t)es_recognizer_frames(r);
                append(text, room, out, &event);
            }
            ended |= (event.type == ES_FINAL || event.type == ES_TIMEOUT) && event.reason != ES_END_INPUT;
        }
        if (ended)
            es_recognizer_continue(r, ++*utterance);
        else if (!any)
            return;
    }
}

/* Text of all utterances with single spaces, zero-terminated. Returns 0, or an es_status. */
int earshot_decode(const void *data, int64_t size, const int8_t *frames, int64_t count, char *text,
                   int64_t room, report *out) {
    es_model model;
    size_t where;
    void *aligned = aligned_alloc(64, ((size_t)size + 63) & ~(size_t)63);
    memcpy(aligned, data, (size_t)size);
    int status = es_model_open(&model, aligned, (size_t)size, &where);
    if (status != ES_OK) {
        free(aligned);
        return status;
    }
    es_recognizer_config config = {.frame_queue = 200, .max_words = 64};
    size_t need = es_recognizer_bytes(&model, &config);
    void *memory = aligned_alloc(64, (need + 63) & ~(size_t)63);
    es_arena arena;
    es_recognizer *r;
    es_arena_init(&arena, memory, need);
    status = es_recognizer_init(&r, &arena, &model, &config);
    uint32_t utterance = 1;
    memset(out, 0, sizeof *out);
    if (status == ES_OK) {
        for (int64_t n = 0; n < count; n++) {
            es_recognizer_push(r, frames + n * ES_FEATURE_BINS);
            drain(r, text, room, out, &utterance);
        }
        es_recognizer_finish(r);
        drain(r, text, room, out, &utterance);
    }
    text[out->bytes] = 0;
    free(memory);
    free(aligned);
    return status;
}
