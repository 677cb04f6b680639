/* XNNPACK: int8 fully connected with one weight scale (qs8), or a 1 x 1 convolution over one pixel with a scale a row
 * (qc8), which is our arithmetic; the faster of the two here is what we compare with. One thread. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#if BENCH_XNNPACK
#include <xnnpack.h>

#ifndef BENCH_XNNPACK_VERSION
#define BENCH_XNNPACK_VERSION "unknown version"
#endif
#define INPUT_SCALE 0.02f
#define WEIGHT_SCALE 0.01f

static xnn_operator_t operators[2][BENCH_SHAPES]; /* fully connected, convolution */
static int8_t *outputs[BENCH_SHAPES];
static unsigned running;

static const char *version(void) { return BENCH_XNNPACK_VERSION; }

static void run_variant(unsigned variant, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        xnn_run_operator(operators[variant][i], NULL);
}
static void run_0(unsigned count) { run_variant(0, count); }
static void run_1(unsigned count) { run_variant(1, count); }
static void run(unsigned count) { run_variant(running, count); }

/* Scale of the output with which most sums fit int8. */
static float output_scale(const bench_shape *shape) {
    int32_t top = 1;
    for (uint32_t r = 0; r < shape->rows; r++)
        top = abs(shape->expected[r]) > top ? abs(shape->expected[r]) : top;
    return INPUT_SCALE * WEIGHT_SCALE * (float)top / 127.0f;
}

static bool make_fully_connected(unsigned i, const bench_shape *shape) {
    return xnn_create_fully_connected_nc_qs8(shape->cols, shape->rows, shape->cols, shape->rows, 0, INPUT_SCALE,
                                             WEIGHT_SCALE, shape->dense, NULL, 0, output_scale(shape), -128, 127, 0,
                                             &operators[0][i]) == xnn_status_success &&
           xnn_setup_fully_connected_nc_qs8(operators[0][i], 1, shape->x, outputs[i], NULL) == xnn_status_success;
}

static bool make_convolution(unsigned i, const bench_shape *shape) {
    float *scales = malloc(shape->rows * sizeof *scales);
    for (uint32_t r = 0; r < shape->rows; r++)
        scales[r] = WEIGHT_SCALE;
    bool made =
        xnn_create_convolution2d_nhwc_qc8(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, shape->cols, shape->rows, shape->cols,
                                          shape->rows, 0, INPUT_SCALE, scales, shape->dense, NULL, 0,
                                          output_scale(shape), -128, 127, 0, &operators[1][i]) == xnn_status_success;
    free(scales);
    return made &&
           xnn_setup_convolution2d_nhwc_qc8(operators[1][i], 1, 1, 1, shape->x, outputs[i], NULL) == xnn_status_success;
}

/* The output is the sum in steps of the output scale, one step of rounding allowed. */
static bool right(unsigned i, const bench_shape *shape) {
    float step = output_scale(shape) / (INPUT_SCALE * WEIGHT_SCALE);
    for (uint32_t r = 0; r < shape->rows; r++) {
        float gap = (float)shape->expected[r] / step - (float)outputs[i][r];
        if (gap > 1.01f || gap < -1.01f)
            return false;
    }
    return true;
}

static bool prepare(const bench_shape *shapes, unsigned count) {
    static void (*const runs[2])(unsigned) = {run_0, run_1};
    double best = 0;
    if (xnn_initialize(NULL) != xnn_status_success)
        return false;
    for (unsigned i = 0; i < count; i++)
        outputs[i] = calloc(shapes[i].rows + XNN_EXTRA_BYTES, 1);
    for (unsigned v = 0; v < 2; v++) {
        bool made = true;
        for (unsigned i = 0; made && i < count; i++)
            made = v == 0 ? make_fully_connected(i, &shapes[i]) : make_convolution(i, &shapes[i]);
        if (!made)
            continue;
        run_variant(v, count);
        for (unsigned i = 0; made && i < count; i++)
            made = right(i, &shapes[i]);
        double time = made ? bench_quick(runs[v], count) : 0;
        if (made && (best == 0 || time < best)) {
            best = time;
            running = v;
        }
    }
    return best > 0;
}

static void release(unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        for (unsigned v = 0; v < 2; v++)
            if (operators[v][i] != NULL)
                xnn_delete_operator(operators[v][i]);
        free(outputs[i]);
    }
    memset(operators, 0, sizeof operators);
    memset(outputs, 0, sizeof outputs);
}

const bench_peer bench_xnnpack = {"XNNPACK", "libxnnpack-dev", version, prepare, run, release};
#else
static const char *version(void) { return NULL; }
const bench_peer bench_xnnpack = {"XNNPACK", "libxnnpack-dev", version, NULL, NULL, NULL};
#endif
