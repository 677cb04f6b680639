#include "room.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Low pass before taking every third sample: 72 taps of sinc at 7.2 kHz under a Hann window, Q15. */
#define TAPS 72
#define RATIO 3
#define CUT 0.15 /* of 48 kHz */
/* A feedback network of eight delays (primes, 9 to 30 ms at 16 kHz) and a Hadamard matrix: dense, without a beat. */
#define LINES 8
#define LONGEST 487
static const int delays[LINES] = {149, 211, 263, 293, 337, 389, 433, 487};
/* The microphone sits near the loudspeaker: direct sound 6 dB above the reverberation. */
#define DIRECT_TO_REVERB 3.981
#define FRACTION 12 /* bits below the sample in the network */
#define SAMPLE_RATE 16000

struct es_room {
    int32_t low_pass[TAPS];
    int32_t past[TAPS];     /* mono 48 kHz, newest last */
    int64_t decay[LINES];   /* Q30 a pass */
    int64_t direct, reverb; /* Q20 */
    int at[LINES];
    int32_t line[LINES][LONGEST];
};

static int16_t saturate(int64_t v) { return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v); }

/* One sample through the network; `in` and the result have FRACTION bits. */
static int64_t reverberate(es_room *room, int64_t in) {
    int64_t v[LINES], sum = 0;
    for (int k = 0; k < LINES; k++) {
        v[k] = (room->line[k][room->at[k]] * room->decay[k]) >> 30;
        sum += (k & 1) ? -v[k] : v[k];
    }
    for (int half = 1; half < LINES; half *= 2) { /* Hadamard in three steps of sums and differences */
        for (int k = 0; k < LINES; k++) {
            if ((k & half) == 0) {
                int64_t a = v[k], b = v[k + half];
                v[k] = a + b;
                v[k + half] = a - b;
            }
        }
    }
    for (int k = 0; k < LINES; k++) {
        int64_t next = in + ((v[k] * 759250125) >> 31); /* 2^31 / sqrt(8) */
        room->line[k][room->at[k]] = (int32_t)(next > INT32_MAX ? INT32_MAX : next < INT32_MIN ? INT32_MIN : next);
        room->at[k] = room->at[k] + 1 == delays[k] ? 0 : room->at[k] + 1;
    }
    return sum;
}

static void clear(es_room *room) {
    memset(room->past, 0, sizeof room->past);
    memset(room->at, 0, sizeof room->at);
    memset(room->line, 0, sizeof room->line);
}

static void design_low_pass(es_room *room) {
    const double pi = 3.14159265358979323846;
    for (int k = 0; k < TAPS; k++) {
        double x = k - (TAPS - 1) / 2.0;
        double window = 0.5 - 0.5 * cos(2 * pi * (k + 0.5) / TAPS);
        room->low_pass[k] = (int32_t)lround(32768 * window * sin(2 * pi * CUT * x) / (pi * x));
    }
}

/* Scales the two paths: their energies to each other, and both together to `db`. */
static void set_levels(es_room *room, double rt60, double db) {
    double energy = 0, gain = pow(10, db / 20), direct = 1;
    int length = (int)(1.5 * rt60 * SAMPLE_RATE) + 2 * LONGEST;
    for (int k = 0; rt60 > 0 && k < length; k++) {
        double h = (double)reverberate(room, k == 0 ? (int64_t)1 << 30 : 0) / (1 << 30);
        energy += h * h;
    }
    clear(room);
    if (energy > 0) {
        direct = sqrt(DIRECT_TO_REVERB / (1 + DIRECT_TO_REVERB));
        room->reverb = llround((1 << 20) * gain * sqrt((1 - direct * direct) / energy));
    }
    room->direct = llround((1 << 20) * gain * direct);
}

es_room *es_room_new(double rt60, double db) {
    es_room *room = calloc(1, sizeof *room);
    if (!room) {
        return NULL;
    }
    design_low_pass(room);
    for (int k = 0; k < LINES; k++) {
        room->decay[k] = rt60 > 0 ? llround((1 << 30) * pow(10, -3.0 * delays[k] / (rt60 * SAMPLE_RATE))) : 0;
    }
    set_levels(room, rt60, db);
    return room;
}

void es_room_delete(es_room *room) { free(room); }

/* Mono, 48 to 16 kHz. */
static int32_t take_down(es_room *room, const int16_t *stereo) {
    int64_t sum = 0;
    memmove(room->past, room->past + RATIO, (TAPS - RATIO) * sizeof room->past[0]);
    for (int k = 0; k < RATIO; k++) {
        room->past[TAPS - RATIO + k] = stereo[2 * k] + stereo[2 * k + 1]; /* twice the mean */
    }
    for (int k = 0; k < TAPS; k++) {
        sum += (int64_t)room->low_pass[k] * room->past[k];
    }
    return (int32_t)(sum >> (16 - FRACTION)); /* Q15 of the low pass and the factor 2 */
}

void es_room_hear(es_room *room, const int16_t *played, const int16_t *microphone, int16_t *heard) {
    for (int k = 0; k < ES_ROOM_HEARD; k++) {
        int64_t in = take_down(room, played + 2 * RATIO * k);
        int64_t echo = in * room->direct;
        if (room->reverb != 0) {
            echo += reverberate(room, in) * room->reverb;
        }
        echo = (echo + ((int64_t)1 << (19 + FRACTION))) >> (20 + FRACTION);
        heard[k] = saturate((microphone ? microphone[k] : 0) + echo);
    }
}
