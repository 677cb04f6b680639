/* One run of the echo canceller on integers alone, for comparing boards: its checksum must be the same everywhere. */
#ifndef EARSHOT_TEST_ECHO_BITS_H
#define EARSHOT_TEST_ECHO_BITS_H

#include <string.h>

#include "../../native/base/crc32.h"
#include "earshot/echo.h"

#define ECHO_BITS 0x6f879f4du /* computed on x86-64 and, the same, on RV32IMAC */
#define ECHO_BITS_BLOCKS 300
#define ECHO_BITS_DELAY 128

static inline int32_t echo_bits_noise(uint32_t *seed, int32_t peak) {
    *seed = *seed * 1664525u + 1013904223u;
    return (int32_t)((int64_t)(int32_t)*seed * peak >> 31);
}

/* Noise held for six frames is played and comes back 1 and 3 ms later than the block after it, under softer noise. */
static inline uint32_t echo_bits(es_echo *echo, es_work *work) {
    static int16_t played[2 * ES_ECHO_PLAYED_BLOCK], heard[ES_ECHO_BLOCK], past[3 * ES_ECHO_BLOCK];
    uint32_t seeds[2] = {1, 2}, crc = 0;
    int32_t held = 0;
    memset(played, 0, sizeof played);
    memset(past, 0, sizeof past);
    for (int block = 0; block < ECHO_BITS_BLOCKS; block++) {
        for (int k = 0; k < 2 * ES_ECHO_BLOCK; k++) {
            past[k] = past[k + ES_ECHO_BLOCK];
        }
        for (int k = 0; k < ES_ECHO_BLOCK; k++) { /* past: two blocks before this one */
            heard[k] = (int16_t)(echo_bits_noise(&seeds[1], 500) + past[ES_ECHO_BLOCK + k - 16] / 2 -
                                 past[ES_ECHO_BLOCK + k - 48] / 4);
        }
        for (int k = 0; k < ES_ECHO_PLAYED_BLOCK; k++) {
            held = k % 6 == 0 ? echo_bits_noise(&seeds[0], 8000) : held;
            played[2 * k] = played[2 * k + 1] = (int16_t)held;
            past[2 * ES_ECHO_BLOCK + k / 3] = (int16_t)held;
        }
        int64_t end = (int64_t)(block + 1) * ES_ECHO_BLOCK;
        es_echo_played(echo, end, played, work);
        es_echo_hear(echo, end, heard, heard, work);
        crc = es_crc32(crc, heard, sizeof heard);
    }
    return crc;
}

#endif
