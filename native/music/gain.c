#include "cost.h"
#include "earshot/music.h"

_Static_assert((-3 >> 1) == -2, "right shift of a negative number must be arithmetic");

void es_gain_set(es_gain *gain, int32_t q15, uint32_t fade_frames) {
    int32_t distance;
    int32_t fade = fade_frames > 0x3fffffff ? 0x3fffffff : (int32_t)fade_frames;
    gain->target = (q15 < 0 ? 0 : q15 > 65536 ? 65536 : q15) << 8;
    distance = gain->target - gain->now;
    if (fade == 0 || distance == 0) {
        gain->now = gain->target;
        gain->step = 0;
        return;
    }
    /* Away from zero, so that the fade never lasts longer than was asked for. */
    gain->step = distance > 0 ? (distance - 1) / fade + 1 : (distance + 1) / fade - 1;
}

static void advance(es_gain *gain) {
    int32_t next = gain->now + gain->step;
    bool reached = gain->step > 0 ? next >= gain->target : next <= gain->target;
    gain->now = reached ? gain->target : next;
    if (reached) {
        gain->step = 0;
    }
}

/* 32 bits hold it all: |in * q15| is at most 2^31, reached only at -2^31, and the rounding term then moves it back. */
static int16_t add(int16_t out, int16_t in, int32_t q15) {
    int32_t sum = out + ((in * q15 + 16384) >> 15);
    return (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
}

void es_mix(int16_t *out, const int16_t *in, int frames, es_gain *gain, es_work *work) {
    for (int k = 0; k < frames; k++) {
        int32_t q15;
        if (gain->step != 0) {
            advance(gain);
        }
        q15 = gain->now >> 8;
        out[2 * k] = add(out[2 * k], in[2 * k], q15);
        out[2 * k + 1] = add(out[2 * k + 1], in[2 * k + 1], q15);
    }
    work->instructions += (uint64_t)frames * ES_COST_MIX_FRAME;
}
