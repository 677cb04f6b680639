/* Music for scripts: orders with the capture time of their effect. */
#include "device.h"

#include <string.h>

#define LONGEST_TIME 9007199254740991.0 /* 2^53 - 1: what a script's number holds exactly */

static int64_t effect_time(xsMachine *the, int index) {
    return (int64_t)es_argument_number(the, index, 0, LONGEST_TIME, "at");
}

/* es_music_play(uri, fromFrame, at): 0, or a negative es_status. */
void es_music_play(xsMachine *the) {
    es_device *device = es_device_of(the);
    uint32_t from = (uint32_t)es_argument_number(the, 1, 0, UINT32_MAX, "fromFrame");
    int64_t at = effect_time(the, 2);
    const void *data = NULL;
    size_t bytes = 0;
    es_status status = device->piece(device->owner, es_argument_string(the, 0, "uri"), &data, &bytes);
    if (status == ES_OK) {
        status = es_runtime_play(device->runtime, data, bytes, from, at);
    }
    xsmcSetInteger(xsResult, status);
}

/* es_music_name(index): name of a piece, undefined after the last. */
void es_music_name(xsMachine *the) {
    es_device *device = es_device_of(the);
    uint32_t index = (uint32_t)es_argument_number(the, 0, 0, UINT32_MAX, "index");
    const char *name = device->piece_name ? device->piece_name(device->owner, index) : NULL;
    if (name) {
        xsmcSetString(xsResult, (xsStringValue)name);
    }
}

/* es_say(text, at): samples of the capture clock that the clips of the text take; 0 when there is none of it, or a
 * negative es_status. */
void es_say(xsMachine *the) {
    es_device *device = es_device_of(the);
    int64_t at = effect_time(the, 1);
    const char *text = es_argument_string(the, 0, "text");
    es_clip clips[ES_PROMPT_CLIPS];
    bool complete;
    int count = device->prompts ? es_prompts_find(device->prompts, text, strlen(text), clips, &complete) : 0;
    int32_t samples = 0;
    for (int i = 0; i < count; i++) {
        samples += (int32_t)clips[i].samples;
    }
    es_status status = count > 0 ? es_runtime_prompt(device->runtime, clips, count, at) : ES_OK;
    xsmcSetInteger(xsResult, status == ES_OK ? samples : (xsIntegerValue)status);
}

/* es_say_stop(at) */
void es_say_stop(xsMachine *the) { es_runtime_prompt_stop(es_device_of(the)->runtime, effect_time(the, 0)); }

/* es_music_pause(on, at) */
void es_music_pause(xsMachine *the) {
    bool on = es_argument_boolean(the, 0, "on");
    es_runtime_pause(es_device_of(the)->runtime, on, effect_time(the, 1));
}

/* es_music_stop(at) */
void es_music_stop(xsMachine *the) { es_runtime_stop(es_device_of(the)->runtime, effect_time(the, 0)); }

/* es_music_frame(): frame of the piece at 48 kHz. */
void es_music_frame(xsMachine *the) { xsmcSetNumber(xsResult, es_runtime_position(es_device_of(the)->runtime)); }

/* es_volume(q15, at): amplitude, 32768 = 1. */
void es_volume(xsMachine *the) {
    int32_t q15 = (int32_t)es_argument_number(the, 0, 0, 32768, "q15");
    es_runtime_volume(es_device_of(the)->runtime, q15, effect_time(the, 1));
}

/* es_duck(on, at) */
void es_duck(xsMachine *the) {
    bool on = es_argument_boolean(the, 0, "on");
    es_runtime_duck(es_device_of(the)->runtime, on, effect_time(the, 1));
}
