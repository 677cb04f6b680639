/* Fixed-point logarithms against the real ones, and the exactness that the search relies on. */
#include <math.h>

#include "../../native/decoder/fixed_log.h"
#include "check.h"

static void exp_is_within_a_millionth(void) {
    for (int32_t d = 0; d < ES_NEVER_Q10; d++)
        CHECK(fabs(es_exp_q30(d) / 1073741824.0 - exp(-d / 1024.0)) < 1e-8);
    CHECK_EQ(es_exp_q30(0), ES_ONE_Q30);
    CHECK_EQ(es_exp_q30(ES_NEVER_Q10), 0);
    CHECK_EQ(es_exp_q30(INT32_MAX), 0);
}

static void ln_is_within_one_step(void) {
    for (int i = 0; i < 200000; i++) {
        uint64_t x = (check_random64() >> check_random(2, 62)) | 1;
        double real = 1024 * log((double)x / 1073741824.0);
        if (!CHECK(fabs(es_ln_q10(x) - real) < 0.6))
            return;
    }
    CHECK_EQ(es_ln_q10(ES_ONE_Q30), 0);
    CHECK_EQ(es_ln_q10(1), -21293); /* -20.794 nats */
}

static void log_add_is_within_one_step_and_commutes(void) {
    for (int i = 0; i < 200000; i++) {
        int32_t a = (int32_t)check_random(-100000, 0), b = a - (int32_t)check_random(0, 9000);
        double real = a + 1024 * log1p(exp((b - a) / 1024.0));
        if (!CHECK(fabs(es_log_add(a, b) - real) < 1.0) || !CHECK_EQ(es_log_add(a, b), es_log_add(b, a)))
            return;
    }
}

static void probabilities_sum_to_one(void) {
    for (int turn = 0; turn < 2000; turn++) {
        int16_t logits[257];
        int32_t penalty = (int32_t)check_random(-32768, 32767);
        double sum = 0;
        uint32_t count = (uint32_t)check_random(1, 257);
        for (uint32_t k = 0; k < count; k++)
            logits[k] = (int16_t)check_random(-32768, 32767);
        int32_t total = es_log_total(logits, count, penalty);
        for (uint32_t k = 0; k < count; k++)
            sum += exp((logits[k] - (k == 0 ? penalty : 0) - total) / 1024.0);
        if (!CHECK(fabs(sum - 1) < 0.001))
            return;
    }
}

/* From the Python twin: python3 -c "from earshot_training.log_tables import *; print(log_softmax([500, -300, 0, 900,
 * 899], 64))" */
static void the_python_twin_gives_the_same_numbers(void) {
    static const int16_t logits[5] = {500, -300, 0, 900, 899};
    static const int32_t expected[5] = {-1705, -2441, -2141, -1241, -1242};
    int32_t total = es_log_total(logits, 5, 64);
    for (int k = 0; k < 5; k++)
        CHECK_EQ(logits[k] - (k == 0 ? 64 : 0) - total, expected[k]);
}

int main(void) {
    RUN(exp_is_within_a_millionth);
    RUN(ln_is_within_one_step);
    RUN(log_add_is_within_one_step_and_commutes);
    RUN(probabilities_sum_to_one);
    RUN(the_python_twin_gives_the_same_numbers);
    DONE();
}
