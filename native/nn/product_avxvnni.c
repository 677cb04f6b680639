/* Block-sparse int8 matrix times vector with the dot-product instruction in its VEX form (AVX-VNNI). */
#include "nn.h"

#ifdef ES_NN_VNNI
#define PRODUCT es_product_avxvnni
#define PRODUCTS es_products_avxvnni
#define TARGET __attribute__((target("avx2,avxvnni")))
#define DOT(sum, u, s) _mm256_dpbusd_avx_epi32(sum, u, s)
#include "product_vnni.inc"
#else
typedef int es_product_avxvnni_unused;
#endif
