/* The user's names for scripts: a list down, how names are spelled up. */
#include <string.h>

#include "device.h"

#define WAYS_BYTES 2048

/* es_names(bytes): how many of the list's names the word pieces can spell. */
void es_names(xsMachine *the) {
    es_runtime *runtime = es_device_of(the)->runtime;
    es_bias_counts counts;
    void *data;
    xsUnsignedValue bytes;
    uint32_t where = 0;
    if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("bytes is no buffer");
    }
    xsmcGetBufferReadable(xsArg(0), &data, &bytes);
    es_status status = es_runtime_names(runtime, data, bytes, &where);
    if (status != ES_OK) {
        xsRangeError("the list of names is bad at byte %d: %s", (int)where, es_status_name(status));
    }
    es_bias_count(es_runtime_names_given(runtime), &counts);
    xsmcSetInteger(xsResult, counts.names - counts.unspelled);
}

/* es_names_room(): bytes in which the next list is made. */
void es_names_room(xsMachine *the) {
    uint8_t *room = es_runtime_names_room(es_device_of(the)->runtime);
    if (!room) {
        xsRangeError("this board listens for no names: %s", es_status_name(ES_E_UNSUPPORTED));
    }
    xsResult = xsNewHostObject(NULL);
    xsmcSetHostBuffer(xsResult, room, ES_BIAS_LIST);
}

/* es_names_given(): the list that the board was given from outside, or undefined. */
void es_names_given(xsMachine *the) {
    const es_device *device = es_device_of(the);
    if (device->names) {
        xsResult = xsNewHostObject(NULL);
        xsmcSetHostBuffer(xsResult, (void *)device->names, device->names_bytes);
    }
}

/* es_unspelled(from) */
void es_unspelled(xsMachine *the) {
    const es_bias *names = es_runtime_names_given(es_device_of(the)->runtime);
    uint32_t from = (uint32_t)es_argument_number(the, 0, 0, ES_BIAS_NAMES, "from");
    xsmcSetInteger(xsResult, names ? es_bias_unspelled(names, from) : -1);
}

/* es_spell(name): ways to write it, one a line, pieces parted by spaces. */
void es_spell(xsMachine *the) {
    const es_model *model = es_device_of(the)->model;
    const char *name = es_argument_string(the, 0, "name");
    es_bias_way ways[ES_BIAS_WAYS];
    char text[WAYS_BYTES];
    uint32_t used = 0, count = es_bias_spell(model, name, (uint32_t)strlen(name), ways);
    for (uint32_t i = 0; i < count; i++) {
        for (uint16_t k = 0; k < ways[i].count; k++) {
            const uint16_t *at = model->piece_offsets + ways[i].label[k];
            uint32_t bytes = (uint32_t)at[1] - at[0];
            if (used + bytes + 2 > sizeof text) {
                break;
            }
            if (used > 0) {
                text[used++] = k == 0 ? '\n' : ' ';
            }
            memcpy(text + used, model->piece_text + at[0], bytes);
            used += bytes;
        }
    }
    xsmcSetStringBuffer(xsResult, text, (xsIntegerValue)used);
}
