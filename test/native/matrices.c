#include "matrices.h"

#include <stdlib.h>

static uint64_t state;

static uint64_t next(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

es_matrix matrix_random(uint32_t rows, uint32_t cols, unsigned percent, int extreme, uint64_t seed) {
    state = seed;
    uint32_t groups = rows / 8, wide = cols / 4, count = 0;
    uint16_t *counts = calloc(groups, sizeof *counts);
    uint8_t *columns = malloc((size_t)groups * wide);
    for (uint32_t g = 0; g < groups; g++) {
        for (uint32_t c = 0; c < wide; c++) {
            if (next() % 100 < percent) {
                columns[count++] = (uint8_t)c;
                counts[g]++;
            }
        }
    }
    /* Exactly as large as needed, so that the sanitiser sees a read past the end. */
    int8_t *blocks = aligned_alloc(16, count > 0 ? (size_t)count * 32 : 16);
    uint8_t *exact = malloc(count > 0 ? count : 1);
    for (uint32_t i = 0; i < count; i++)
        exact[i] = columns[i];
    free(columns);
    for (size_t i = 0; i < (size_t)count * 32; i++)
        blocks[i] = (int8_t)(extreme != 0 ? extreme : (int)(next() % 255) - 127);
    int32_t *multipliers = malloc(rows * sizeof *multipliers);
    for (uint32_t r = 0; r < rows; r++)
        multipliers[r] = (int32_t)(next() & INT32_MAX);
    return (es_matrix){.rows = (uint16_t)rows,
                       .cols = (uint16_t)cols,
                       .shift = 40,
                       .counts = counts,
                       .columns = exact,
                       .blocks = blocks,
                       .multipliers = multipliers,
                       .block_count = count};
}

void matrix_free(es_matrix *matrix) {
    free((void *)matrix->counts);
    free((void *)matrix->columns);
    free((void *)matrix->blocks);
    free((void *)matrix->multipliers);
}
