#include "flash.h"

#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

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

/* ---- writing ---- */

#define SECTOR (256u << 10)
#define UNIT 4
#define BOTH(command) ((command)*0x00010001u)
enum { ERASE = 0x20, ERASE_CONFIRM = 0xd0, PROGRAM = 0x40, CLEAR_STATUS = 0x50, READ_ARRAY = 0xff };
#define READY BOTH(0x80u)
#define FAILED BOTH(0x30u) /* erase or program error */

static bool answers_with_errors;

/* Ends a command: waits, looks, and makes the bank readable again. Interrupts are off. */
static es_status settle(volatile uint32_t *at) {
    uint32_t status;
    do {
        status = *at;
    } while ((status & READY) != READY);
    *at = BOTH(CLEAR_STATUS);
    *at = BOTH(READ_ARRAY);
    return status & FAILED ? ES_E_IO : ES_OK;
}

static volatile uint32_t *place(void *context, uint32_t address) {
    return (volatile uint32_t *)((uintptr_t)context + address);
}

static es_status flash_read(void *context, uint32_t address, void *data, uint32_t bytes) {
    memcpy(data, (const uint8_t *)context + address, bytes);
    return answers_with_errors ? ES_E_IO : ES_OK;
}

static es_status flash_program(void *context, uint32_t address, const void *data, uint32_t bytes) {
    for (uint32_t k = 0; k < bytes; k += UNIT) {
        volatile uint32_t *at = place(context, address + k);
        uint32_t word;
        memcpy(&word, (const uint8_t *)data + k, UNIT);
        taskENTER_CRITICAL();
        *at = BOTH(PROGRAM);
        *at = word;
        es_status status = settle(at);
        taskEXIT_CRITICAL();
        if (status != ES_OK || answers_with_errors) {
            return ES_E_IO;
        }
    }
    return memcmp((const uint8_t *)context + address, data, bytes) == 0 ? ES_OK : ES_E_CORRUPT;
}

static es_status flash_erase(void *context, uint32_t address) {
    volatile uint32_t *at = place(context, address);
    taskENTER_CRITICAL();
    *at = BOTH(ERASE);
    *at = BOTH(ERASE_CONFIRM);
    es_status status = settle(at);
    taskEXIT_CRITICAL();
    return answers_with_errors ? ES_E_IO : status;
}

bool es_flash_writable(const char *name, es_flash *flash, bool broken) {
    size_t bytes;
    const uint8_t *data = es_flash_partition(name, &bytes);
    answers_with_errors = broken;
    *flash = (es_flash){.context = (void *)data,
                        .block_bytes = SECTOR,
                        .blocks = (uint32_t)(bytes / SECTOR),
                        .unit_bytes = UNIT,
                        .read = flash_read,
                        .program = flash_program,
                        .erase = flash_erase};
    return data && (uintptr_t)data % SECTOR == 0;
}
