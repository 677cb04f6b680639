/* Sums back to fixed point, eight rows at a time, AVX-512. Bits of requantize.c. */
#include "nn.h"

#ifdef ES_NN_VNNI
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

AVX512 static inline __m512i scaled(const es_sums *s, uint32_t r, __m512i half, __m128i count) {
    __m512i sums = _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(s->sums + r)));
    __m512i factors = _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(s->multipliers + r)));
    return _mm512_sra_epi64(_mm512_add_epi64(_mm512_mul_epi32(sums, factors), half), count);
}

AVX512 void es_requantize_avx512(int16_t *z, uint32_t rows, const es_sums *a, const es_sums *b, const int16_t *bias) {
    const es_sums *second = b != NULL ? b : a;
    __m512i half_a = _mm512_set1_epi64((int64_t)1 << (a->shift - 1));
    __m512i half_b = _mm512_set1_epi64((int64_t)1 << (second->shift - 1));
    __m128i count_a = _mm_cvtsi32_si128(a->shift), count_b = _mm_cvtsi32_si128(second->shift);
    for (uint32_t r = 0; r < rows; r += 8) {
        __m512i sum = scaled(a, r, half_a, count_a);
        if (b != NULL)
            sum = _mm512_add_epi64(sum, scaled(b, r, half_b, count_b));
        if (bias != NULL)
            sum = _mm512_add_epi64(sum, _mm512_cvtepi16_epi64(_mm_loadu_si128((const __m128i *)(bias + r))));
        _mm_storeu_si128((__m128i *)(z + r), _mm512_cvtsepi64_epi16(sum));
    }
}
#else
typedef int es_requantize_avx512_unused;
#endif
