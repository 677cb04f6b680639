/* Which tables of kernels this CPU can run. */
#include <string.h>

#include "nn.h"

#ifdef ES_NN_X86
#include <cpuid.h>
#endif

static const es_kernels PLAIN = {"c", es_product_c, es_products_c, es_requantize_c};

#ifdef ES_NN_X86
static const es_kernels AVX2 = {"avx2", es_product_avx2, es_products_avx2, es_requantize_avx2};
#endif

#ifdef ES_NN_VNNI
static const es_kernels AVX_VNNI = {"avxvnni", es_product_avxvnni, es_products_avxvnni, es_requantize_avx2};
static const es_kernels AVX512_VNNI = {"avx512vnni", es_product_avx512vnni, es_products_avx512vnni,
                                       es_requantize_avx512};

/* Leaf 7.1, EAX bit 4. Compilers differ in whether __builtin_cpu_supports knows it. */
static bool has_avxvnni(void) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
}

static bool has_avx512vnni(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}
#endif

const es_kernels *es_kernels_at(unsigned i) {
#ifdef ES_NN_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) {
#ifdef ES_NN_VNNI
        if (has_avx512vnni() && i-- == 0)
            return &AVX512_VNNI;
        if (has_avxvnni() && i-- == 0)
            return &AVX_VNNI;
#endif
        if (i-- == 0)
            return &AVX2;
    }
#endif
    return i == 0 ? &PLAIN : NULL;
}

const es_kernels *es_kernels_named(const char *name) {
    const es_kernels *kernels;
    for (unsigned i = 0; (kernels = es_kernels_at(i)) != NULL; i++)
        if (strcmp(kernels->name, name) == 0)
            return kernels;
    return NULL;
}
