/* Our block-sparse kernels against dense int8 libraries and plain C, on the shapes of a model's LSTM layers.
 * Times: README.md of this folder. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../native/nn/nn.h"

#define MAX_ROUNDS 100000
#define CONTENDERS 4 /* ours, plain C, the two libraries */

static bench_shape shapes[BENCH_SHAPES];
static unsigned shape_count;
static const es_kernels *fast, *plain;
static double times[CONTENDERS][MAX_ROUNDS];
static uint64_t random_state;

static uint64_t random64(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *values, unsigned count) {
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

double bench_quick(void (*run)(unsigned count), unsigned count) {
    double values[101];
    for (unsigned i = 0; i < 101; i++) {
        double start = now();
        run(count);
        values[i] = now() - start;
    }
    return median(values, 101);
}

/* Which of `wide` blocks a row group keeps: exactly the share of all blocks, at random places. */
static void keep_blocks(uint8_t *kept, uint32_t all, unsigned percent) {
    uint32_t wanted = (uint32_t)(((uint64_t)all * percent + 50) / 100);
    memset(kept, 0, all);
    for (uint32_t i = 0; i < all; i++) { /* selection sampling */
        if (random64() % (all - i) < wanted) {
            kept[i] = 1;
            wanted--;
        }
    }
}

static void make_shape(bench_shape *s, unsigned percent) {
    uint32_t groups = s->rows / 8, wide = s->cols / 4, all = groups * wide, block = 0;
    uint8_t *kept = malloc(all), *columns = malloc(all);
    uint16_t *counts = calloc(groups, sizeof *counts);
    int32_t *multipliers = malloc(s->rows * sizeof *multipliers);
    int8_t *blocks = aligned_alloc(64, ((size_t)all * 32 + 63) & ~(size_t)63);
    s->dense = calloc((size_t)s->rows * s->cols + 64, 1);
    s->x = calloc(s->cols + 64u, 1);
    s->expected = calloc(s->rows, sizeof *s->expected);
    for (uint32_t c = 0; c < s->cols; c++)
        s->x[c] = (int8_t)(random64() % 255 - 127);
    for (uint32_t r = 0; r < s->rows; r++)
        multipliers[r] = (int32_t)(random64() % 1000000 + 1000000);
    keep_blocks(kept, all, percent);
    for (uint32_t i = 0; i < all; i++) {
        uint32_t g = i / wide, column = i % wide;
        if (!kept[i])
            continue;
        for (uint32_t k = 0; k < 32; k++) {
            int8_t w = (int8_t)(random64() % 255 - 127);
            uint32_t r = 8 * g + k / 4, c = 4 * column + k % 4;
            blocks[(size_t)block * 32 + k] = s->dense[(size_t)r * s->cols + c] = w;
            s->expected[r] += w * s->x[c];
        }
        columns[block++] = (uint8_t)column;
        counts[g]++;
    }
    s->sparse = (es_matrix){(uint16_t)s->rows, (uint16_t)s->cols, 24, counts, columns, blocks, multipliers, block};
    free(kept);
}

static void free_shape(bench_shape *s) {
    free((void *)s->sparse.counts);
    free((void *)s->sparse.columns);
    free((void *)s->sparse.blocks);
    free((void *)s->sparse.multipliers);
    free(s->dense);
    free(s->x);
    free(s->expected);
}

/* What the recogniser does for each of these matrices: products, requantisation, counted work. */
static void run_kernels(const es_kernels *kernels, unsigned count) {
    static int16_t out[4096];
    static es_nn_scratch scratch;
    static es_work work;
    for (unsigned i = 0; i < count; i++) {
        const es_matrix *m = &shapes[i].sparse;
        es_nn_cursor at = {0};
        for (uint32_t left = m->rows / 8; left > 0;) {
            uint32_t groups = left < ES_NN_CHUNK ? left : ES_NN_CHUNK;
            es_nn_linear(kernels, m, &at, groups, shapes[i].x, 1, NULL, out, &scratch, &work);
            left -= groups;
        }
    }
}
static void run_fast(unsigned count) { run_kernels(fast, count); }
static void run_plain(unsigned count) { run_kernels(plain, count); }

static bool kernels_right(const es_kernels *kernels) {
    static int32_t sums[4096];
    for (unsigned i = 0; i < shape_count; i++) {
        const es_matrix *m = &shapes[i].sparse;
        kernels->product(m, 0, m->rows / 8u, 0, shapes[i].x, sums);
        if (memcmp(sums, shapes[i].expected, m->rows * sizeof *sums) != 0)
            return false;
    }
    return true;
}

/* Calls interleaved: in each round every contender makes one pass over all shapes, in a turning order. A pass that is
 * not timed goes before each that is, so that every contender finds its weights in the caches as far as they fit. */
static void measure(void (*const runs[CONTENDERS])(unsigned), unsigned rounds, double medians[CONTENDERS]) {
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < CONTENDERS; i++) {
            unsigned who = (i + round) % CONTENDERS;
            if (runs[who] == NULL)
                continue;
            runs[who](shape_count);
            double start = now();
            runs[who](shape_count);
            times[who][round] = now() - start;
        }
    }
    for (unsigned who = 0; who < CONTENDERS; who++)
        medians[who] = runs[who] == NULL ? 0 : median(times[who], rounds);
}

static void print_row(bool json, unsigned percent, const char *name, double ours, double peer) {
    if (json && peer > 0)
        printf("{\"case\":\"density-%u\",\"peerName\":\"%s\",\"ours\":%.0f,\"peer\":%.0f,\"ratio\":%.2f}\n", percent,
               name, ours, peer, peer / ours);
    else if (json)
        printf("{\"case\":\"density-%u\",\"peerName\":\"%s\",\"ours\":%.0f,\"peer\":null,\"ratio\":null}\n", percent,
               name, ours);
    else if (peer > 0)
        printf("density-%-4u %-10s %10.0f %10.0f %8.2f\n", percent, name, ours, peer, peer / ours);
    else
        printf("density-%-4u %-10s %10.0f     absent\n", percent, name, ours);
    fflush(stdout);
}

static bool run_case(unsigned percent, unsigned rounds, bool json) {
    const bench_peer *peers[2] = {&bench_xnnpack, &bench_onednn};
    void (*runs[CONTENDERS])(unsigned) = {run_fast, run_plain, NULL, NULL};
    double medians[CONTENDERS];
    for (unsigned i = 0; i < shape_count; i++)
        make_shape(&shapes[i], percent);
    bool right = kernels_right(fast) && kernels_right(plain);
    for (unsigned p = 0; p < 2; p++)
        if (peers[p]->version() != NULL && peers[p]->prepare(shapes, shape_count))
            runs[2 + p] = peers[p]->run;
    if (right) {
        measure(runs, rounds, medians);
        for (unsigned p = 0; p < 2; p++)
            print_row(json, percent, peers[p]->name, medians[0], medians[2 + p]);
        print_row(json, percent, "plain C", medians[0], medians[1]);
    }
    for (unsigned p = 0; p < 2; p++)
        if (peers[p]->version() != NULL)
            peers[p]->release(shape_count);
    for (unsigned i = 0; i < shape_count; i++)
        free_shape(&shapes[i]);
    return right;
}

static void print_head(FILE *out, unsigned rounds) {
    const bench_peer *peers[2] = {&bench_xnnpack, &bench_onednn};
    fprintf(out, "ours: kernels %s; shapes", fast->name);
    for (unsigned i = 0; i < shape_count; i++)
        fprintf(out, " %ux%u", shapes[i].rows, shapes[i].cols);
    fprintf(out, "; batch 1, one thread, median of %u rounds, ns summed over the shapes\n", rounds);
    for (unsigned p = 0; p < 2; p++) {
        if (peers[p]->version() != NULL)
            fprintf(out, "%s: %s\n", peers[p]->name, peers[p]->version());
        else
            fprintf(out, "%s: absent where this was built; install the Debian package %s\n", peers[p]->name,
                    peers[p]->package);
    }
}

/* The shapes of a model file's LSTM layers. */
static bool read_shapes(const char *path) {
    FILE *file = fopen(path, "rb");
    long bytes = -1;
    es_model model;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        bytes = ftell(file);
    uint8_t *data = bytes > 0 ? aligned_alloc(16, ((size_t)bytes + 15) & ~(size_t)15) : NULL;
    if (data != NULL)
        rewind(file);
    bool good = data != NULL && fread(data, 1, (size_t)bytes, file) == (size_t)bytes &&
                es_model_open(&model, data, (size_t)bytes, NULL) == ES_OK;
    if (file != NULL)
        fclose(file);
    for (unsigned l = 0; good && l < model.layers; l++) {
        const es_matrix *both[2] = {&model.lstm[l].input, &model.lstm[l].recurrent};
        for (unsigned i = 0; i < 2; i++)
            shapes[shape_count++] = (bench_shape){.rows = both[i]->rows, .cols = both[i]->cols};
    }
    free(data);
    return good;
}

int main(int argc, char **argv) {
    static const unsigned densities[] = {100, 50, 25, 10};
    bool json = false;
    unsigned rounds = 500;
    const char *model = NULL, *kernels = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc && atoi(argv[i + 1]) > 0 &&
                 atoi(argv[i + 1]) <= MAX_ROUNDS)
            rounds = (unsigned)atoi(argv[++i]);
        else if (strcmp(argv[i], "--model") == 0 && i + 1 < argc)
            model = argv[++i];
        else if (strcmp(argv[i], "--kernels") == 0 && i + 1 < argc)
            kernels = argv[++i];
        else {
            fprintf(stderr, "usage: earshot-bench [--json] [--rounds N] [--model FILE] [--kernels NAME]\n");
            return 2;
        }
    }
    fast = kernels == NULL ? es_kernels_at(0) : es_kernels_named(kernels);
    plain = es_kernels_named("c");
    if (fast == NULL) {
        fprintf(stderr, "kernels %s: unknown, or not for this CPU\n", kernels);
        return 2;
    }
    if (model != NULL && !read_shapes(model)) {
        fprintf(stderr, "%s: an Earshot model expected, but it cannot be read as one\n", model);
        return 2;
    }
    for (unsigned i = 0; model == NULL && i < 6; i++) /* the first model: 3 layers of 320 on 6 frames of 40 bins */
        shapes[shape_count++] = (bench_shape){.rows = 1280, .cols = i == 0 ? 240 : 320};
    print_head(json ? stderr : stdout, rounds);
    if (!json)
        printf("%-12s %-10s %10s %10s %8s\n", "case", "peer", "ours", "peer", "ratio");
    for (unsigned d = 0; d < sizeof densities / sizeof densities[0]; d++) {
        random_state = 20261125 + densities[d];
        if (!run_case(densities[d], rounds, json)) {
            fprintf(stderr, "our kernels gave a wrong sum\n");
            return 1;
        }
    }
    return 0;
}
