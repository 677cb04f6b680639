#define _GNU_SOURCE
#include "storage_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files_host.h"

#define HEAD 12
#define MAGIC "ESKV1\0\0"
#define LONGEST_FILE (HEAD + 4 + ES_STORAGE_ENTRIES * (8 + 2 * ES_STORAGE_NAME + ES_STORAGE_VALUE))

typedef struct entry {
    char path[ES_STORAGE_NAME + 1];
    char key[ES_STORAGE_NAME + 1];
    uint8_t *value; /* never NULL */
    size_t bytes;
} entry;

/* One storage a process: the board has one flash. */
static struct {
    const char *file;
    entry entries[ES_STORAGE_ENTRIES];
    size_t count;
} store;

static uint32_t crc32_of(const uint8_t *data, size_t bytes) {
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        }
    }
    return ~crc;
}

static void put32(uint8_t *to, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

static uint32_t get32(const uint8_t *from) {
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* ---- file ---- */

static uint8_t *coded(size_t *bytes) {
    size_t size = HEAD + 4;
    for (size_t i = 0; i < store.count; i++) {
        const entry *e = &store.entries[i];
        size += 8 + strlen(e->path) + strlen(e->key) + e->bytes;
    }
    uint8_t *data = malloc(size), *at = data;
    if (!data) {
        return NULL;
    }
    memcpy(at, MAGIC, 8);
    put32(at + 8, (uint32_t)store.count);
    at += HEAD;
    for (size_t i = 0; i < store.count; i++) {
        const entry *e = &store.entries[i];
        uint32_t path = (uint32_t)strlen(e->path), key = (uint32_t)strlen(e->key);
        put32(at, path | key << 16);
        put32(at + 4, (uint32_t)e->bytes);
        memcpy(at + 8, e->path, path);
        memcpy(at + 8 + path, e->key, key);
        memcpy(at + 8 + path + key, e->value, e->bytes);
        at += 8 + path + key + e->bytes;
    }
    put32(at, crc32_of(data, size - 4));
    *bytes = size;
    return data;
}

/* The new name is on the disk only when the folder is. Some file systems refuse it: then the file itself is safe. */
static void sync_folder(const char *file) {
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", file);
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[slash == folder] = 0;
    }
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* All bytes to the disk under another name, then over the old file. 0 or errno. */
static int write_aside(const char *aside, const uint8_t *data, size_t bytes) {
    int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int problem = fd < 0 ? errno : 0;
    for (size_t done = 0; problem == 0 && done < bytes;) {
        ssize_t part = write(fd, data + done, bytes - done);
        if (part < 0 && errno != EINTR) {
            problem = errno;
        }
        done += part > 0 ? (size_t)part : 0;
    }
    if (problem == 0 && fsync(fd) != 0) {
        problem = errno;
    }
    if (fd >= 0 && close(fd) != 0 && problem == 0) {
        problem = errno;
    }
    if (problem == 0 && rename(aside, store.file) != 0) {
        problem = errno;
    }
    if (problem != 0 && fd >= 0) {
        unlink(aside);
    }
    return problem;
}

static int save(void) {
    char aside[4096];
    size_t bytes = 0;
    if (!store.file) {
        return 0;
    }
    if ((size_t)snprintf(aside, sizeof aside, "%s.part", store.file) >= sizeof aside) {
        return ENAMETOOLONG;
    }
    uint8_t *data = coded(&bytes);
    int problem = data ? write_aside(aside, data, bytes) : ENOMEM;
    free(data);
    if (problem == 0) {
        sync_folder(store.file);
    }
    return problem;
}

static es_status load_entry(const uint8_t *data, size_t end, size_t *at) {
    if (end - *at < 8 || store.count == ES_STORAGE_ENTRIES) {
        return ES_E_CORRUPT;
    }
    size_t path = get32(data + *at) & 0xffff, key = get32(data + *at) >> 16, bytes = get32(data + *at + 4);
    const uint8_t *text = data + *at + 8;
    if (path > ES_STORAGE_NAME || key > ES_STORAGE_NAME || bytes > ES_STORAGE_VALUE ||
        end - *at - 8 < path + key + bytes) {
        return ES_E_CORRUPT;
    }
    entry *e = &store.entries[store.count];
    *e = (entry){.value = malloc(bytes + 1), .bytes = bytes};
    if (!e->value) {
        return ES_E_MEMORY;
    }
    memcpy(e->path, text, path);
    memcpy(e->key, text + path, key);
    memcpy(e->value, text + path + key, bytes);
    store.count++;
    *at += 8 + path + key + bytes;
    return ES_OK;
}

static es_status load(const uint8_t *data, size_t size) {
    if (size < HEAD + 4 || memcmp(data, MAGIC, 8) != 0) {
        return ES_E_MAGIC;
    }
    if (get32(data + size - 4) != crc32_of(data, size - 4)) {
        return ES_E_CHECKSUM;
    }
    size_t at = HEAD, end = size - 4;
    es_status status = ES_OK;
    for (uint32_t left = get32(data + 8); left > 0 && status == ES_OK; left--) {
        status = load_entry(data, end, &at);
    }
    return status == ES_OK && at != end ? ES_E_CORRUPT : status;
}

es_status es_storage_open(const char *file) {
    es_storage_close();
    es_files_begin(file);
    store.file = file;
    FILE *stream = file ? fopen(file, "rb") : NULL;
    if (!stream) {
        return !file || errno == ENOENT ? ES_OK : ES_E_IO; /* the first run of all has no file */
    }
    uint8_t *data = malloc(LONGEST_FILE + 1);
    size_t size = data ? fread(data, 1, LONGEST_FILE + 1, stream) : 0;
    es_status status = !data                 ? ES_E_MEMORY
                       : ferror(stream)      ? ES_E_IO
                       : size > LONGEST_FILE ? ES_E_MAGIC
                                             : load(data, size);
    free(data);
    fclose(stream);
    return status;
}

void es_storage_close(void) {
    for (size_t i = 0; i < store.count; i++) {
        free(store.entries[i].value);
    }
    memset(&store, 0, sizeof store);
    es_files_end();
}

/* ---- entries ---- */

static entry *find(const char *path, const char *key) {
    for (size_t i = 0; i < store.count; i++) {
        if (strcmp(store.entries[i].path, path) == 0 && strcmp(store.entries[i].key, key) == 0) {
            return &store.entries[i];
        }
    }
    return NULL;
}

const uint8_t *es_storage_get(const char *path, const char *key, size_t *bytes) {
    const entry *e = find(path, key);
    *bytes = e ? e->bytes : 0;
    return e ? e->value : NULL;
}

const char *es_storage_nth(const char *path, size_t index) {
    for (size_t i = 0; i < store.count; i++) {
        if (strcmp(store.entries[i].path, path) == 0 && index-- == 0) {
            return store.entries[i].key;
        }
    }
    return NULL;
}

static int erase(entry *e) {
    entry old = *e;
    size_t at = (size_t)(e - store.entries);
    memmove(e, e + 1, (store.count - at - 1) * sizeof *e);
    store.count--;
    int problem = save();
    if (problem != 0) {
        memmove(e + 1, e, (store.count - at) * sizeof *e);
        *e = old;
        store.count++;
    } else {
        free(old.value);
    }
    return problem;
}

int es_storage_put(const char *path, const char *key, const uint8_t *value, size_t bytes) {
    entry *e = find(path, key);
    if (!value) {
        return e ? erase(e) : 0;
    }
    if (strlen(path) > ES_STORAGE_NAME || strlen(key) > ES_STORAGE_NAME || bytes > ES_STORAGE_VALUE) {
        return E2BIG;
    }
    if (!e && store.count == ES_STORAGE_ENTRIES) {
        return ENOSPC;
    }
    uint8_t *copy = malloc(bytes + 1);
    if (!copy) {
        return ENOMEM;
    }
    memcpy(copy, value, bytes);
    bool fresh = !e;
    if (fresh) {
        e = &store.entries[store.count++];
        *e = (entry){0};
        strcpy(e->path, path);
        strcpy(e->key, key);
    }
    entry old = *e;
    e->value = copy;
    e->bytes = bytes;
    int problem = save();
    if (problem == 0) {
        free(old.value);
    } else if (fresh) {
        store.count--;
        free(copy);
    } else {
        *e = old;
        free(copy);
    }
    return problem;
}
