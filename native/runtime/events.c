#include "internal.h"

#include <string.h>

/* Offset for `bytes` in one piece, or -1. Bytes are given back in the order they were taken. */
static int64_t find_room(const es_events *events, uint32_t bytes) {
    uint32_t at = events->head % ES_EVENT_BYTES;
    uint32_t skip = at + bytes > ES_EVENT_BYTES ? ES_EVENT_BYTES - at : 0;
    if (events->head + skip + bytes - events->tail > ES_EVENT_BYTES) {
        return -1;
    }
    return (int64_t)events->head + skip;
}

static uint16_t place(const es_events *events, uint16_t k) { return (uint16_t)((events->first + k) % ES_EVENTS); }

bool es_events_add(es_events *events, const es_event *event) {
    uint32_t bytes = event->hypothesis ? event->hypothesis_bytes : 0;
    uint32_t free_bytes = ES_EVENT_BYTES - (events->head - events->tail);
    uint16_t at = place(events, events->count);
    int64_t room = (int64_t)events->head;
    if (events->count == ES_EVENTS) {
        return false;
    }
    if (event->type == ES_EVENT_PARTIAL &&
        (ES_EVENTS - events->count <= ES_EVENTS_KEPT || free_bytes < ES_BYTES_KEPT)) {
        return false;
    }
    if (bytes > 0 && (room = find_room(events, bytes)) < 0) {
        return false;
    }
    events->event[at] = *event;
    events->dropped[at] = false;
    if (bytes > 0) {
        uint8_t *copy = events->bytes + (uint32_t)room % ES_EVENT_BYTES;
        memcpy(copy, event->hypothesis, bytes);
        events->event[at].hypothesis = copy;
    }
    events->head = (uint32_t)room + bytes;
    events->end_of[at] = events->head;
    events->count++;
    return true;
}

const es_event *es_events_first(es_events *events) {
    while (events->count > 0 && events->dropped[events->first]) {
        es_events_pop(events);
    }
    return events->count > 0 ? &events->event[events->first] : NULL;
}

void es_events_pop(es_events *events) {
    events->tail = events->end_of[events->first];
    events->first = place(events, 1);
    events->count--;
}

bool es_events_take_back(es_events *events, uint32_t utterance) {
    int listen = -1;
    for (uint16_t k = 0; k < events->count; k++) {
        uint16_t at = place(events, k);
        const es_event *event = &events->event[at];
        if (event->utterance != utterance || event->type > ES_EVENT_TIMEOUT || events->dropped[at]) {
            continue;
        }
        if (event->type != ES_EVENT_LISTEN) {
            return false; /* words of it are on their way */
        }
        listen = at;
    }
    if (listen < 0) {
        return false;
    }
    events->dropped[listen] = true;
    return true;
}

static void put(uint8_t *out, uint32_t value, int bytes) {
    for (int k = 0; k < bytes; k++) {
        out[k] = (uint8_t)(value >> (8 * k));
    }
}

static uint32_t clock_time(int64_t t) { return t < 0 ? 0 : t > UINT32_MAX ? UINT32_MAX : (uint32_t)t; }

#define WORD_HEAD 10
#define CONFIDENCE_UNKNOWN 255

static uint8_t confidence_of(uint16_t confidence) {
    if (confidence == ES_CONFIDENCE_UNKNOWN) {
        return CONFIDENCE_UNKNOWN;
    }
    return (uint8_t)(((uint32_t)confidence * 254 + 32767) / 65534);
}

uint32_t es_hypothesis_write(uint8_t *out, const es_recognizer_event *event, int64_t zero) {
    uint32_t used = 3;
    uint16_t words = 0;
    for (; words < event->word_count; words++) {
        const es_word *word = &event->words[words];
        uint32_t text = word->text_length > 255 ? 255 : word->text_length;
        uint8_t *at = out + used;
        if (used + WORD_HEAD + text > ES_HYPOTHESIS) {
            break;
        }
        put(at, clock_time(zero + word->start), 4);
        put(at + 4, clock_time(zero + word->end), 4);
        at[8] = confidence_of(word->confidence);
        at[9] = (uint8_t)text;
        memcpy(at + WORD_HEAD, event->text + word->text_offset, text);
        used += WORD_HEAD + text;
    }
    out[0] = 1;
    put(out + 1, words, 2);
    if (event->type == ES_PARTIAL || used == ES_HYPOTHESIS) {
        return used;
    }
    out[0] = 3;
    out[used++] = confidence_of(event->confidence);
    /* A lattice that does not fit is left out whole. */
    if (event->lattice && used + event->lattice_bytes <= ES_HYPOTHESIS) {
        memcpy(out + used, event->lattice, event->lattice_bytes);
        used += event->lattice_bytes;
    }
    return used;
}
