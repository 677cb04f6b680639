/* What the benchmark asks of a contender. */
#ifndef EARSHOT_BENCH_H
#define EARSHOT_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "earshot/kernels.h"

#define BENCH_SHAPES 12 /* two matrices a layer, six layers */

/* One matrix of the model's shape: block-sparse for us, the same numbers dense and row by row for the peers. */
typedef struct bench_shape {
    uint32_t rows;
    uint32_t cols;
    es_matrix sparse;
    int8_t *dense;     /* [rows][cols] */
    int8_t *x;         /* [cols], with room behind it as XNNPACK asks */
    int32_t *expected; /* [rows] sums */
} bench_shape;

typedef struct bench_peer {
    const char *name;
    const char *package; /* Debian package that brings it */
    /* Version for people, or NULL when the peer was absent where this program was built. */
    const char *(*version)(void);
    /* Makes ready for these shapes and checks one result each against `expected`; false: does not work here. */
    bool (*prepare)(const bench_shape *shapes, unsigned count);
    /* One product of each shape. */
    void (*run)(unsigned count);
    void (*release)(unsigned count);
} bench_peer;

extern const bench_peer bench_xnnpack;
extern const bench_peer bench_onednn;

/* Median time of one pass over all shapes by `run`, in ns, of a few passes: to choose between a peer's variants. */
double bench_quick(void (*run)(unsigned count), unsigned count);

#endif
