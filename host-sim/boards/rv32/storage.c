/* Settings in RAM: they live until the power goes. */
#include <errno.h>
#include <string.h>

#include "storage_host.h"

#define ENTRIES 16
#define VALUE 512

static struct entry {
    char path[ES_STORAGE_NAME], key[ES_STORAGE_NAME];
    size_t bytes;
    uint8_t value[VALUE];
} entries[ENTRIES];
static size_t count;

es_status es_storage_open(const char *file) {
    (void)file;
    return ES_OK;
}

void es_storage_close(void) {}

static struct entry *find(const char *path, const char *key) {
    for (size_t k = 0; k < count; k++) {
        if (strcmp(entries[k].path, path) == 0 && strcmp(entries[k].key, key) == 0) {
            return &entries[k];
        }
    }
    return NULL;
}

const uint8_t *es_storage_get(const char *path, const char *key, size_t *bytes) {
    const struct entry *at = find(path, key);
    *bytes = at ? at->bytes : 0;
    return at ? at->value : NULL;
}

int es_storage_put(const char *path, const char *key, const uint8_t *value, size_t bytes) {
    struct entry *at = find(path, key);
    if (!value) {
        if (at) {
            *at = entries[--count];
        }
        return 0;
    }
    if (bytes > VALUE || (!at && count == ENTRIES) || strlen(path) >= ES_STORAGE_NAME ||
        strlen(key) >= ES_STORAGE_NAME) {
        return ENOSPC;
    }
    if (!at) {
        at = &entries[count++];
        strcpy(at->path, path);
        strcpy(at->key, key);
    }
    memcpy(at->value, value, bytes);
    at->bytes = bytes;
    return 0;
}

const char *es_storage_nth(const char *path, size_t index) {
    for (size_t k = 0; k < count; k++) {
        if (strcmp(entries[k].path, path) == 0 && index-- == 0) {
            return entries[k].key;
        }
    }
    return NULL;
}
