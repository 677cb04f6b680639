/* oneDNN: int8 inner product or matrix product, weights packed as the library likes best, one thread. What is fastest
 * of {inner product, matmul} x {unsigned, signed input} here is what we compare with; 32-bit sums out, so that the peer
 * does less than we do. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#if BENCH_ONEDNN
#include <dnnl.h>
#include <stdio.h>

#define VARIANTS 4

typedef struct product {
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t arguments[3];
    void *input;
    int32_t *sums;
    dnnl_memory_t memories[4];
} product;

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static product products[VARIANTS][BENCH_SHAPES];
static unsigned running;

/* Of the OpenMP runtime that oneDNN may have brought along. */
extern void omp_set_num_threads(int threads) __attribute__((weak));

static const char *version(void) {
    static char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

static void run_variant(unsigned variant, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        dnnl_primitive_execute(products[variant][i].primitive, stream, 3, products[variant][i].arguments);
    dnnl_stream_wait(stream);
}

static void run(unsigned count) { run_variant(running, count); }

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t described;
#define POINTER(d) (d)

static bool describe(described *d, int dims, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(d, dims, sizes, type, tag) == dnnl_success;
}

static bool plan(dnnl_primitive_desc_t *pd, bool matmul, described src, described weights, described dst) {
    dnnl_status_t status = matmul ? dnnl_matmul_primitive_desc_create(pd, engine, src, weights, NULL, dst, NULL)
                                  : dnnl_inner_product_forward_primitive_desc_create(pd, engine, dnnl_forward_inference,
                                                                                     src, weights, NULL, dst, NULL);
    return status == dnnl_success;
}

static const_dnnl_memory_desc_t packed_of(dnnl_primitive_desc_t pd) {
    return dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
}
#else
typedef dnnl_memory_desc_t described;
#define POINTER(d) (&(d))

static bool describe(described *d, int dims, const dnnl_dims_t sizes, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(d, dims, sizes, type, tag) == dnnl_success;
}

static bool plan(dnnl_primitive_desc_t *pd, bool matmul, described src, described weights, described dst) {
    dnnl_matmul_desc_t product_desc;
    dnnl_inner_product_desc_t inner_desc;
    dnnl_status_t status =
        matmul ? dnnl_matmul_desc_init(&product_desc, &src, &weights, NULL, &dst)
               : dnnl_inner_product_forward_desc_init(&inner_desc, dnnl_forward_inference, &src, &weights, NULL, &dst);
    if (status != dnnl_success)
        return false;
    const void *desc = matmul ? (const void *)&product_desc : (const void *)&inner_desc;
    return dnnl_primitive_desc_create(pd, desc, NULL, engine, NULL) == dnnl_success;
}

static const dnnl_memory_desc_t *packed_of(dnnl_primitive_desc_t pd) {
    return dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
}
#endif

/* Packs plain [rows][cols] weights into the layout that the primitive chose. */
static bool pack(product *p, dnnl_primitive_desc_t pd, described plain, const bench_shape *shape) {
    dnnl_memory_t source;
    dnnl_primitive_desc_t reorder_desc;
    dnnl_primitive_t reorder;
    if (dnnl_memory_create(&source, POINTER(plain), engine, shape->dense) != dnnl_success ||
        dnnl_memory_create(&p->memories[1], packed_of(pd), engine, DNNL_MEMORY_ALLOCATE) != dnnl_success ||
        dnnl_reorder_primitive_desc_create(&reorder_desc, POINTER(plain), engine, packed_of(pd), engine, NULL) !=
            dnnl_success ||
        dnnl_primitive_create(&reorder, reorder_desc) != dnnl_success)
        return false;
    dnnl_exec_arg_t arguments[2] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, p->memories[1]}};
    bool done = dnnl_primitive_execute(reorder, stream, 2, arguments) == dnnl_success;
    dnnl_stream_wait(stream);
    dnnl_primitive_destroy(reorder);
    dnnl_primitive_desc_destroy(reorder_desc);
    dnnl_memory_destroy(source);
    return done;
}

static bool make(product *p, const bench_shape *shape, bool matmul, bool is_unsigned) {
    dnnl_dims_t in = {1, shape->cols}, out = {1, shape->rows};
    dnnl_dims_t weights = {matmul ? shape->cols : shape->rows, matmul ? shape->rows : shape->cols};
    described src, any, plain, dst;
    dnnl_primitive_desc_t pd;
    if (!describe(&src, 2, in, is_unsigned ? dnnl_u8 : dnnl_s8, dnnl_ab) ||
        !describe(&any, 2, weights, dnnl_s8, dnnl_format_tag_any) ||
        !describe(&plain, 2, weights, dnnl_s8, matmul ? dnnl_ba : dnnl_ab) ||
        !describe(&dst, 2, out, dnnl_s32, dnnl_ab) || !plan(&pd, matmul, src, any, dst))
        return false;
    p->input = calloc(shape->cols + 64u, 1);
    p->sums = calloc(shape->rows + 16u, sizeof *p->sums);
    for (uint32_t c = 0; c < shape->cols; c++) /* an unsigned peer gets |x|: no offset to take away afterwards */
        ((int8_t *)p->input)[c] = (int8_t)(is_unsigned && shape->x[c] < 0 ? -shape->x[c] : shape->x[c]);
    bool made = pack(p, pd, plain, shape) &&
                dnnl_memory_create(&p->memories[0], POINTER(src), engine, p->input) == dnnl_success &&
                dnnl_memory_create(&p->memories[2], POINTER(dst), engine, p->sums) == dnnl_success &&
                dnnl_primitive_create(&p->primitive, pd) == dnnl_success;
    dnnl_primitive_desc_destroy(pd);
    p->arguments[0] = (dnnl_exec_arg_t){DNNL_ARG_SRC, p->memories[0]};
    p->arguments[1] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, p->memories[1]};
    p->arguments[2] = (dnnl_exec_arg_t){DNNL_ARG_DST, p->memories[2]};
    return made;
}

static bool right(const product *p, const bench_shape *shape) {
    for (uint32_t r = 0; r < shape->rows; r++) {
        int32_t sum = 0;
        for (uint32_t c = 0; c < shape->cols; c++)
            sum += shape->dense[(size_t)r * shape->cols + c] * ((const int8_t *)p->input)[c];
        if (p->sums[r] != sum)
            return false;
    }
    return true;
}

static void run_0(unsigned count) { run_variant(0, count); }
static void run_1(unsigned count) { run_variant(1, count); }
static void run_2(unsigned count) { run_variant(2, count); }
static void run_3(unsigned count) { run_variant(3, count); }

static bool prepare(const bench_shape *shapes, unsigned count) {
    static void (*const runs[VARIANTS])(unsigned) = {run_0, run_1, run_2, run_3};
    if (omp_set_num_threads != NULL)
        omp_set_num_threads(1);
    if (engine == NULL && (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success ||
                           dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) != dnnl_success))
        return false;
    double best = 0;
    for (unsigned v = 0; v < VARIANTS; v++) {
        bool made = true;
        for (unsigned i = 0; made && i < count; i++)
            made = make(&products[v][i], &shapes[i], v / 2 == 1, v % 2 == 0);
        if (!made)
            continue;
        run_variant(v, count);
        for (unsigned i = 0; made && i < count; i++)
            made = right(&products[v][i], &shapes[i]);
        double time = made ? bench_quick(runs[v], count) : 0;
        if (made && (best == 0 || time < best)) {
            best = time;
            running = v;
        }
    }
    return best > 0;
}

static void release(unsigned count) {
    for (unsigned v = 0; v < VARIANTS; v++) {
        for (unsigned i = 0; i < count; i++) {
            product *p = &products[v][i];
            if (p->primitive != NULL)
                dnnl_primitive_destroy(p->primitive);
            for (unsigned m = 0; m < 3; m++)
                if (p->memories[m] != NULL)
                    dnnl_memory_destroy(p->memories[m]);
            free(p->input);
            free(p->sums);
        }
    }
    memset(products, 0, sizeof products);
}

const bench_peer bench_onednn = {"oneDNN", "libdnnl-dev", version, prepare, run, release};
#else
static const char *version(void) { return NULL; }
const bench_peer bench_onednn = {"oneDNN", "libdnnl-dev", version, NULL, NULL, NULL};
#endif
