/* The echo canceller in the simulated room: how much is left, who speaks over it, what passes untouched. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../host-sim/room/room.h"
#include "../../native/echo/reference.h"
#include "check.h"
#include "echo_bits.h"

#define SECOND 100 /* ticks */
#define MOST (20 * SECOND)

static struct {
    es_arena arena;
    es_echo *echo;
    es_room *room;
    es_work work;
    int ticks;
    int32_t low; /* of the music */
    int16_t played[2 * ES_ECHO_PLAYED_BLOCK];
    int16_t said[MOST * ES_ECHO_BLOCK], heard[MOST * ES_ECHO_BLOCK], clean[MOST * ES_ECHO_BLOCK];
} b;

static void close_bench(void) {
    es_room_delete(b.room);
    free(b.arena.base);
    memset(&b, 0, sizeof b);
}

static void open_bench(double rt60, double db) {
    const es_echo_config config = {.delay = 128};
    size_t bytes = es_echo_bytes(&config);
    close_bench();
    es_arena_init(&b.arena, aligned_alloc(16, bytes), bytes);
    CHECK_EQ(es_echo_init(&b.echo, &b.arena, &config), ES_OK);
    CHECK_EQ(b.arena.used, b.arena.size);
    b.room = es_room_new(rt60, db);
}

static uint32_t seeds[2];
static int noise(int which, int peak) {
    seeds[which] = seeds[which] * 1664525u + 1013904223u;
    return (int)((int64_t)(int32_t)seeds[which] * peak >> 31);
}

/* Something like music: noise that falls by 6 dB an octave, louder and softer three times a second. */
static int music(int peak) {
    int swell = 50 + 50 * ((b.ticks / 16) % 2);
    b.low += (noise(0, peak) - b.low) / 4;
    return peak ? b.low * swell / 100 : 0;
}

/* Ticks of music at `peak` in the room, while somebody says noise of `voice`. */
static void run(int ticks, int peak, int voice) {
    for (; ticks > 0 && b.ticks < MOST; ticks--, b.ticks++) {
        int at = b.ticks * ES_ECHO_BLOCK;
        int64_t end = (int64_t)at + ES_ECHO_BLOCK;
        for (int k = 0; k < ES_ECHO_BLOCK; k++) {
            b.said[at + k] = (int16_t)noise(1, voice);
        }
        es_room_hear(b.room, b.played, b.said + at, b.heard + at); /* what was played in the tick before */
        for (int k = 0; k < ES_ECHO_PLAYED_BLOCK; k++) {
            b.played[2 * k] = (int16_t)music(peak);
            b.played[2 * k + 1] = (int16_t)music(peak);
        }
        es_echo_played(b.echo, end, b.played, &b.work);
        es_echo_hear(b.echo, end, b.heard + at, b.clean + at, &b.work);
    }
}

/* Energy of what is left beside what was said, in a stretch, dB. The canceller takes what lies below some 50 Hz out of
 * all that it hears (mdf.c, filter_dc_notch16): so does this to what was said, else that would count as echo. */
static double left(double from, double to) {
    const double r = 0.982, den2 = r * r + 0.7 * (1 - r) * (1 - r);
    double sum = 1e-3, memory[2] = {0, 0};
    for (int k = 0; k < (int)(to * 16000); k++) {
        double out = memory[0] + b.said[k];
        memory[0] = memory[1] + 2 * (r * out - b.said[k]);
        memory[1] = b.said[k] - den2 * out;
        double rest = b.clean[k] - r * out;
        sum += k < (int)(from * 16000) ? 0 : rest * rest;
    }
    return 10 * log10(sum);
}

static double removed(double from, double to) {
    double echo = 1e-3;
    for (int k = (int)(from * 16000); k < (int)(to * 16000); k++) {
        double rest = b.heard[k] - b.said[k];
        echo += rest * rest;
    }
    return 10 * log10(echo) - left(from, to);
}

static void an_echo_is_20_db_less_after_4_seconds(void) {
    static const double levels[] = {-10, 0};
    for (int k = 0; k < 2; k++) {
        open_bench(0.2, levels[k]);
        run(10 * SECOND, 12000, 0);
        printf("   room 0.2 s, %g dB: %.1f dB less in the 2nd second, %.1f in the 5th, %.1f in the 10th\n", levels[k],
               removed(1, 2), removed(4, 5), removed(9, 10));
        CHECK(removed(4, 5) >= 20);
        CHECK(removed(9, 10) >= 20);
    }
}

static void a_longer_room_leaves_more(void) {
    open_bench(0.5, -10);
    run(10 * SECOND, 12000, 0);
    printf("   room 0.5 s: %.1f dB less in the 10th second\n", removed(9, 10));
    CHECK(removed(9, 10) >= 10);
}

static void who_speaks_over_the_music_is_heard_and_spoils_nothing(void) {
    open_bench(0.2, -10);
    run(6 * SECOND, 12000, 0);
    run(3 * SECOND, 12000, 4000); /* as loud as the echo and more */
    run(3 * SECOND, 12000, 0);
    printf("   before %.1f dB less, while spoken over %.1f, right after %.1f\n", removed(5, 6), removed(6.5, 9),
           removed(9, 10));
    CHECK(removed(6.5, 9) >= 12);
    CHECK(removed(9, 10) >= 15);
}

static void what_is_heard_passes_untouched_while_nothing_plays(void) {
    open_bench(0.2, -10);
    run(2 * SECOND, 0, 20000);
    CHECK(memcmp(b.heard, b.clean, 2 * SECOND * ES_ECHO_BLOCK * 2) == 0);
    CHECK(!es_echo_active(b.echo));
    run(SECOND, 8000, 3000);
    CHECK(es_echo_active(b.echo));
    run(3 * SECOND, 0, 3000);
    CHECK(!es_echo_active(b.echo));
    CHECK(memcmp(b.heard + 4 * 16000, b.clean + 4 * 16000, 2 * 16000 * 2) == 0);
}

static void waking_and_falling_asleep_make_no_step(void) {
    open_bench(0.2, -60); /* nothing of the speaker arrives */
    run(SECOND, 0, 0);
    run(SECOND, 8000, 0);
    run(SECOND, 0, 0);
    for (int k = 0; k < 3 * 16000; k++) {
        CHECK(abs(b.clean[k]) < 60);
    }
}

static void a_reset_forgets(void) {
    static int16_t before[2 * SECOND * ES_ECHO_BLOCK];
    open_bench(0.2, -10);
    for (int turn = 0; turn < 2; turn++) {
        seeds[0] = seeds[1] = 7;
        b.ticks = b.low = 0;
        memset(b.played, 0, sizeof b.played);
        es_room_delete(b.room);
        b.room = es_room_new(0.2, -10);
        es_echo_reset(b.echo);
        run(2 * SECOND, 12000, 500);
        if (turn == 0) {
            memcpy(before, b.clean, sizeof before);
        }
    }
    CHECK(memcmp(before, b.clean, sizeof before) == 0);
}

static void every_board_has_the_same_bits(void) {
    open_bench(0, 0);
    uint32_t crc = echo_bits(b.echo, &b.work);
    printf("   checksum %08x\n", (unsigned)crc);
    CHECK_EQ(crc, ECHO_BITS);
}

static double bessel(double x) {
    double sum = 1, part = 1;
    for (int k = 1; part > 1e-14 * sum; k++) {
        part *= (x / 2 / k) * (x / 2 / k);
        sum += part;
    }
    return sum;
}

/* The table of reference.c by its formula, heard as an impulse of the left channel. */
static void the_reference_is_low_passed_as_stated(void) {
    enum { TAPS = ES_REFERENCE_TAPS };
    static es_reference reference;
    static const double pi = 3.14159265358979323846;
    double h[TAPS], sum = 0;
    for (int k = 0; k < TAPS; k++) {
        double x = k - (TAPS - 1) / 2.0, at = 2.0 * k / (TAPS - 1) - 1;
        h[k] = sin(2 * pi * 7500 / 48000 * x) / (pi * x) * bessel(6 * sqrt(1 - at * at)) / bessel(6);
        sum += h[k];
    }
    for (int phase = 0; phase < 3; phase++) {
        int16_t played[2 * ES_ECHO_PLAYED_BLOCK] = {0}, got[ES_ECHO_BLOCK];
        es_work work = {0, 0, 0};
        played[2 * (2 - phase)] = played[2 * (2 - phase) + 1] = 16384;
        es_reference_clear(&reference);
        es_reference_push(&reference, ES_ECHO_BLOCK, played, &work);
        es_reference_read(&reference, 0, got);
        for (int k = 0; k < ES_ECHO_BLOCK; k++) {
            int tap = 3 * k + phase;
            CHECK(fabs(got[k] - (tap < TAPS ? 16384 * h[tap] / sum : 0)) <= 1);
        }
    }
}

static void bounds_are_checked(void) {
    es_echo *echo;
    es_echo_config config = {.delay = ES_ECHO_LONGEST_DELAY + 1};
    CHECK_EQ(es_echo_bytes(&config), 0);
    CHECK_EQ(es_echo_init(&echo, &b.arena, &config), ES_E_ARGUMENT);
    config = (es_echo_config){.tail = 5000};
    CHECK_EQ(es_echo_init(&echo, &b.arena, &config), ES_E_ARGUMENT);
    for (uint16_t tail = 320; tail <= 4096; tail = (uint16_t)(tail + 236)) { /* the memory is enough for every length */
        config = (es_echo_config){.tail = tail};
        size_t bytes = es_echo_bytes(&config);
        es_arena arena;
        es_arena_init(&arena, aligned_alloc(16, bytes), bytes);
        CHECK_EQ(es_echo_init(&echo, &arena, &config), ES_OK);
        free(arena.base);
    }
    config = (es_echo_config){0};
    printf("   %zu bytes\n", es_echo_bytes(&config));
}

int main(void) {
    RUN(an_echo_is_20_db_less_after_4_seconds);
    RUN(a_longer_room_leaves_more);
    RUN(who_speaks_over_the_music_is_heard_and_spoils_nothing);
    RUN(what_is_heard_passes_untouched_while_nothing_plays);
    RUN(waking_and_falling_asleep_make_no_step);
    RUN(a_reset_forgets);
    RUN(every_board_has_the_same_bits);
    RUN(the_reference_is_low_passed_as_stated);
    RUN(bounds_are_checked);
    close_bench();
    DONE();
}
