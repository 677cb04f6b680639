#include "earshot/store.h"

#include <string.h>

#include "../base/crc32.h"
#include "lfs.h"

#define LEAST_BLOCK 512
#define LEAST_BLOCKS 4
#define CACHE 256
#define LOOKAHEAD 16     /* bytes: 128 blocks a pass */
#define BLOCK_CYCLES 500 /* erases after which a metadata block moves; littlefs advises 100 to 1000 */
#define SEPARATOR '\x1f' /* between path and key in a file's name: names themselves can't hold it */
#define HEAD 4           /* of a file: CRC-32 of the value, little-endian */
#define COMPARE 64       /* bytes at a time */
#define FILE_NAME (2 * ES_STORE_NAME + 2)

struct es_store {
    es_flash flash;
    struct lfs_config config;
    lfs_t lfs;
    bool mounted;
    uint8_t read_buffer[CACHE], program_buffer[CACHE], file_buffer[CACHE];
    uint8_t lookahead[LOOKAHEAD];
    struct lfs_file_config file_config;
    lfs_file_t file;
    lfs_dir_t folder;
    struct lfs_info info;
};

size_t es_store_bytes(void) { return es_arena_need(sizeof(es_store)); }

/* ---- littlefs on the driver ---- */

static int answer(es_status status) {
    return status == ES_OK ? LFS_ERR_OK : status == ES_E_CORRUPT ? LFS_ERR_CORRUPT : LFS_ERR_IO;
}

static uint32_t address_of(const es_store *store, lfs_block_t block, lfs_off_t offset) {
    return block * store->flash.block_bytes + offset;
}

static int read_block(const struct lfs_config *c, lfs_block_t block, lfs_off_t offset, void *data, lfs_size_t bytes) {
    const es_store *store = c->context;
    return answer(store->flash.read(store->flash.context, address_of(store, block, offset), data, bytes));
}

static int program_block(const struct lfs_config *c, lfs_block_t block, lfs_off_t offset, const void *data,
                         lfs_size_t bytes) {
    const es_store *store = c->context;
    return answer(store->flash.program(store->flash.context, address_of(store, block, offset), data, bytes));
}

static int erase_block(const struct lfs_config *c, lfs_block_t block) {
    const es_store *store = c->context;
    return answer(store->flash.erase(store->flash.context, address_of(store, block, 0)));
}

static int sync_block(const struct lfs_config *c) {
    (void)c; /* the driver's functions return when the part is done */
    return LFS_ERR_OK;
}

static es_status status_of(int error) {
    switch (error) {
    case LFS_ERR_NOENT:
        return ES_E_STATE;
    case LFS_ERR_NOSPC:
        return ES_E_FULL;
    case LFS_ERR_NAMETOOLONG:
    case LFS_ERR_INVAL:
        return ES_E_ARGUMENT;
    case LFS_ERR_CORRUPT:
        return ES_E_CORRUPT;
    default:
        return error < 0 ? ES_E_IO : ES_OK;
    }
}

/* ---- opening ---- */

static bool bounds_hold(const es_flash *flash) {
    uint32_t unit = flash->unit_bytes;
    return flash->block_bytes >= LEAST_BLOCK && flash->blocks >= LEAST_BLOCKS && unit > 0 && unit <= CACHE &&
           (unit & (unit - 1)) == 0 && flash->block_bytes % CACHE == 0 &&
           flash->blocks <= UINT32_MAX / flash->block_bytes;
}

static void configure(es_store *store) {
    store->config = (struct lfs_config){
        .context = store,
        .read = read_block,
        .prog = program_block,
        .erase = erase_block,
        .sync = sync_block,
        .read_size = store->flash.unit_bytes,
        .prog_size = store->flash.unit_bytes,
        .block_size = store->flash.block_bytes,
        .block_count = store->flash.blocks,
        .block_cycles = BLOCK_CYCLES,
        .cache_size = CACHE,
        .lookahead_size = LOOKAHEAD,
        .read_buffer = store->read_buffer,
        .prog_buffer = store->program_buffer,
        .lookahead_buffer = store->lookahead,
    };
    store->file_config = (struct lfs_file_config){.buffer = store->file_buffer};
}

/* Are the two blocks where a store begins erased? False also when they can't be read. */
static bool is_blank(es_store *store) {
    uint8_t piece[CACHE];
    for (uint32_t at = 0; at < 2 * store->flash.block_bytes; at += CACHE) {
        if (store->flash.read(store->flash.context, at, piece, CACHE) != ES_OK) {
            return false;
        }
        for (int k = 0; k < CACHE; k++) {
            if (piece[k] != 0xff) {
                return false;
            }
        }
    }
    return true;
}

static es_status mount(es_store *store, es_store_found *found) {
    int error = lfs_mount(&store->lfs, &store->config);
    *found = ES_STORE_KEPT;
    if (error == LFS_ERR_CORRUPT || error == LFS_ERR_INVAL) {
        *found = is_blank(store) ? ES_STORE_BLANK : ES_STORE_LOST;
        error = lfs_format(&store->lfs, &store->config);
        error = error ? error : lfs_mount(&store->lfs, &store->config);
    }
    store->mounted = error == LFS_ERR_OK;
    return store->mounted ? ES_OK : ES_E_IO;
}

es_status es_store_open(es_store **store, es_arena *arena, const es_flash *flash, es_store_found *found) {
    if (!bounds_hold(flash)) {
        return ES_E_ARGUMENT;
    }
    es_store *made = es_arena_take(arena, sizeof *made);
    if (!made) {
        return ES_E_MEMORY;
    }
    made->flash = *flash;
    configure(made);
    *store = made;
    return mount(made, found);
}

/* ---- entries ---- */

static bool name_holds(const char *name, size_t *length) {
    for (*length = 0; name[*length]; (*length)++) {
        if (*length == ES_STORE_NAME || name[*length] == '/' || (uint8_t)name[*length] < ' ') {
            return false;
        }
    }
    return true;
}

/* One file an entry, all in one folder: littlefs then changes an entry in one commit. */
static es_status file_name(const es_store *store, const char *path, const char *key, char name[FILE_NAME]) {
    size_t first, second;
    if (!store->mounted) {
        return ES_E_IO;
    }
    if (!name_holds(path, &first) || !name_holds(key, &second)) {
        return ES_E_ARGUMENT;
    }
    memcpy(name, path, first);
    name[first] = SEPARATOR;
    memcpy(name + first + 1, key, second + 1);
    return ES_OK;
}

static uint32_t get32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static int open_file(es_store *store, const char *name, int flags) {
    return lfs_file_opencfg(&store->lfs, &store->file, name, flags, &store->file_config);
}

static es_status read_file(es_store *store, void *value, size_t room, size_t *bytes) {
    uint8_t head[HEAD];
    lfs_soff_t size = lfs_file_size(&store->lfs, &store->file);
    if (size < 0) {
        return status_of((int)size);
    }
    if (size == 0) {
        return ES_E_STATE; /* littlefs makes a file before it is written: the first write of this key was cut short */
    }
    if (size < HEAD || size > HEAD + ES_STORE_VALUE) {
        return ES_E_CORRUPT;
    }
    *bytes = (size_t)size - HEAD;
    if (*bytes > room) {
        return ES_E_FULL;
    }
    lfs_ssize_t got = lfs_file_read(&store->lfs, &store->file, head, HEAD);
    lfs_ssize_t more = got < 0 ? got : lfs_file_read(&store->lfs, &store->file, value, (lfs_size_t)*bytes);
    if (more < 0) {
        return status_of((int)more);
    }
    return es_crc32(0, value, *bytes) == get32(head) ? ES_OK : ES_E_CHECKSUM;
}

es_status es_store_get(es_store *store, const char *path, const char *key, void *value, size_t room, size_t *bytes) {
    char name[FILE_NAME];
    es_status status = file_name(store, path, key, name);
    *bytes = 0;
    if (status != ES_OK) {
        return status;
    }
    int error = open_file(store, name, LFS_O_RDONLY);
    if (error) {
        return status_of(error);
    }
    status = read_file(store, value, room, bytes);
    lfs_file_close(&store->lfs, &store->file);
    return status;
}

/* Does the flash hold just this value? Spares an erase. */
static bool is_there(es_store *store, const char *name, const uint8_t *value, size_t bytes, uint32_t crc) {
    uint8_t piece[COMPARE];
    bool same = open_file(store, name, LFS_O_RDONLY) == LFS_ERR_OK;
    if (!same) {
        return false;
    }
    same = lfs_file_size(&store->lfs, &store->file) == (lfs_soff_t)(HEAD + bytes) &&
           lfs_file_read(&store->lfs, &store->file, piece, HEAD) == HEAD && get32(piece) == crc;
    for (size_t at = 0; same && at < bytes; at += COMPARE) {
        lfs_size_t part = (lfs_size_t)(bytes - at < COMPARE ? bytes - at : COMPARE);
        same = lfs_file_read(&store->lfs, &store->file, piece, part) == (lfs_ssize_t)part &&
               memcmp(piece, value + at, part) == 0;
    }
    lfs_file_close(&store->lfs, &store->file);
    return same;
}

/* Until it is closed nobody sees what was written; a failure before leaves the old file. */
static int write_file(es_store *store, const void *value, size_t bytes, uint32_t crc) {
    const uint8_t head[HEAD] = {(uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16), (uint8_t)(crc >> 24)};
    lfs_ssize_t got = lfs_file_write(&store->lfs, &store->file, head, HEAD);
    if (got >= 0 && bytes > 0) {
        got = lfs_file_write(&store->lfs, &store->file, value, (lfs_size_t)bytes);
    }
    int error = got < 0 ? (int)got : lfs_file_sync(&store->lfs, &store->file);
    int closed = lfs_file_close(&store->lfs, &store->file);
    return error ? error : closed;
}

/* After a failed write littlefs' picture of the flash may be ahead of it: what is there is read anew. */
static es_status refused(es_store *store, int error) {
    lfs_unmount(&store->lfs);
    store->mounted = lfs_mount(&store->lfs, &store->config) == LFS_ERR_OK;
    return status_of(error);
}

es_status es_store_put(es_store *store, const char *path, const char *key, const void *value, size_t bytes) {
    char name[FILE_NAME];
    es_status status = file_name(store, path, key, name);
    uint32_t crc;
    if (status != ES_OK) {
        return status;
    }
    if (bytes > ES_STORE_VALUE) {
        return ES_E_ARGUMENT;
    }
    crc = es_crc32(0, value, bytes);
    if (is_there(store, name, value, bytes, crc)) {
        return ES_OK;
    }
    int error = open_file(store, name, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC);
    if (!error) {
        error = write_file(store, value, bytes, crc);
    }
    return error ? refused(store, error) : ES_OK;
}

es_status es_store_delete(es_store *store, const char *path, const char *key) {
    char name[FILE_NAME];
    es_status status = file_name(store, path, key, name);
    if (status != ES_OK) {
        return status;
    }
    int error = lfs_remove(&store->lfs, name);
    return error && error != LFS_ERR_NOENT ? refused(store, error) : ES_OK;
}

es_status es_store_key(es_store *store, const char *path, size_t index, char name[ES_STORE_NAME + 1]) {
    char start[FILE_NAME];
    es_status status = file_name(store, path, "", start);
    size_t length = strlen(path) + 1;
    int error;
    if (status != ES_OK) {
        return status;
    }
    error = lfs_dir_open(&store->lfs, &store->folder, "/");
    if (error) {
        return status_of(error);
    }
    status = ES_E_STATE;
    while (status == ES_E_STATE && (error = lfs_dir_read(&store->lfs, &store->folder, &store->info)) > 0) {
        bool ours =
            store->info.type == LFS_TYPE_REG && store->info.size > 0 && strncmp(store->info.name, start, length) == 0;
        if (ours && strlen(store->info.name + length) <= ES_STORE_NAME && index-- == 0) {
            strcpy(name, store->info.name + length);
            status = ES_OK;
        }
    }
    lfs_dir_close(&store->lfs, &store->folder);
    return error < 0 ? status_of(error) : status;
}
