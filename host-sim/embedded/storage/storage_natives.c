/* Natives of embedded:storage/key-value. Conversions and checks; the store is storage_store.c. */
#include <string.h>

#include "device.h"
#include "storage_host.h"

typedef struct names {
    char path[ES_STORAGE_NAME + 1];
    char key[ES_STORAGE_NAME + 1];
} names;

static void take_name(xsMachine *the, int index, char *to, const char *name) {
    const char *text = es_argument_string(the, index, name);
    size_t length = strlen(text);
    if (length == 0 || length > ES_STORAGE_NAME) {
        xsRangeError("%s is empty or too long", name);
    }
    memcpy(to, text, length + 1);
}

static void take_names(xsMachine *the, names *n) {
    take_name(the, 0, n->path, "path");
    take_name(the, 1, n->key, "key");
}

static void check(xsMachine *the, int problem) {
    if (problem != 0) {
        xsUnknownError("storage: %s", strerror(problem));
    }
}

/* es_storage_read(path, key): ArrayBuffer or undefined. */
void es_storage_read(xsMachine *the) {
    names n;
    size_t bytes;
    take_names(the, &n);
    const uint8_t *value = es_storage_get(n.path, n.key, &bytes);
    if (value) {
        xsmcSetArrayBuffer(xsResult, (void *)value, (xsIntegerValue)bytes);
    }
}

/* es_storage_write(path, key, bytes) */
void es_storage_write(xsMachine *the) {
    names n;
    void *data;
    xsUnsignedValue bytes;
    take_names(the, &n);
    if (xsmcArgc < 3 || xsmcTypeOf(xsArg(2)) != xsReferenceType) {
        xsTypeError("value is no buffer");
    }
    xsmcGetBufferReadable(xsArg(2), &data, &bytes);
    check(the, es_storage_put(n.path, n.key, data, bytes));
}

/* es_storage_delete(path, key) */
void es_storage_delete(xsMachine *the) {
    names n;
    take_names(the, &n);
    check(the, es_storage_put(n.path, n.key, NULL, 0));
}

/* es_storage_key(path, index): name of a key, undefined after the last. */
void es_storage_key(xsMachine *the) {
    char path[ES_STORAGE_NAME + 1];
    take_name(the, 0, path, "path");
    const char *key = es_storage_nth(path, (size_t)es_argument_number(the, 1, 0, ES_STORAGE_ENTRIES, "index"));
    if (key) {
        xsmcSetString(xsResult, (xsStringValue)key);
    }
}

/* es_storage_encode(text): its UTF-8 as an ArrayBuffer. */
void es_storage_encode(xsMachine *the) {
    size_t length = strlen(es_argument_string(the, 0, "text"));
    void *copy;
    xsUnsignedValue room;
    if (length > ES_STORAGE_VALUE) {
        xsRangeError("the value is too long");
    }
    /* The engine may move its string while it makes the buffer: only then is the text looked for again. */
    xsmcSetArrayBuffer(xsResult, NULL, (xsIntegerValue)length);
    xsmcGetBufferWritable(xsResult, &copy, &room);
    memcpy(copy, xsmcToString(xsArg(0)), length);
}

/* es_storage_decode(bytes): the string whose UTF-8 they are. */
void es_storage_decode(xsMachine *the) {
    void *data;
    xsUnsignedValue bytes;
    if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("bytes is no buffer");
    }
    xsmcGetBufferReadable(xsArg(0), &data, &bytes);
    if (bytes > ES_STORAGE_VALUE) {
        xsRangeError("the value is too long");
    }
    xsmcSetStringBuffer(xsResult, NULL, (xsIntegerValue)bytes);
    xsmcGetBufferReadable(xsArg(0), &data, &bytes); /* it may have moved */
    memcpy(xsmcToString(xsResult), data, bytes);
}
