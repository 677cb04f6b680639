#include "flash.h"

#include <string.h>

#define BANK ((const uint8_t *)0x22000000)
#define BANK_BYTES (32u << 20)
#define MOST 16

/* Little-endian, as the PC writes it (host-sim/cli/board/flash-image.ts). */
typedef struct entry {
    char name[16]; /* zero-terminated */
    uint32_t offset, bytes;
} entry;

typedef struct table {
    char magic[8]; /* "ESPARTS1" */
    uint32_t count, unused;
    entry entries[MOST];
} table;

const uint8_t *es_flash_partition(const char *name, size_t *bytes) {
    const table *parts = (const table *)BANK;
    *bytes = 0;
    if (memcmp(parts->magic, "ESPARTS1", sizeof parts->magic) != 0 || parts->count > MOST) {
        return NULL;
    }
    for (uint32_t k = 0; k < parts->count; k++) {
        const entry *at = &parts->entries[k];
        if (strncmp(at->name, name, sizeof at->name) == 0 && at->offset <= BANK_BYTES &&
            at->bytes <= BANK_BYTES - at->offset) {
            *bytes = at->bytes;
            return BANK + at->offset;
        }
    }
    return NULL;
}
