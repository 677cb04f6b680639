/* A flash part for tests: erased to 0xff, programs only clear bits, and power that can be cut inside any operation. */
#ifndef EARSHOT_TEST_FLASH_SIM_H
#define EARSHOT_TEST_FLASH_SIM_H

#include "earshot/flash.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define FLASH_MOST (64 * 4096)

/* How the operation in which the power goes is left behind. */
typedef enum flash_tear { TEAR_NOTHING, TEAR_HALF, TEAR_ALL_BUT_ONE, TEAR_NOISE, TEAR_WHOLE, TEARS } flash_tear;

typedef struct flash_sim {
    es_flash flash;
    uint8_t data[FLASH_MOST];
    long operations; /* programs and erases so far */
    long cut_at;     /* the operation in which the power goes; 0: never */
    flash_tear tear;
    bool off;         /* the power is gone */
    bool fails;       /* the part answers everything with an error */
    bool fails_write; /* ... or only programs and erases */
    long overwrites;  /* programs of bits that were not erased: a fault of the store */
} flash_sim;

static inline uint32_t flash_bytes(const flash_sim *sim) { return sim->flash.block_bytes * sim->flash.blocks; }

static es_status sim_read(void *context, uint32_t address, void *data, uint32_t bytes) {
    flash_sim *sim = context;
    if (sim->off || sim->fails) {
        return ES_E_IO;
    }
    CHECK(address + bytes <= flash_bytes(sim) && bytes % sim->flash.unit_bytes == 0);
    memcpy(data, sim->data + address, bytes);
    return ES_OK;
}

/* Bytes of the operation that are still done, `bytes` of it when the power stays. */
static uint32_t begin(flash_sim *sim, uint32_t bytes) {
    sim->off = sim->operations + 1 == sim->cut_at || sim->off;
    sim->operations++;
    if (!sim->off) {
        return bytes;
    }
    switch (sim->tear) {
    case TEAR_HALF:
        return bytes / 2;
    case TEAR_ALL_BUT_ONE:
        return bytes - 1;
    case TEAR_NOISE:
    case TEAR_WHOLE:
        return bytes;
    default:
        return 0;
    }
}

static es_status sim_program(void *context, uint32_t address, const void *data, uint32_t bytes) {
    flash_sim *sim = context;
    const uint8_t *from = data;
    if (sim->off || sim->fails || sim->fails_write) {
        return ES_E_IO;
    }
    CHECK(address + bytes <= flash_bytes(sim) && bytes % sim->flash.unit_bytes == 0);
    CHECK(address / sim->flash.block_bytes == (address + bytes - 1) / sim->flash.block_bytes);
    uint32_t done = begin(sim, bytes);
    for (uint32_t k = 0; k < done; k++) {
        uint8_t want = from[k];
        if (sim->off && sim->tear == TEAR_NOISE) {
            want |= (uint8_t)check_random(0, 255); /* some bits were not cleared yet */
        }
        sim->overwrites += (want & ~sim->data[address + k]) != 0;
        sim->data[address + k] &= want;
    }
    return sim->off ? ES_E_IO : ES_OK;
}

static es_status sim_erase(void *context, uint32_t address) {
    flash_sim *sim = context;
    if (sim->off || sim->fails || sim->fails_write) {
        return ES_E_IO;
    }
    CHECK(address % sim->flash.block_bytes == 0 && address < flash_bytes(sim));
    uint32_t done = begin(sim, sim->flash.block_bytes);
    for (uint32_t k = 0; k < done; k++) {
        bool weak = sim->off && sim->tear == TEAR_NOISE; /* some bits were not set yet */
        sim->data[address + k] = weak ? sim->data[address + k] | (uint8_t)check_random(0, 255) : 0xff;
    }
    return sim->off ? ES_E_IO : ES_OK;
}

static inline void flash_begin(flash_sim *sim, uint32_t block_bytes, uint32_t blocks) {
    memset(sim, 0, sizeof *sim);
    memset(sim->data, 0xff, sizeof sim->data);
    sim->flash = (es_flash){.context = sim,
                            .block_bytes = block_bytes,
                            .blocks = blocks,
                            .unit_bytes = 16,
                            .read = sim_read,
                            .program = sim_program,
                            .erase = sim_erase};
}

#endif
