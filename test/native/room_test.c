/* The simulated room: level, decay, order, limits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../host-sim/room/room.h"
#include "check.h"

#define SECONDS 3
#define TICKS (100 * SECONDS)

static int16_t played[2 * ES_ROOM_PLAYED], heard[TICKS * ES_ROOM_HEARD];

/* White noise, the same at every run. */
static uint32_t seed;
static int noise(int peak) {
    seed = seed * 1664525u + 1013904223u;
    return (int)((int64_t)(int32_t)seed * peak >> 31);
}

/* Plays a burst of `burst` ticks, then silence; the whole of it goes to `heard`. */
static void play(double rt60, double db, int burst, int peak) {
    es_room *room = es_room_new(rt60, db);
    seed = 1;
    for (int tick = 0; tick < TICKS; tick++) {
        int held = 0;
        for (int k = 0; k < ES_ROOM_PLAYED; k++) {
            /* Held for six frames: energy below the low pass, so that the level is that of what is heard. */
            held = tick < burst ? (k % 6 == 0 ? noise(peak) : held) : 0;
            played[2 * k] = played[2 * k + 1] = (int16_t)held;
        }
        es_room_hear(room, played, NULL, heard + tick * ES_ROOM_HEARD);
    }
    es_room_delete(room);
}

static double level(int from, int to) { /* ticks; dB */
    double sum = 1e-9;
    for (int k = from * ES_ROOM_HEARD; k < to * ES_ROOM_HEARD; k++) {
        sum += (double)heard[k] * heard[k];
    }
    return 10 * log10(sum / ((to - from) * ES_ROOM_HEARD));
}

static void level_is_as_ordered(void) {
    static const double levels[] = {-20, -6, 0};
    static const double times[] = {0, 0.2, 0.5};
    for (int l = 0; l < 3; l++) {
        for (int t = 0; t < 3; t++) {
            /* Uniform noise of peak 8000 has 8000 / sqrt(3); what is held for six frames loses 0.9 dB in the pass. */
            double expected = 20 * log10(8000 / sqrt(3)) + levels[l];
            play(times[t], levels[l], TICKS, 8000);
            CHECK(fabs(level(100, TICKS) - expected) < 1.6);
        }
    }
}

static void reverberation_falls_by_60_db_in_its_time(void) {
    static const double times[] = {0.3, 0.6, 1.0};
    for (int t = 0; t < 3; t++) {
        int ticks = (int)(100 * times[t]);
        double fall;
        play(times[t], 20, 50, 3000);
        /* From 50 ms after the end of the burst: half of the time, so 30 dB. */
        fall = level(55, 58) - level(55 + ticks / 2, 58 + ticks / 2);
        CHECK(fabs(fall - 30) < 3);
    }
    play(0, 20, 50, 3000);
    CHECK(level(52, 60) < 0); /* a dead room is silent at once */
}

static void what_is_said_passes_unchanged(void) {
    es_room *room = es_room_new(0.5, 0);
    int16_t said[ES_ROOM_HEARD], out[ES_ROOM_HEARD];
    memset(played, 0, sizeof played);
    for (int k = 0; k < ES_ROOM_HEARD; k++) {
        said[k] = (int16_t)(k * 409 - 32768);
    }
    for (int tick = 0; tick < 20; tick++) {
        es_room_hear(room, played, said, out);
        CHECK(memcmp(said, out, sizeof said) == 0);
    }
    es_room_delete(room);
}

static void the_loudest_sound_saturates(void) {
    es_room *room = es_room_new(5, 40);
    int16_t out[ES_ROOM_HEARD];
    for (int k = 0; k < 2 * ES_ROOM_PLAYED; k++) {
        played[k] = 32767;
    }
    for (int tick = 0; tick < 300; tick++) {
        es_room_hear(room, played, NULL, out);
    }
    CHECK_EQ(out[ES_ROOM_HEARD - 1], 32767);
    es_room_delete(room);
}

static void two_runs_are_equal(void) {
    int16_t *first = malloc(sizeof heard);
    play(0.4, -3, 70, 20000);
    memcpy(first, heard, sizeof heard);
    play(0.4, -3, 70, 20000);
    CHECK(memcmp(first, heard, sizeof heard) == 0);
    free(first);
}

int main(void) {
    RUN(level_is_as_ordered);
    RUN(reverberation_falls_by_60_db_in_its_time);
    RUN(what_is_said_passes_unchanged);
    RUN(the_loudest_sound_saturates);
    RUN(two_runs_are_equal);
    DONE();
}
