/* Layers by row groups: products, requantisation, gates, and the work they count. */
#include "nn.h"

#include "../base/work.h"

#define PLAIN_GROUP (ES_COST_GROUP + 8 * (ES_COST_REQUANTIZE + ES_COST_SATURATE))
#define LSTM_GROUP (PLAIN_GROUP + ES_COST_GROUP + 8 * ES_COST_REQUANTIZE + 2 * ES_COST_LSTM_UNIT)

/* A block's instructions for one to four vectors. */
static const uint32_t BLOCK_COST[ES_KERNEL_VECTORS + 1] = {0, ES_COST_BLOCK, ES_COST_BLOCK_2, ES_COST_BLOCK_3,
                                                           ES_COST_BLOCK_4};

uint32_t es_nn_cost(const es_matrix *matrix, uint32_t group, uint32_t count) {
    return count * PLAIN_GROUP + matrix->counts[group] * BLOCK_COST[count];
}

uint32_t es_nn_lstm_cost(const es_lstm_layer *layer, uint32_t group) {
    return LSTM_GROUP + ((uint32_t)layer->input.counts[group] + layer->recurrent.counts[group]) * ES_COST_BLOCK;
}

static uint32_t blocks_of(const es_matrix *matrix, uint32_t first, uint32_t groups) {
    uint32_t blocks = 0;
    for (uint32_t g = first; g < first + groups; g++)
        blocks += matrix->counts[g];
    return blocks;
}

/* A block is 32 weights and one column index; a group has a count of two bytes and eight multipliers. */
static uint64_t bytes_of(uint32_t blocks, uint32_t groups) {
    return (uint64_t)blocks * 33 + (uint64_t)groups * (2 + 8 * 4);
}

/* Of `vectors` in one pass: multipliers and bias are read for each. */
static uint64_t bytes_of_pass(uint32_t blocks, uint32_t groups, uint32_t vectors, bool bias) {
    return bytes_of(blocks, groups) + (uint64_t)groups * ((vectors - 1) * 8 * 4 + (bias ? vectors * 16 : 0));
}

void es_nn_linear(const es_kernels *kernels, const es_matrix *matrix, es_nn_cursor *at, uint32_t groups,
                  const int8_t *x, uint32_t count, const int16_t *bias, int16_t *out, es_nn_scratch *scratch,
                  es_work *work) {
    uint32_t row = 8 * at->group, blocks = blocks_of(matrix, at->group, groups);
    if (count == 1)
        kernels->product(matrix, at->group, groups, at->block, x, scratch->a);
    else
        kernels->products(matrix, at->group, groups, at->block, x, count, scratch->a);
    for (uint32_t k = 0; k < count; k++) {
        es_sums sums = {scratch->a + 8 * groups * k, matrix->multipliers + row, matrix->shift};
        kernels->requantize(out + (size_t)matrix->rows * k + row, 8 * groups, &sums, NULL,
                            bias == NULL ? NULL : bias + row);
    }
    es_work_add(work, (uint64_t)blocks * 32 * count, bytes_of_pass(blocks, groups, count, bias != NULL),
                (uint64_t)groups * count * PLAIN_GROUP + (uint64_t)blocks * BLOCK_COST[count]);
    at->group += groups;
    at->block += blocks;
}

static void gates(const int16_t *z, uint32_t units, uint32_t output_scale, int16_t *c, int8_t *out) {
    for (uint32_t u = 0; u < units; u++, z += 4) {
        int32_t i = es_look_up(es_sigmoid_q15, z[0]);
        int32_t f = es_look_up(es_sigmoid_q15, z[1]);
        int32_t g = es_look_up(es_tanh_q15, z[2]);
        int32_t o = es_look_up(es_sigmoid_q15, z[3]);
        /* Q15 x Q11 and Q15 x Q15 to Q11 */
        c[u] = es_sat16((int64_t)((f * c[u] + (1 << 14)) >> 15) + ((i * g + (1 << 18)) >> 19));
        int32_t level = es_look_up(es_tanh_q15, es_sat16(2 * (int32_t)c[u]));
        int32_t h_q15 = (o * level + (1 << 14)) >> 15;
        out[u] = es_sat8((h_q15 * (int32_t)output_scale + (1 << 14)) >> 15);
    }
}

void es_nn_lstm(const es_kernels *kernels, const es_lstm_layer *layer, es_nn_cursor *at, uint32_t groups,
                const int8_t *x, const int8_t *h, int16_t *c, int8_t *out, es_nn_scratch *scratch, es_work *work) {
    const es_matrix *input = &layer->input, *recurrent = &layer->recurrent;
    uint32_t row = 8 * at->group, unit = 2 * at->group;
    uint32_t blocks = blocks_of(input, at->group, groups), others = blocks_of(recurrent, at->group, groups);
    kernels->product(input, at->group, groups, at->block, x, scratch->a);
    kernels->product(recurrent, at->group, groups, at->other, h, scratch->b);
    es_sums a = {scratch->a, input->multipliers + row, input->shift};
    es_sums b = {scratch->b, recurrent->multipliers + row, recurrent->shift};
    kernels->requantize(scratch->z, 8 * groups, &a, &b, layer->bias + row);
    gates(scratch->z, 2 * groups, layer->output_scale, c + unit, out + unit);
    es_work_add(work, (uint64_t)(blocks + others) * 32,
                bytes_of(blocks, groups) + bytes_of(others, groups) + 16 * groups,
                (uint64_t)groups * LSTM_GROUP + (uint64_t)(blocks + others) * ES_COST_BLOCK);
    at->group += groups;
    at->block += blocks;
    at->other += others;
}

void es_nn_tanh8(const int16_t *a, const int16_t *b, uint32_t count, uint32_t k, uint32_t vectors, int8_t *out,
                 es_work *work) {
    for (uint32_t i = 0; i < count; i++) {
        int16_t z = b == NULL ? a[i] : es_sat16((int32_t)a[i] + b[i]);
        out[es_nn_interleave(i, k, vectors)] = es_sat8((es_look_up(es_tanh_q15, z) * 127 + (1 << 14)) >> 15);
    }
    es_work_add(work, 0, 0, (uint64_t)count * ES_COST_TANH8);
}
