/* Settings that survive: key-value storage on flash, by littlefs. One writer, no thread inside, memory from the arena.
 * After a power cut at any moment each value is the old one or the new one, whole. Keys live under a path, the `path`
 * of ECMA-419's embedded:storage/key-value. */
#ifndef EARSHOT_STORE_H
#define EARSHOT_STORE_H

#include "earshot/base.h"
#include "earshot/flash.h"

#define ES_STORE_NAME 64    /* bytes of a path or of a key at most; no byte of them may be '/' or below ' ' */
#define ES_STORE_VALUE 4096 /* bytes of a value at most */

typedef struct es_store es_store;

/* What was found on the flash. */
typedef enum es_store_found {
    ES_STORE_KEPT,  /* a store: what it holds is there */
    ES_STORE_BLANK, /* nothing: an empty store was made */
    ES_STORE_LOST /* no store that could be read (another use before, a first start that was cut, damage): an empty one
                     was made, and the owner should say so */
} es_store_found;

size_t es_store_bytes(void);
/* `flash` is copied. ES_E_ARGUMENT: its sizes are out of bounds; ES_E_MEMORY; ES_E_IO: the flash answers with errors:
 * `*store` is there, reads nothing and refuses to write, and the owner should say so. */
es_status es_store_open(es_store **store, es_arena *arena, const es_flash *flash, es_store_found *found);
/* The value's bytes, at most `room` of them, into `value`; `*bytes` is its whole size. ES_E_STATE: no such key;
 * ES_E_ARGUMENT: a name out of bounds; ES_E_FULL: it is longer than `room`; ES_E_CHECKSUM: it is damaged; ES_E_IO. */
es_status es_store_get(es_store *store, const char *path, const char *key, void *value, size_t room, size_t *bytes);
/* When it returns ES_OK the value is on the flash; else the old one is still there. The value that is there already is
 * not written again. ES_E_ARGUMENT; ES_E_FULL: no room; ES_E_IO. */
es_status es_store_put(es_store *store, const char *path, const char *key, const void *value, size_t bytes);
/* Without such a key: ES_OK. */
es_status es_store_delete(es_store *store, const char *path, const char *key);
/* The path's n-th key, in the order of their bytes; zero-terminated. ES_E_STATE: there are no more. */
es_status es_store_key(es_store *store, const char *path, size_t index, char name[ES_STORE_NAME + 1]);

#endif
