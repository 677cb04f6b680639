/* The fixed-point front end against its float formula, and on sounds that break integer code. */
#include <string.h>

#include "../../native/features/tables.h"
#include "check.h"
#include "earshot/features.h"
#include "features_golden.h"

static _Alignas(16) uint8_t memory[8192];
static es_features *features;
static es_work work;
static int16_t sound[GOLDEN_HOPS * ES_FEATURE_HOP];
static int8_t frame[ES_FEATURE_BINS];

static void start(void) {
    es_arena arena;
    es_arena_init(&arena, memory, sizeof memory);
    CHECK_EQ(es_features_init(&features, &arena), ES_OK);
    CHECK_EQ(arena.used, es_features_bytes());
}

/* The sounds of models/training/earshot_training/features_golden.py, made by the same integer arithmetic. */
static void make_sweep(int amplitude) {
    uint32_t phase = 0, step = 8053064;
    for (size_t n = 0; n < GOLDEN_HOPS * ES_FEATURE_HOP; n++) {
        sound[n] = (int16_t)(((int64_t)amplitude * es_sine_q31[phase >> 23]) >> 31);
        phase += step;
        step += 220000;
    }
}

static void make_noise(int shift, int offset) {
    uint32_t state = 12345;
    for (size_t n = 0; n < GOLDEN_HOPS * ES_FEATURE_HOP; n++) {
        state = state * 1664525u + 1013904223u;
        sound[n] = (int16_t)(offset + (((int32_t)(state >> 16) - 32768) >> shift));
    }
}

static void make_square(void) {
    for (size_t n = 0; n < GOLDEN_HOPS * ES_FEATURE_HOP; n++)
        sound[n] = n / 160 % 2 ? 32767 : -32768;
}

/* Largest distance in 1/64 steps from the float values that lie above `floor` steps. */
static int distance(const int16_t golden[], int floor) {
    int largest = 0, seen = 0;
    start();
    for (int hop = 0; hop < GOLDEN_HOPS; hop++) {
        bool full = es_features_push(features, sound + hop * ES_FEATURE_HOP, frame, &work);
        CHECK_EQ(full, hop >= 2);
        if (!full || (hop - 2) % GOLDEN_EVERY != 0)
            continue;
        for (int m = 0; m < ES_FEATURE_BINS; m++) {
            int exact = golden[seen * ES_FEATURE_BINS + m], away = frame[m] * 64 - exact;
            away = away < 0 ? -away : away;
            if (exact > floor * 64 && away > largest)
                largest = away;
        }
        seen++;
    }
    CHECK_EQ(seen, GOLDEN_FRAMES);
    return largest;
}

/* Rounding alone gives 32. */
static void agrees_with_float_arithmetic(void) {
    make_sweep(30000);
    CHECK(distance(golden_sweep_loud, -60) <= 36);
    CHECK(distance(golden_sweep_loud, -126) <= 192);
    make_sweep(300);
    CHECK(distance(golden_sweep_soft, -60) <= 40);
    CHECK(distance(golden_sweep_soft, -126) <= 192);
    make_noise(2, 0);
    CHECK(distance(golden_noise_loud, -127) <= 34);
    make_noise(11, 0);
    CHECK(distance(golden_noise_soft, -60) <= 40);
    CHECK(distance(golden_noise_soft, -126) <= 128);
    make_noise(7, 20000);
    CHECK(distance(golden_noise_offset, -60) <= 34);
    make_square();
    CHECK(distance(golden_square, -127) <= 34);
}

/* One hop of a constant; returns whether it gave a frame. */
static bool push_constant(int value) {
    int16_t hop[ES_FEATURE_HOP];
    for (int n = 0; n < ES_FEATURE_HOP; n++)
        hop[n] = (int16_t)value;
    return es_features_push(features, hop, frame, &work);
}

static void silence_gives_the_floor(void) {
    start();
    for (int hop = 0; hop < 10; hop++) {
        if (push_constant(0)) {
            for (int m = 0; m < ES_FEATURE_BINS; m++)
                CHECK(frame[m] <= -116);
        }
    }
}

/* A microphone's offset may appear at any time; half a second later the frames are those of silence. */
static void an_offset_is_gone_within_half_a_second(void) {
    static const int offsets[] = {32767, -32768, 20000, -3, 1, 300};
    for (size_t k = 0; k < sizeof offsets / sizeof offsets[0]; k++) {
        start();
        for (int hop = 0; hop < 5; hop++)
            push_constant(k % 2 ? 32767 : -32768);
        for (int hop = 0; hop < 50; hop++)
            push_constant(offsets[k]);
        push_constant(offsets[k]);
        for (int m = 0; m < ES_FEATURE_BINS; m++)
            CHECK(frame[m] <= -100);
    }
}

/* The first sample is taken as the offset: no step is heard at the start. */
static void an_offset_from_the_first_sample_is_never_heard(void) {
    start();
    for (int hop = 0; hop < 5; hop++) {
        if (push_constant(-32768)) {
            for (int m = 0; m < ES_FEATURE_BINS; m++)
                CHECK(frame[m] <= -116);
        }
    }
}

/* The worst that 16 bits can hold: every sum stays inside its type (the sanitizers watch). */
static void full_scale_never_wraps(void) {
    for (int period = 1; period <= 320; period += 7) {
        start();
        int16_t hop[ES_FEATURE_HOP];
        int loudest = -127;
        for (int at = 0; at < 20; at++) {
            for (int n = 0; n < ES_FEATURE_HOP; n++)
                hop[n] = (at * ES_FEATURE_HOP + n) / period % 2 ? 32767 : -32768;
            if (es_features_push(features, hop, frame, &work)) {
                for (int m = 0; m < ES_FEATURE_BINS; m++)
                    loudest = frame[m] > loudest ? frame[m] : loudest;
            }
        }
        CHECK(loudest >= (period == 1 ? 60 : 100)); /* period 1 is 8 kHz, above the last filter */
    }
}

static void a_reset_forgets_the_sound_before(void) {
    int8_t first[ES_FEATURE_BINS];
    make_noise(3, 0);
    start();
    for (int hop = 0; hop < 3; hop++)
        es_features_push(features, sound + hop * ES_FEATURE_HOP, first, &work);
    make_square();
    for (int hop = 0; hop < 7; hop++)
        es_features_push(features, sound + hop * ES_FEATURE_HOP, frame, &work);
    es_features_reset(features);
    make_noise(3, 0);
    for (int hop = 0; hop < 3; hop++)
        CHECK_EQ(es_features_push(features, sound + hop * ES_FEATURE_HOP, frame, &work), hop == 2);
    CHECK(memcmp(first, frame, sizeof first) == 0);
}

static void counts_its_work(void) {
    es_work counted = {0};
    start();
    make_noise(3, 0);
    es_features_push(features, sound, frame, &counted);
    uint64_t hop = counted.instructions;
    CHECK(hop > 1000);
    es_features_push(features, sound, frame, &counted);
    es_features_push(features, sound, frame, &counted);
    CHECK(counted.instructions > 3 * hop + 30000);
    CHECK_EQ(counted.macs, 0); /* those of the network alone */
}

static void a_small_arena_is_refused(void) {
    es_arena arena;
    es_arena_init(&arena, memory, es_features_bytes() - 16);
    CHECK_EQ(es_features_init(&features, &arena), ES_E_MEMORY);
}

int main(void) {
    RUN(agrees_with_float_arithmetic);
    RUN(silence_gives_the_floor);
    RUN(an_offset_is_gone_within_half_a_second);
    RUN(an_offset_from_the_first_sample_is_never_heard);
    RUN(full_scale_never_wraps);
    RUN(a_reset_forgets_the_sound_before);
    RUN(counts_its_work);
    RUN(a_small_arena_is_refused);
    DONE();
}
