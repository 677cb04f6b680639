/* The intents' network: sum of the rows of a text's n-grams over the root of their number, ReLU, one matrix. */
#include "understanding.h"

#include "../base/work.h"
#include "../decoder/fixed_log.h"

#define COST_FEATURE 90 /* hashing an n-gram, looking it up */
#define COST_ROW 5      /* one number of 4 bits: taken apart, added */
#define COST_MAC 5
#define COST_CLASS 60 /* scaling, exponential */

/* Index of the row of a hash, or -1. */
static int32_t row_of(const es_understanding_model *m, uint32_t hash) {
    uint32_t bucket = hash >> (32 - m->bucket_bits);
    uint32_t end = get_u16(m->buckets + 2 * (bucket + 1));
    for (uint32_t i = get_u16(m->buckets + 2 * bucket); i < end; i++)
        if (get_u16(m->keys + 2 * i) == (hash & 0xffff))
            return (int32_t)i;
    return -1;
}

/* floor(sqrt(x)). */
static uint32_t root(uint32_t x) {
    uint32_t result = 0;
    for (uint32_t bit = 1u << 30; bit != 0; bit >>= 2) {
        if (x >= result + bit) {
            x -= result + bit;
            result = (result >> 1) + bit;
        } else {
            result >>= 1;
        }
    }
    return result;
}

static uint32_t sum_rows(const es_understanding_model *m, const uint32_t *features, uint32_t count, int32_t *sums) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t row = row_of(m, features[i]);
        if (row < 0)
            continue;
        const uint8_t *packed = m->row + (size_t)row * m->width / 2;
        for (uint32_t j = 0; j < m->width; j++)
            sums[j] += get_nibble(packed, j);
        found++;
    }
    return found;
}

void es_score_intents(es_understanding *understanding, const es_words *words, reading *reading) {
    const es_understanding_model *m = understanding->model;
    struct es_understanding_memory *memory = understanding->memory;
    int32_t hidden[MOST_WIDTH] = {0};
    uint32_t count = es_intent_features(words, memory->intent.features);
    uint32_t found = sum_rows(m, memory->intent.features, count, hidden);
    int32_t scale = (int32_t)root((1u << 24) / (found > 0 ? found : 1)); /* 1 / sqrt(found), Q12 */
    for (uint32_t j = 0; j < m->width; j++)
        hidden[j] = hidden[j] > 0 ? es_sat16(((int64_t)hidden[j] * scale) >> 4) : 0; /* Q8 */
    int32_t top = INT32_MIN;
    for (uint32_t c = 0; c < m->classes; c++) {
        const int8_t *row = m->matrix + (size_t)c * m->width;
        int32_t sum = 0;
        for (uint32_t j = 0; j < m->width; j++)
            sum += row[j] * hidden[j];
        int64_t logit = ((int64_t)sum * m->logit_scale >> m->logit_shift) + get_i32(m->bias + 4 * c);
        memory->intent.logits[c] = (int32_t)(logit > 1 << 24 ? 1 << 24 : logit < -(1 << 24) ? -(1 << 24) : logit);
        top = memory->intent.logits[c] > top ? memory->intent.logits[c] : top;
    }
    uint64_t mass[MOST_INTENTS] = {0}, total = 0;
    for (uint32_t c = 0; c < m->classes; c++) {
        uint32_t share = es_exp_q30(top - memory->intent.logits[c]);
        mass[m->class_intent[c]] += share;
        total += share;
    }
    for (uint32_t i = 0; i < m->intents; i++)
        reading->intents[i] = (uint32_t)((mass[i] << 20) / ((total >> 10) + 1));
    es_work_add(&understanding->work, (uint64_t)m->classes * m->width + (uint64_t)found * m->width,
                (uint64_t)m->classes * m->width + (uint64_t)found * m->width / 2 + 4u * count,
                (uint64_t)count * COST_FEATURE + (uint64_t)found * m->width * COST_ROW +
                    (uint64_t)m->classes * (m->width * COST_MAC + COST_CLASS));
}
