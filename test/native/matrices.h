/* Block-sparse matrices in memory, for tests of kernels. */
#ifndef EARSHOT_TEST_MATRICES_H
#define EARSHOT_TEST_MATRICES_H

#include "earshot/model.h"

/* Random matrix: each block is kept with `percent`; weights are random, or all `extreme` when that is not 0.
 * Its arrays come from one block of memory that matrix_free gives back. */
es_matrix matrix_random(uint32_t rows, uint32_t cols, unsigned percent, int extreme, uint64_t seed);
void matrix_free(es_matrix *matrix);

#endif
