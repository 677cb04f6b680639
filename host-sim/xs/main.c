/* earshot-host: the firmware on the virtual board. What it reads and writes is described in host-sim/xs/README.md.
 * Three ways to run: a batch of files (--transcribe), one file or a microphone (sim), a console alone. */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "board.h"
#include "jobs.h"
#include "soak.h"

#define TICK_NS 10000000
#define LINE_TICKS 10           /* a scripted console gives a line each 100 ms */
#define RECORD_TICKS 10         /* tick records each 100 ms */
#define TAIL_TICKS 200          /* a run goes on for 2 s after its last input */
#define SETTLE_TICKS (60 * 100) /* and no longer than this after the end of a file of a batch */

typedef struct run {
    es_board *board;
    es_jobs jobs;
    bool scripted; /* console lines come from a file, by the capture clock */
    bool job_open; /* sound may still come */
    char file[ES_JOB_TEXT];
    int16_t block[ES_TICK_SAMPLES];
    size_t filled;
    int64_t samples; /* of this file */
    int64_t ticks;
    int64_t next; /* paced: when the next tick is due */
} run;

/* The value of "file" in the job's JSON, unescaped. The host only repeats it in its records. */
static void read_file_name(run *r, const char *json) {
    const char *at = strstr(json, "\"file\"");
    size_t used = 0;
    at = at ? at + 6 + strspn(at + 6, " :") : "";
    for (at += *at == '"'; *at && *at != '"' && used + 4 < sizeof r->file; at++) {
        if (*at != '\\') {
            r->file[used++] = *at;
        } else if (*++at == 'u') {
            unsigned code = 0;
            if (sscanf(at + 1, "%4x", &code) != 1 || strlen(at) < 5) {
                break;
            }
            at += 4;
            if (code < 0x80) {
                r->file[used++] = (char)code;
            } else if (code < 0x800) {
                r->file[used++] = (char)(0xc0 | code >> 6);
                r->file[used++] = (char)(0x80 | (code & 63));
            } else {
                r->file[used++] = (char)(0xe0 | code >> 12);
                r->file[used++] = (char)(0x80 | (code >> 6 & 63));
                r->file[used++] = (char)(0x80 | (code & 63));
            }
        } else {
            static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
            const char *known = *at ? strchr(from, *at) : NULL;
            r->file[used++] = known ? to[known - from] : *at;
        }
    }
    r->file[used] = 0;
}

static void pace(run *r) {
    int64_t now = es_port_now();
    r->next += TICK_NS;
    if (now >= r->next) {
        r->next = now; /* late: time lost is not made up for */
        return;
    }
    es_port_sleep_until(r->next);
}

static void feed_console(run *r) {
    es_board *board = r->board;
    if (board->has_line || (r->scripted && r->ticks % LINE_TICKS != 0)) {
        return;
    }
    board->has_line = es_console_next(&board->console, r->scripted, board->line) == ES_LINE_READY;
}

static void tick(run *r, const int16_t *microphone) {
    es_board_tick(r->board, microphone);
    r->ticks++;
    if (r->board->options->ticks && r->ticks % RECORD_TICKS == 0) {
        es_record_tick(r->board);
    }
    if (r->board->options->slices && r->ticks % RECORD_TICKS == 0) {
        es_record_slices(r->board);
    }
    if (r->board->options->paced) {
        pace(r);
    }
}

/* Take samples into blocks; each full block is a tick. */
static void hear(run *r, const int16_t *samples, size_t count) {
    r->samples += (int64_t)count;
    while (count > 0) {
        size_t part = ES_TICK_SAMPLES - r->filled < count ? ES_TICK_SAMPLES - r->filled : count;
        memcpy(r->block + r->filled, samples, part * sizeof *samples);
        r->filled += part;
        samples += part;
        count -= part;
        if (r->filled == ES_TICK_SAMPLES) {
            r->filled = 0;
            feed_console(r);
            tick(r, r->block);
        }
    }
}

/* The last block is filled with silence, so that no sample is lost. */
static void end_sound(run *r) {
    if (r->filled > 0) {
        memset(r->block + r->filled, 0, (ES_TICK_SAMPLES - r->filled) * sizeof r->block[0]);
        r->filled = 0;
        feed_console(r);
        tick(r, r->block);
    }
    es_runtime_end_of_sound(r->board->runtime);
}

static void begin_file(run *r, const char *json) {
    r->filled = 0;
    r->samples = 0;
    read_file_name(r, json);
    es_record_begin(r->file);
    es_runtime_listen(r->board->runtime, true); /* as if the button were pressed at sample 0 */
}

static int bad_jobs(void) {
    es_record_error("CORRUPT", "jobs", "", -1);
    return 1;
}

static int transcribe(run *r) {
    for (;;) {
        es_job_item item = es_jobs_next(&r->jobs, true);
        switch (item.type) {
        case ES_JOB_BEGIN:
            es_board_restart(r->board);
            begin_file(r, item.text);
            break;
        case ES_JOB_SOUND:
            hear(r, item.samples, item.count);
            break;
        case ES_JOB_END:
            end_sound(r);
            for (int i = 0; i < SETTLE_TICKS && (i == 0 || !es_runtime_settled(r->board->runtime)); i++) {
                tick(r, NULL);
            }
            es_record_end(r->board, r->file, r->samples);
            break;
        case ES_JOB_CLOSED:
            return r->board->dead ? 1 : 0;
        default:
            return bad_jobs();
        }
    }
}

static void end_file(run *r) {
    end_sound(r);
    r->job_open = false;
}

/* One file, or a microphone that has no end, or none; then 2 s more. */
static int sim(run *r) {
    es_board *board = r->board;
    es_board_restart(board);
    es_job_item item = es_jobs_next(&r->jobs, true);
    bool has_file = item.type == ES_JOB_BEGIN;
    if (has_file) {
        begin_file(r, item.text);
        r->job_open = true;
    } else if (item.type != ES_JOB_CLOSED && !es_hang_up) {
        return bad_jobs();
    }
    for (int tail = 0; tail < TAIL_TICKS && !(es_hang_up && !r->job_open);) {
        if (r->job_open) {
            item = es_jobs_next(&r->jobs, true);
            if (item.type == ES_JOB_SOUND) {
                hear(r, item.samples, item.count);
            } else if (item.type == ES_JOB_END || item.type == ES_JOB_CLOSED || es_hang_up) {
                end_file(r);
            } else {
                return bad_jobs();
            }
            continue;
        }
        feed_console(r);
        bool input = board->has_line || !board->console.closed;
        bool late = tail == TAIL_TICKS - 1 && !es_runtime_settled(board->runtime); /* words of a slow CPU come yet */
        tail = input ? 0 : tail + !late;
        tick(r, NULL);
    }
    if (has_file) {
        es_record_end(board, r->file, r->samples);
    }
    es_record_summary(board);
    return board->dead ? 1 : 0;
}

static bool open_console(run *r, char *terminal, size_t size) {
    es_board *board = r->board;
    es_options *options = (es_options *)board->options;
    terminal[0] = 0;
    if (options->console == ES_CONSOLE_FD) {
        es_console_open(&board->console, 3, 4);
        bool live = options->paced || isatty(3);
        r->scripted = !live;
        options->paced = live; /* a person's typing goes by the clock on the wall */
    } else if (options->console == ES_CONSOLE_PTY) {
        options->paced = true;
        return es_console_open_pty(&board->console, terminal, size);
    }
    return true;
}

/* The scripts lie beside the program. */
static const char *script_folder(const es_options *options) {
    static char path[PATH_MAX];
    if (options->scripts) {
        return options->scripts;
    }
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 4);
    if (length <= 0) {
        return "js";
    }
    path[length] = 0;
    strcpy(strrchr(path, '/') + 1, "js");
    return path;
}

static void on_term(int signal) {
    (void)signal;
    es_hang_up = 1;
}

/* Node starts us in a session of our own and ends us; killed, it could not, and a terminal has no end that would tell.
 */
static void end_with_parent(void) {
    pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) { /* it ended before the call */
        es_hang_up = 1;
    }
}

int main(int argc, char **argv) {
    static es_board board;
    static es_options options;
    static run r = {.board = &board};
    char terminal[64];
    int code = 1;
    const struct sigaction term = {.sa_handler = on_term}; /* without SA_RESTART: a waiting read comes back */
    sigaction(SIGTERM, &term, NULL);
    sigaction(SIGHUP, &term, NULL);
    signal(SIGPIPE, SIG_IGN);
    end_with_parent();
    const char *problem = es_options_parse(&options, argc, argv);
    if (problem) {
        fprintf(stderr, "earshot-host: %s.\n", problem);
        return 2;
    }
    if (es_board_open(&board, &options, script_folder(&options), &code)) {
        es_jobs_open(&r.jobs, 0);
        if (!open_console(&r, terminal, sizeof terminal)) {
            es_record_error("IO", "terminal", "", -1);
            return 1;
        }
        es_record_ready(&board, terminal[0] ? terminal : NULL);
        r.next = es_port_now();
        code = options.soak_hours   ? es_soak(&board, &r.jobs, options.soak_hours)
               : options.transcribe ? transcribe(&r)
                                    : sim(&r);
        es_console_tell_lost(&board.console);
    }
    es_board_close(&board);
    return code;
}
