/* Block-sparse int8 matrix times vector, AVX2: a block is one 256-bit register, a row one 32-bit lane of it.
 * Bits of product.c. The unsigned times signed multiply takes |x| and w with the sign of x: no weight is -128, so a
 * pair sums to 32258 at most and never saturates. */
#include "nn.h"

#ifdef ES_NN_X86
#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i block_product(__m256i sum, const int8_t *w, const int8_t *x, uint32_t column) {
    int32_t four;
    memcpy(&four, x + 4 * (size_t)column, 4);
    __m256i in = _mm256_set1_epi32(four);
    __m256i signs = _mm256_sign_epi8(_mm256_loadu_si256((const __m256i *)w), in);
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(in), signs);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

AVX2 void es_product_avx2(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                          int32_t *sums) {
    const uint8_t *column = matrix->columns + block;
    const int8_t *w = matrix->blocks + (size_t)block * 32;
    for (uint32_t g = first; g < first + groups; g++, sums += 8) {
        __m256i s0 = _mm256_setzero_si256(), s1 = s0;
        uint32_t left = matrix->counts[g];
        for (; left >= 4; left -= 4, column += 4, w += 128) {
            s0 = block_product(s0, w, x, column[0]);
            s1 = block_product(s1, w + 32, x, column[1]);
            s0 = block_product(s0, w + 64, x, column[2]);
            s1 = block_product(s1, w + 96, x, column[3]);
        }
        for (; left > 0; left--, column++, w += 32)
            s0 = block_product(s0, w, x, *column);
        _mm256_storeu_si256((__m256i *)sums, _mm256_add_epi32(s0, s1));
    }
}

/* Two vectors at a time; the weights of a row group stay in the first cache between them. */
AVX2 static void pair(const int8_t *w, const uint8_t *column, uint32_t left, const int8_t *x, uint32_t stride,
                      int32_t *first, int32_t *second) {
    __m256i s0 = _mm256_setzero_si256(), s1 = s0;
    for (; left > 0; left--, column++, w += 32) {
        const int8_t *in = x + stride * (size_t)*column;
        s0 = block_product(s0, w, in, 0);
        s1 = block_product(s1, w, in, 1);
    }
    _mm256_storeu_si256((__m256i *)first, s0);
    _mm256_storeu_si256((__m256i *)second, s1);
}

AVX2 void es_products_avx2(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                           uint32_t count, int32_t *sums) {
    const uint8_t *column = matrix->columns + block;
    const int8_t *w = matrix->blocks + (size_t)block * 32;
    size_t next = 8 * (size_t)groups;
    for (uint32_t g = first; g < first + groups; g++, sums += 8) {
        uint32_t blocks = matrix->counts[g];
        /* an odd last vector goes with the one before it once more */
        for (uint32_t k = 0; k < count; k += 2) {
            uint32_t a = k + 1 < count ? k : k - 1;
            pair(w, column, blocks, x + 4 * a, 4 * count, sums + a * next, sums + (a + 1) * next);
        }
        column += blocks;
        w += 32 * (size_t)blocks;
    }
}
#else
typedef int es_product_avx2_unused;
#endif
