/* Understanding for scripts: words or a coded lattice in, JSON of what was understood out (es_understood_json), or
 * {"error":NAME}. */
#include <stdio.h>
#include <string.h>

#include "device.h"

static void give(xsMachine *the, const es_device *device, es_status status, const es_understood *understood) {
    char json[ES_UNDERSTOOD_JSON];
    size_t bytes;
    if (status == ES_OK)
        bytes = es_understood_json(device->understanding->model, understood, json, sizeof json);
    else
        bytes = (size_t)snprintf(json, sizeof json, "{\"error\":\"%s\"}", es_status_name(status));
    if (bytes >= sizeof json) {
        xsRangeError("the answer is longer than its buffer");
    }
    xsmcSetStringBuffer(xsResult, json, (xsIntegerValue)bytes);
}

/* es_understand_words(words): words separated by single spaces. */
void es_understand_words(xsMachine *the) {
    es_device *device = es_device_of(the);
    const char *words = es_argument_string(the, 0, "words");
    es_understood understood;
    es_status status = device->understanding == NULL
                           ? ES_E_STATE
                           : es_understand_text(device->understanding, words, strlen(words), &understood);
    give(the, device, status, &understood);
}

/* es_understand_coded(lattice): bytes as a final event carries them; the pieces are those of the device's model. */
void es_understand_coded(xsMachine *the) {
    es_device *device = es_device_of(the);
    void *data;
    xsUnsignedValue bytes;
    if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("lattice is no buffer");
    }
    xsmcGetBufferReadable(xsArg(0), &data, &bytes);
    es_understood understood;
    es_status status = ES_E_STATE;
    if (device->understanding != NULL && device->model != NULL) {
        es_spelling spelling = {device->model->piece_offsets, device->model->piece_text, device->model->vocabulary};
        status = es_understand_lattice(device->understanding, data, bytes, &spelling, &understood);
    }
    give(the, device, status, &understood);
}
