/* Key-value storage of the host: small, in memory, and whole in one file of the PC.
 * Each write makes a new file aside, brings it to the disk and renames it over the old one: after a power cut the file
 * is the old one or the new one. File: magic "ESKV1\0\0\0", u32le count, per entry u16le length of path, key, u32le
 * length of value, their bytes; then u32le CRC-32 of all before. */
#ifndef EARSHOT_STORAGE_HOST_H
#define EARSHOT_STORAGE_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "earshot/status.h"

#define ES_STORAGE_ENTRIES 256
#define ES_STORAGE_NAME 64           /* bytes of a path or key at most */
#define ES_STORAGE_VALUE (16 * 1024) /* bytes of a value at most */

/* NULL: in memory only. ES_E_IO, ES_E_MAGIC, ES_E_CHECKSUM, ES_E_CORRUPT: the file is left as it is. */
es_status es_storage_open(const char *file);
void es_storage_close(void);

/* NULL: no such entry. */
const uint8_t *es_storage_get(const char *path, const char *key, size_t *bytes);
/* 0, or errno: the old value stays then, in memory and in the file. `value` NULL deletes. */
int es_storage_put(const char *path, const char *key, const uint8_t *value, size_t bytes);
/* The name of a path's n-th key, in the order of first writing; NULL after the last. */
const char *es_storage_nth(const char *path, size_t index);

#endif
