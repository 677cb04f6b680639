/* Sums back to fixed point, eight rows at a time, AVX2. Bits of requantize.c. */
#include "nn.h"

#ifdef ES_NN_X86
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* Even 32-bit lanes as 64-bit products, rounded and shifted. AVX2 has no arithmetic 64-bit shift: 2^63 is added before
 * a logical one and its image taken away after. */
AVX2 static inline __m256i scaled(__m256i sums, __m256i multipliers, int shift) {
    __m256i top = _mm256_set1_epi64x(INT64_MIN);
    __m128i count = _mm_cvtsi32_si128(shift);
    __m256i product =
        _mm256_add_epi64(_mm256_mul_epi32(sums, multipliers), _mm256_set1_epi64x((int64_t)1 << (shift - 1)));
    product = _mm256_srl_epi64(_mm256_xor_si256(product, top), count);
    return _mm256_sub_epi64(product, _mm256_srl_epi64(top, count));
}

AVX2 static inline __m256i limited(__m256i v) {
    __m256i high = _mm256_set1_epi64x(32767), low = _mm256_set1_epi64x(-32768);
    v = _mm256_blendv_epi8(v, high, _mm256_cmpgt_epi64(v, high));
    return _mm256_blendv_epi8(v, low, _mm256_cmpgt_epi64(low, v));
}

AVX2 void es_requantize_avx2(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias) {
    for (uint32_t r = 0; r < rows; r += 8) {
        __m256i sums = _mm256_loadu_si256((const __m256i *)(a->sums + r));
        __m256i factors = _mm256_loadu_si256((const __m256i *)(a->multipliers + r));
        __m256i even = scaled(sums, factors, a->shift);
        __m256i odd = scaled(_mm256_srli_epi64(sums, 32), _mm256_srli_epi64(factors, 32), a->shift);
        if (b != NULL) {
            sums = _mm256_loadu_si256((const __m256i *)(b->sums + r));
            factors = _mm256_loadu_si256((const __m256i *)(b->multipliers + r));
            even = _mm256_add_epi64(even, scaled(sums, factors, b->shift));
            odd = _mm256_add_epi64(odd, scaled(_mm256_srli_epi64(sums, 32), _mm256_srli_epi64(factors, 32), b->shift));
        }
        if (bias != NULL) { /* the product with 1 widens the even lanes with their sign */
            __m256i wide = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(bias + r)));
            even = _mm256_add_epi64(even, _mm256_mul_epi32(wide, _mm256_set1_epi64x(1)));
            odd = _mm256_add_epi64(odd, _mm256_mul_epi32(_mm256_srli_epi64(wide, 32), _mm256_set1_epi64x(1)));
        }
        __m256i both = _mm256_blend_epi32(limited(even), _mm256_slli_epi64(limited(odd), 32), 0xaa);
        __m128i packed = _mm_packs_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        _mm_storeu_si128((__m128i *)(z + r), packed);
    }
}
#else
typedef int es_requantize_avx2_unused;
#endif
