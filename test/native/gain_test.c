/* Gain, fades and the mixer. */
#include <string.h>

#include "check.h"
#include "earshot/music.h"

#define FRAMES 480

static int16_t out[2 * FRAMES], in[2 * FRAMES];
static es_work work;

static void fill(int16_t *at, int value) {
    for (int k = 0; k < 2 * FRAMES; k++) {
        at[k] = (int16_t)value;
    }
}

static void full_volume_is_exact(void) {
    es_gain gain = {0, 0, 0};
    es_gain_set(&gain, 32768, 0);
    memset(out, 0, sizeof out);
    for (int k = 0; k < 2 * FRAMES; k++) {
        in[k] = (int16_t)(k * 137 - 32768);
    }
    es_mix(out, in, FRAMES, &gain, &work);
    CHECK(memcmp(out, in, sizeof in) == 0);
}

/* A plain cast would flip the sign: the loudest prompt over the loudest music must clip. */
static void a_prompt_over_music_at_full_volume_saturates(void) {
    es_gain gain = {0, 0, 0};
    es_gain_set(&gain, 32768, 0);
    for (int sign = -1; sign <= 1; sign += 2) {
        memset(out, 0, sizeof out);
        fill(in, sign * 30000);
        es_mix(out, in, FRAMES, &gain, &work);
        es_mix(out, in, FRAMES, &gain, &work);
        for (int k = 0; k < 2 * FRAMES; k++) {
            CHECK_EQ(out[k], sign > 0 ? 32767 : -32768);
        }
    }
}

static void twice_the_volume_saturates_at_both_ends(void) {
    es_gain gain = {0, 0, 0};
    es_gain_set(&gain, 1 << 20, 0); /* above the bound: taken as 2.0 */
    in[0] = -32768;
    in[1] = 32767;
    memset(out, 0, sizeof out);
    es_mix(out, in, 1, &gain, &work);
    CHECK_EQ(out[0], -32768);
    CHECK_EQ(out[1], 32767);
    out[0] = 32767;
    out[1] = -32768;
    es_mix(out, in, 1, &gain, &work);
    CHECK_EQ(out[0], -32768); /* 32767 - 65536 */
    CHECK_EQ(out[1], 32766);  /* -32768 + 65534 */
}

static void a_fade_ends_at_its_target_in_time(void) {
    static const int32_t from[] = {0, 32768, 5, 20000}, to[] = {32768, 0, 6, 3000};
    static const uint32_t frames[] = {1, 7, 240, 14400};
    for (int row = 0; row < 4; row++) {
        for (int f = 0; f < 4; f++) {
            es_gain gain = {0, 0, 0};
            int32_t before;
            es_gain_set(&gain, from[row], 0);
            es_gain_set(&gain, to[row], frames[f]);
            before = gain.now;
            for (uint32_t k = 0; k < frames[f]; k++) {
                es_mix(out, in, 1, &gain, &work);
                CHECK(to[row] > from[row] ? gain.now >= before : gain.now <= before);
                before = gain.now;
            }
            CHECK_EQ(gain.now, to[row] << 8);
            CHECK_EQ(gain.step, 0);
        }
    }
}

static void a_fade_does_not_depend_on_how_it_is_cut(void) {
    static int16_t other[2 * FRAMES];
    es_gain a = {0, 0, 0}, b = {0, 0, 0};
    for (int k = 0; k < 2 * FRAMES; k++) {
        in[k] = (int16_t)(k * 531);
    }
    memset(out, 0, sizeof out);
    memset(other, 0, sizeof other);
    es_gain_set(&a, 30000, 333);
    es_gain_set(&b, 30000, 333);
    es_mix(out, in, FRAMES, &a, &work);
    for (int at = 0, n = 1; at < FRAMES; at += n, n = (n * 3) % 17 + 1) {
        n = n > FRAMES - at ? FRAMES - at : n;
        es_mix(other + 2 * at, in + 2 * at, n, &b, &work);
    }
    CHECK(memcmp(out, other, sizeof out) == 0);
}

int main(void) {
    RUN(full_volume_is_exact);
    RUN(a_prompt_over_music_at_full_volume_saturates);
    RUN(twice_the_volume_saturates_at_both_ends);
    RUN(a_fade_ends_at_its_target_in_time);
    RUN(a_fade_does_not_depend_on_how_it_is_cut);
    DONE();
}
