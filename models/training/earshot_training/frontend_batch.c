/* The device's front end over a whole recording, for Python: the same C code that the firmware runs, hop by hop.
 * Built by frontend.py into the cache; no part of the firmware. */
#include <stdlib.h>

#include "earshot/features.h"

/* `samples` of 16 kHz sound to at most `room` frames of 40 bins. The last hop is filled up with the last sample.
 * Returns the number of frames, or -1 without memory. */
int64_t earshot_frames(const int16_t *sound, int64_t samples, int8_t *frames, int64_t room) {
    es_arena arena;
    es_features *features;
    void *memory = malloc(es_features_bytes());
    if (memory == NULL)
        return -1;
    es_arena_init(&arena, memory, es_features_bytes());
    if (es_features_init(&features, &arena) != ES_OK) {
        free(memory);
        return -1;
    }
    es_work work = {0};
    int64_t count = 0;
    for (int64_t at = 0; at < samples && count < room; at += ES_FEATURE_HOP) {
        int16_t hop[ES_FEATURE_HOP];
        for (int64_t n = 0; n < ES_FEATURE_HOP; n++)
            hop[n] = sound[at + n < samples ? at + n : samples - 1];
        if (es_features_push(features, hop, frames + count * ES_FEATURE_BINS, &work))
            count++;
    }
    free(memory);
    return count;
}
