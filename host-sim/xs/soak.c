#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 100 /* ticks */
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY_HOURS 24
#define MOST_SOUNDS 16
#define NIGHT_ENDS 6 /* o'clock: at night there is no music and hardly a request */
#define BURST 90     /* lines in as many ticks: more orders than their queue holds */
#define NOISE 3      /* loudest sample of a quiet room, 80 dB below full scale */

typedef struct sound {
    int16_t *samples;
    size_t count;
} sound;

typedef struct soak {
    es_board *board;
    sound sounds[MOST_SOUNDS];
    size_t sound_count;
    uint32_t seed;
    const sound *spoken; /* being said now */
    size_t at;           /* samples of it that were said */
    int64_t tick;        /* of the whole soak */
} soak;

/* ---- the sounds ---- */

static bool add_sound(sound *to, const es_job_item *item) {
    int16_t *more = realloc(to->samples, (to->count + item->count) * sizeof *more);
    if (!more) {
        return false;
    }
    memcpy(more + to->count, item->samples, item->count * sizeof *more);
    to->samples = more;
    to->count += item->count;
    return true;
}

static bool read_sounds(soak *s, es_jobs *jobs) {
    for (;;) {
        es_job_item item = es_jobs_next(jobs, true);
        switch (item.type) {
        case ES_JOB_BEGIN:
            if (s->sound_count == MOST_SOUNDS) {
                return false;
            }
            break;
        case ES_JOB_SOUND:
            if (!add_sound(&s->sounds[s->sound_count], &item)) {
                return false;
            }
            break;
        case ES_JOB_END:
            s->sound_count++;
            break;
        case ES_JOB_CLOSED:
            return s->sound_count > 0;
        default:
            return false;
        }
    }
}

/* ---- what happens ---- */

static uint32_t draw(soak *s, uint32_t below) {
    s->seed = s->seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)s->seed * below) >> 32);
}

static void tell(soak *s, const char *type, size_t index) {
    char line[128];
    int length = snprintf(line, sizeof line, "{\"type\":\"%s\",\"second\":%lld,\"sound\":%zu}", type,
                          (long long)(s->tick / SECOND), index);
    es_record_line(line, (size_t)length);
}

static void tick(soak *s) {
    int16_t heard[ES_TICK_SAMPLES];
    for (int k = 0; k < ES_TICK_SAMPLES; k++) {
        bool says = s->spoken && s->at < s->spoken->count;
        heard[k] = says ? s->spoken->samples[s->at++] : (int16_t)(draw(s, 2 * NOISE + 1) - NOISE);
    }
    if (s->spoken && s->at == s->spoken->count) {
        s->spoken = NULL;
    }
    es_board_tick(s->board, heard);
    s->tick++;
}

static void wait_until(soak *s, int64_t until) {
    while (s->tick < until && !es_hang_up) {
        tick(s);
    }
}

/* A line of the console; it is read in the next tick. */
static void type(soak *s, const char *line) {
    snprintf(s->board->line, sizeof s->board->line, "%s", line);
    s->board->console.letters = strlen(line);
    s->board->has_line = true;
    tick(s);
}

/* The button, then a request. `faulty`: the script breaks while it is said. */
static void request(soak *s, bool faulty) {
    size_t which = draw(s, (uint32_t)s->sound_count);
    type(s, "listen");
    s->spoken = &s->sounds[which];
    s->at = 0;
    tell(s, "spoken", which);
    if (faulty) {
        wait_until(s, s->tick + SECOND);
        es_board_break(s->board);
    }
    while (s->spoken && !es_hang_up) {
        tick(s);
    }
    wait_until(s, s->tick + 12 * SECOND); /* the longest time-out and what follows it */
}

static void burst(soak *s) {
    for (int k = 0; k < BURST; k++) {
        type(s, k % 2 ? "play" : "stop"); /* four orders in two ticks, each kept for 30 */
    }
}

static void power_cut(soak *s) {
    es_record_mark(s->board, s->tick / HOUR); /* the counters begin anew */
    es_board_restart(s->board);
    tell(s, "restart", 0);
}

/* By day five requests an hour, a quarter of an hour of music, a broken script; each third hour a burst of orders. */
static void day_hour(soak *s, int hour) {
    int64_t start = s->tick;
    type(s, "mute off");
    request(s, false);
    type(s, "play");
    for (int k = 0; k < 3; k++) {
        wait_until(s, start + (2 + 4 * k) * MINUTE + draw(s, 2 * MINUTE));
        request(s, k == 1);
    }
    if (hour % 3 == 0) {
        burst(s);
    }
    wait_until(s, start + 16 * MINUTE);
    type(s, "stop");
    type(s, "status");
    type(s, "stats");
    wait_until(s, start + 20 * MINUTE + draw(s, 30 * MINUTE));
    request(s, false);
    wait_until(s, start + HOUR);
}

/* At night the microphone is off but for one request; at three the power is gone. */
static void night_hour(soak *s, int hour) {
    int64_t start = s->tick;
    type(s, "stop");
    type(s, "mute on");
    if (hour == 3) {
        power_cut(s);
        type(s, "stop");
    }
    wait_until(s, start + 10 * MINUTE + draw(s, 40 * MINUTE));
    type(s, "mute off");
    request(s, false);
    type(s, "mute on");
    wait_until(s, start + HOUR);
}

int es_soak(es_board *board, es_jobs *jobs, int hours) {
    static soak s;
    s = (soak){.board = board};
    if (!read_sounds(&s, jobs)) {
        es_record_error("CORRUPT", "jobs", "", -1);
        return 1;
    }
    es_board_restart(board);
    tick(&s);
    for (int hour = 0; hour < hours && !es_hang_up && !board->dead; hour++) {
        int clock = (hour + 8) % DAY_HOURS; /* it begins at eight in the morning */
        s.seed = (uint32_t)hour + 1;
        if (clock < NIGHT_ENDS) {
            night_hour(&s, clock);
        } else {
            day_hour(&s, clock);
        }
        es_record_mark(board, s.tick / HOUR);
    }
    es_record_summary(board);
    for (size_t k = 0; k < s.sound_count; k++) {
        free(s.sounds[k].samples);
    }
    return board->dead ? 1 : 0;
}
