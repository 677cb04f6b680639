/* Slots of open words: each word is a sum of rows of its features, two layers look at its neighbors, and the best
 * sequence of tags that the intent allows is found (Viterbi). A tag is a slot, or 0: none. */
#include <string.h>

#include "understanding.h"

#include "../base/work.h"

#define NEVER (-(1 << 28))
#define COST_ROW 5
#define COST_MAC 5
#define COST_TAG 14

static void read_words(const es_understanding_model *m, tag_memory *t, const es_words *words) {
    memset(t->input, 0, sizeof t->input);
    for (uint16_t i = 0; i < words->count; i++) {
        uint32_t features[ES_TAG_FEATURES];
        uint32_t count = es_tag_features(words, i, features);
        for (uint32_t f = 0; f < count; f++) {
            const uint8_t *row = m->tag_row + (size_t)(features[f] & (m->tag_rows - 1u)) * m->tag_width / 2;
            for (uint32_t j = 0; j < m->tag_width; j++)
                t->input[i][j] += get_nibble(row, j);
        }
    }
}

static int16_t rectified(int64_t sum, int32_t scale, int32_t shift) {
    return sum <= 0 ? 0 : es_sat16((sum * scale) >> shift);
}

/* Looks at two words on each side. */
static void first_layer(const es_understanding_model *m, tag_memory *t, uint16_t count, uint16_t intent) {
    for (uint16_t i = 0; i < count; i++)
        for (uint32_t h = 0; h < m->tag_hidden; h++) {
            const int8_t *row = m->first + (size_t)h * 5 * m->tag_width;
            int64_t sum = get_i32(m->first_bias + 4 * ((size_t)intent * m->tag_hidden + h));
            for (int side = -2; side <= 2; side++, row += m->tag_width) {
                int place = i + side;
                if (place < 0 || place >= count)
                    continue;
                for (uint32_t j = 0; j < m->tag_width; j++)
                    sum += row[j] * t->input[place][j];
            }
            t->first[i][h] = rectified(sum, m->first_scale, m->first_shift);
        }
}

/* Looks at one word on each side; then the scores of the tags. */
static void tag_scores(const es_understanding_model *m, const tag_memory *t, uint16_t count, uint16_t i,
                       int32_t scores[MOST_SLOTS]) {
    int16_t second[MOST_HIDDEN];
    for (uint32_t h = 0; h < m->tag_hidden; h++) {
        const int8_t *row = m->second + (size_t)h * 3 * m->tag_hidden;
        int64_t sum = get_i32(m->second_bias + 4 * h);
        for (int side = -1; side <= 1; side++, row += m->tag_hidden) {
            int place = i + side;
            if (place < 0 || place >= count)
                continue;
            for (uint32_t j = 0; j < m->tag_hidden; j++)
                sum += row[j] * t->first[place][j];
        }
        second[h] = rectified(sum, m->second_scale, m->second_shift);
    }
    for (uint32_t tag = 0; tag <= m->tag_slots; tag++) {
        const int8_t *row = m->out + tag * m->tag_hidden;
        int64_t sum = get_i32(m->out_bias + 4 * tag);
        for (uint32_t j = 0; j < m->tag_hidden; j++)
            sum += row[j] * second[j];
        scores[tag] = (int32_t)(sum > 1 << 27 ? 1 << 27 : sum < -(1 << 27) ? -(1 << 27) : sum) / 4;
    }
}

static void find_tags(const es_understanding_model *m, tag_memory *t, uint16_t count, uint32_t allowed,
                      uint8_t tags[ES_UNDERSTANDING_WORDS]) {
    uint32_t number = m->tag_slots + 1u;
    int32_t best[MOST_SLOTS], next[MOST_SLOTS], scores[MOST_SLOTS];
    for (uint16_t i = 0; i < count; i++) {
        tag_scores(m, t, count, i, scores);
        for (uint32_t tag = 0; tag < number; tag++) {
            next[tag] = NEVER;
            t->back[i][tag] = 0;
            if (tag > 0 && !(allowed >> (tag - 1) & 1))
                continue;
            for (uint32_t before = 0; before < (i > 0 ? number : 1); before++) {
                uint32_t row = i > 0 ? before + 1 : 0;
                int32_t step = get_i32(m->transition + 4 * (row * number + tag)) + (i > 0 ? best[before] : 0);
                if (step > next[tag]) {
                    next[tag] = step;
                    t->back[i][tag] = (uint8_t)before;
                }
            }
            /* Bounded: a sum over the longest request stays far from the ends of an int32. */
            next[tag] = next[tag] <= NEVER / 2 ? NEVER : next[tag] + scores[tag];
        }
        int32_t top = next[0];
        for (uint32_t tag = 1; tag < number; tag++)
            top = next[tag] > top ? next[tag] : top;
        for (uint32_t tag = 0; tag < number; tag++)
            best[tag] = next[tag] - top < NEVER ? NEVER : next[tag] - top;
    }
    uint8_t tag = 0;
    for (uint32_t other = 1; other < number; other++)
        if (best[other] > best[tag])
            tag = (uint8_t)other;
    for (uint16_t i = count; i-- > 0;) {
        tags[i] = tag;
        tag = t->back[i][tag];
    }
}

void es_tag_slots(es_understanding *understanding, const es_words *words, es_understood *understood) {
    const es_understanding_model *m = understanding->model;
    tag_memory *t = &understanding->memory->tag;
    uint32_t allowed = get_u32(m->intent_slots + 4u * understood->intent) & (uint32_t)((1ull << m->tag_slots) - 1);
    uint8_t tags[ES_UNDERSTANDING_WORDS];
    understood->slot_count = 0;
    understood->value_bytes = 0;
    if (allowed == 0 || words->count == 0)
        return;
    read_words(m, t, words);
    first_layer(m, t, words->count, understood->intent);
    find_tags(m, t, words->count, allowed, tags);
    for (uint16_t i = 0; i < words->count;) {
        uint16_t end = i;
        while (end < words->count && tags[end] == tags[i])
            end++;
        size_t bytes = (size_t)(words->at[end - 1] + words->bytes[end - 1] - words->at[i]);
        if (tags[i] > 0)
            es_add_slot(understood, (uint8_t)(tags[i] - 1), words->text + words->at[i], bytes);
        i = end;
    }
    uint64_t macs =
        (uint64_t)words->count * m->tag_hidden * (5u * m->tag_width + 3u * m->tag_hidden + m->tag_slots + 1u);
    uint64_t tagging = (uint64_t)words->count * (m->tag_slots + 1u) * (m->tag_slots + 1u);
    es_work_add(&understanding->work, macs, macs + (uint64_t)words->count * 11 * m->tag_width / 2,
                macs * COST_MAC + (uint64_t)words->count * 11 * m->tag_width * COST_ROW + tagging * COST_TAG / 4);
}
