/* Block-sparse int8 matrix times vector with the dot-product instruction in its EVEX form (AVX512-VNNI, AVX512-VL). */
#include "nn.h"

#ifdef ES_NN_VNNI
#define PRODUCT es_product_avx512vnni
#define PRODUCTS es_products_avx512vnni
#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))
#define DOT(sum, u, s) _mm256_dpbusd_epi32(sum, u, s)
#include "product_vnni.inc"
#else
typedef int es_product_avx512vnni_unused;
#endif
