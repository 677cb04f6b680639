/* Every table of kernels gives the bits of the plain one, and the plain one those of the formula. */
#include "../../native/nn/nn.h"
#include "check.h"
#include "matrices.h"

#define MAX_ROWS 4096
#define MAX_COLS 1024

static int8_t x[MAX_COLS];
static int32_t expected[MAX_ROWS], found[MAX_ROWS];

static int8_t several[ES_KERNEL_VECTORS * MAX_COLS]; /* interleaved */
static int32_t each[ES_KERNEL_VECTORS * MAX_ROWS], together[ES_KERNEL_VECTORS * MAX_ROWS];

static void fill_input(int extreme) {
    for (int i = 0; i < MAX_COLS; i++)
        x[i] = (int8_t)(extreme != 0 ? extreme : check_random(-127, 127));
}

/* The definition: a dense sum, block by block. */
static void formula(const es_matrix *m, int32_t *sums) {
    uint32_t block = 0;
    memset(sums, 0, m->rows * sizeof *sums);
    for (uint32_t g = 0; g < m->rows / 8u; g++)
        for (uint32_t k = 0; k < m->counts[g]; k++, block++)
            for (uint32_t r = 0; r < 8; r++)
                for (uint32_t c = 0; c < 4; c++)
                    sums[8 * g + r] += m->blocks[32 * (size_t)block + 4 * r + c] * x[4 * m->columns[block] + c];
}

static void compare_products(const es_matrix *m) {
    formula(m, expected);
    for (unsigned i = 0; es_kernels_at(i) != NULL; i++) {
        const es_kernels *kernels = es_kernels_at(i);
        memset(found, 0x55, sizeof found);
        uint32_t block = 0;
        for (uint32_t g = 0; g < m->rows / 8u;) { /* in ranges of every size */
            uint32_t count = (uint32_t)check_random(1, 20), left = m->rows / 8u - g;
            count = count < left ? count : left;
            kernels->product(m, g, count, block, x, found + 8 * g);
            for (uint32_t end = g + count; g < end; g++)
                block += m->counts[g];
        }
        if (!CHECK(memcmp(expected, found, m->rows * sizeof *found) == 0))
            printf("    kernels %s, %u x %u, %u blocks\n", kernels->name, m->rows, m->cols, m->block_count);
    }
}

/* One pass for several vectors gives each the bits of a pass of its own. `extreme`: as of fill_input. */
static void compare_several(const es_matrix *m, int extreme) {
    for (uint32_t count = 2; count <= ES_KERNEL_VECTORS; count++) {
        for (uint32_t k = 0; k < count; k++) {
            fill_input(extreme);
            for (uint32_t i = 0; i < m->cols; i++)
                several[es_nn_interleave(i, k, count)] = x[i];
            formula(m, each + (size_t)k * m->rows);
        }
        for (unsigned i = 0; es_kernels_at(i) != NULL; i++) {
            uint32_t block = 0;
            memset(together, 0x55, sizeof together);
            for (uint32_t g = 0; g < m->rows / 8u;) {
                int32_t part[ES_KERNEL_VECTORS * 8 * 20];
                uint32_t groups = (uint32_t)check_random(1, 20), left = m->rows / 8u - g;
                groups = groups < left ? groups : left;
                es_kernels_at(i)->products(m, g, groups, block, several, count, part);
                for (uint32_t k = 0; k < count; k++)
                    memcpy(together + (size_t)k * m->rows + 8 * g, part + 8 * groups * k, 8 * groups * sizeof *part);
                for (uint32_t end = g + groups; g < end; g++)
                    block += m->counts[g];
            }
            if (!CHECK(memcmp(each, together, count * m->rows * sizeof *each) == 0))
                printf("    kernels %s, %u x %u, %u vectors\n", es_kernels_at(i)->name, m->rows, m->cols, count);
        }
    }
}

static void products_agree_on_random_matrices(void) {
    static const uint32_t shapes[][2] = {{8, 4}, {8, 1024}, {16, 8}, {1280, 240}, {1280, 320}, {256, 320}, {264, 256}};
    for (unsigned s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        for (unsigned percent = 0; percent <= 100; percent += 10) {
            es_matrix m = matrix_random(shapes[s][0], shapes[s][1], percent, 0, check_random64());
            fill_input(0);
            compare_products(&m);
            compare_several(&m, 0);
            matrix_free(&m);
        }
    }
}

static void products_agree_at_the_limits(void) {
    for (int w = -127; w <= 127; w += 254) {
        for (int v = -127; v <= 127; v += 127) {
            es_matrix m = matrix_random(64, MAX_COLS, 100, w, 1);
            fill_input(v == 0 ? 1 : v);
            compare_products(&m);
            compare_several(&m, v == 0 ? 1 : v);
            matrix_free(&m);
        }
    }
    memset(x, 0, sizeof x);
    es_matrix m = matrix_random(64, 64, 100, 0, 2);
    compare_products(&m);
    matrix_free(&m);
}

static void compare_requantize(const es_sums *a, const es_sums *b, const int16_t *bias, uint32_t rows) {
    int16_t z[64], other[64];
    for (uint32_t r = 0; r < rows; r++) {
        __int128 sum = ((__int128)a->sums[r] * a->multipliers[r] + ((__int128)1 << (a->shift - 1))) >> a->shift;
        if (b != NULL)
            sum += ((__int128)b->sums[r] * b->multipliers[r] + ((__int128)1 << (b->shift - 1))) >> b->shift;
        sum += bias == NULL ? 0 : bias[r];
        z[r] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
    for (unsigned i = 0; es_kernels_at(i) != NULL; i++) {
        es_kernels_at(i)->requantize(other, rows, a, b, bias);
        if (!CHECK(memcmp(z, other, rows * sizeof z[0]) == 0))
            printf("    kernels %s, shifts %d %d\n", es_kernels_at(i)->name, a->shift, b == NULL ? 0 : b->shift);
    }
}

static int32_t any_sum(int kind) {
    const int32_t top = 1024 * 127 * 127;
    return kind == 0   ? top
           : kind == 1 ? -top
           : kind == 2 ? (int32_t)check_random(-3, 3)
                       : (int32_t)check_random(-top, top);
}

static void requantization_agrees_for_every_shift(void) {
    int32_t sums[2][64], multipliers[2][64];
    int16_t bias[64];
    for (int shift = 1; shift <= 62; shift++) {
        for (int turn = 0; turn < 60; turn++) {
            uint32_t rows = 8 * (uint32_t)check_random(1, 8);
            for (uint32_t r = 0; r < rows; r++) {
                for (int side = 0; side < 2; side++) {
                    sums[side][r] = any_sum((int)check_random(0, 5));
                    /* of every size, so that each shift meets results that fit and results that do not */
                    multipliers[side][r] = (int32_t)(check_random64() & INT32_MAX) >> check_random(0, 31);
                }
                bias[r] = (int16_t)check_random(-32768, 32767);
            }
            es_sums a = {sums[0], multipliers[0], shift};
            es_sums b = {sums[1], multipliers[1], (int)check_random(1, 62)};
            compare_requantize(&a, turn % 3 == 0 ? NULL : &b, turn % 5 == 0 ? NULL : bias, rows);
        }
    }
}

static void tables_are_monotone_and_odd(void) {
    for (int z = -32768; z < 32767; z++) {
        CHECK(es_look_up(es_sigmoid_q15, (int16_t)z) <= es_look_up(es_sigmoid_q15, (int16_t)(z + 1)));
        CHECK(es_look_up(es_tanh_q15, (int16_t)z) <= es_look_up(es_tanh_q15, (int16_t)(z + 1)));
    }
    for (int k = 0; k <= 256; k++)
        CHECK_EQ(es_tanh_q15[k], -es_tanh_q15[256 - k]);
    CHECK_EQ(es_look_up(es_tanh_q15, 0), 0);
    CHECK_EQ(es_look_up(es_sigmoid_q15, 0), 16384);
    CHECK_EQ(es_look_up(es_tanh_q15, 32767), 32767);
}

/* Logits of three vectors in one pass: those of a pass for each, with the weights counted once. */
static void a_pass_for_several_vectors_counts_its_weights_once(void) {
    es_matrix m = matrix_random(264, 256, 100, 0, 7);
    int16_t bias[264], one[3][264], all[3 * 264];
    es_nn_scratch scratch;
    es_work single = {0}, batch = {0};
    for (int i = 0; i < 264; i++)
        bias[i] = (int16_t)check_random(-9000, 9000);
    for (uint32_t k = 0; k < 3; k++) {
        es_nn_cursor at = {0};
        fill_input(0);
        for (uint32_t i = 0; i < m.cols; i++)
            several[es_nn_interleave(i, k, 3)] = x[i];
        single = (es_work){0};
        while (at.group < 33)
            es_nn_linear(es_kernels_at(0), &m, &at, 3, x, 1, bias, one[k], &scratch, &single);
    }
    es_nn_cursor at = {0};
    while (at.group < 33)
        es_nn_linear(es_kernels_at(0), &m, &at, 3, several, 3, bias, all, &scratch, &batch);
    CHECK(memcmp(one, all, sizeof one) == 0);
    CHECK_EQ(batch.macs, 3 * single.macs);
    CHECK_EQ(batch.weight_bytes, single.weight_bytes + 2 * 33 * (8 * 4 + 16)); /* multipliers and bias each time */
    CHECK(batch.instructions < 3 * single.instructions);
    matrix_free(&m);
}

#define UNITS 48

static void an_lstm_step_does_not_depend_on_how_it_is_cut(void) {
    es_matrix input = matrix_random(4 * UNITS, 240, 50, 0, 5), recurrent = matrix_random(4 * UNITS, UNITS, 50, 0, 6);
    int16_t bias[4 * UNITS], c[2][UNITS];
    int8_t h[UNITS], out[2][UNITS];
    es_nn_scratch scratch;
    fill_input(0);
    for (int i = 0; i < 4 * UNITS; i++)
        bias[i] = (int16_t)check_random(-9000, 9000);
    for (int i = 0; i < UNITS; i++) {
        c[0][i] = c[1][i] = (int16_t)check_random(-32768, 32767);
        h[i] = (int8_t)check_random(-127, 127);
    }
    es_lstm_layer layer = {input, recurrent, bias, UNITS, 200};
    es_nn_cursor whole = {0}, part = {0};
    es_work once = {0}, cut = {0};
    const es_kernels *plain = es_kernels_named("c"), *fast = es_kernels_at(0);
    for (uint32_t left = UNITS / 2; left > 0;) {
        uint32_t groups = left < ES_NN_CHUNK ? left : ES_NN_CHUNK;
        es_nn_lstm(plain, &layer, &whole, groups, x, h, c[0], out[0], &scratch, &once);
        left -= groups;
    }
    for (uint32_t left = UNITS / 2; left > 0;) {
        uint32_t groups = (uint32_t)check_random(1, left < 5 ? left : 5);
        es_nn_lstm(fast, &layer, &part, groups, x, h, c[1], out[1], &scratch, &cut);
        left -= groups;
    }
    CHECK(memcmp(c[0], c[1], sizeof c[0]) == 0);
    CHECK(memcmp(out[0], out[1], sizeof out[0]) == 0);
    CHECK(memcmp(&once, &cut, sizeof once) == 0);
    CHECK_EQ(once.macs, 32 * (uint64_t)(input.block_count + recurrent.block_count));
    CHECK_EQ(whole.block, input.block_count);
    CHECK_EQ(whole.other, recurrent.block_count);
    matrix_free(&input);
    matrix_free(&recurrent);
}

static void names_find_their_kernels(void) {
    CHECK(es_kernels_named("c") != NULL);
    CHECK(es_kernels_named("no such") == NULL);
    for (unsigned i = 0; es_kernels_at(i) != NULL; i++) {
        CHECK(es_kernels_named(es_kernels_at(i)->name) == es_kernels_at(i));
        printf("     kernels here: %s\n", es_kernels_at(i)->name);
    }
}

int main(void) {
    RUN(names_find_their_kernels);
    RUN(products_agree_on_random_matrices);
    RUN(products_agree_at_the_limits);
    RUN(requantization_agrees_for_every_shift);
    RUN(tables_are_monotone_and_odd);
    RUN(a_pass_for_several_vectors_counts_its_weights_once);
    RUN(an_lstm_step_does_not_depend_on_how_it_is_cut);
    DONE();
}
