#include "options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-01-01 08:00:00 UTC: when runs on files begin. */
#define DEFAULT_DATE_MS 1767254400000.0

/* The speaker at its own microphone, against what it plays: about what a table-top speaker shows (host-sim/room). */
#define DEFAULT_ROOM_DB -10.0

static char problem[256];

static bool number(const char *text, double least, double most, double *value) {
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == 0 && *value >= least && *value <= most;
}

static bool room(es_options *options, const char *text) {
    char copy[64];
    if (strlen(text) >= sizeof copy) {
        return false;
    }
    strcpy(copy, text);
    char *comma = strchr(copy, ',');
    options->room = true;
    options->room_db = DEFAULT_ROOM_DB;
    if (comma) {
        *comma = 0;
        if (!number(comma + 1, -60, 40, &options->room_db)) {
            return false;
        }
    }
    return number(copy, 0, 5, &options->room_seconds);
}

static bool console(es_options *options, const char *text) {
    static const char *const names[] = {"none", "fd", "pty"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            options->console = (es_console_mode)i;
            return true;
        }
    }
    return false;
}

static bool mips(es_options *options, const char *text) {
    double value;
    if (!number(text, 0, 100000, &value)) {
        return false;
    }
    long thousandths = lround(value * 1000);
    options->mips = (uint32_t)(thousandths / 1000);
    options->mips_thousandths = (uint32_t)(thousandths % 1000);
    return true;
}

static bool flag(es_options *options, const char *name) {
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--ticks", &options->ticks},
        {"--slices", &options->slices},
        {"--played", &options->played},
        {"--paced", &options->paced},
        {"--json", &options->json},
        {"--transcribe", &options->transcribe},
        {"--no-echo-canceller", &options->no_echo},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(name, flags[i].name) == 0) {
            return *flags[i].flag = true;
        }
    }
    return false;
}

/* NAME=FILE */
static bool piece(es_options *options, char *text) {
    char *equals = strchr(text, '=');
    if (!equals || equals == text || options->piece_count == ES_MOST_PIECES) {
        return false;
    }
    *equals = 0;
    options->pieces[options->piece_count].name = text;
    options->pieces[options->piece_count++].file = equals + 1;
    return true;
}

/* 1: taken, 0: no such option, -1: a bad value. */
static int valued(es_options *options, const char *name, char *value) {
    const struct {
        const char *name;
        const char **text;
    } texts[] = {
        {"--model", &options->model},
        {"--music", &options->music},
        {"--storage", &options->storage},
        {"--scripts", &options->scripts},
        {"--main", &options->main_module},
        {"--prompts", &options->prompts},
        {"--startup", &options->startup},
        {"--names", &options->names},
        {"--understanding", &options->understanding},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].text = value;
            return 1;
        }
    }
    bool good;
    if (strcmp(name, "--mips") == 0) {
        good = mips(options, value);
    } else if (strcmp(name, "--soak") == 0) {
        double hours = 0;
        good = number(value, 1, 10000, &hours);
        options->soak_hours = (int)hours;
    } else if (strcmp(name, "--date") == 0) {
        good = number(value, -8.64e15, 8.64e15, &options->date_ms);
    } else if (strcmp(name, "--room") == 0) {
        good = room(options, value);
    } else if (strcmp(name, "--console") == 0) {
        good = console(options, value);
    } else if (strcmp(name, "--piece") == 0) {
        good = piece(options, value);
    } else {
        return 0;
    }
    return good ? 1 : -1;
}

const char *es_options_parse(es_options *options, int argc, char **argv) {
    *options = (es_options){.date_ms = DEFAULT_DATE_MS};
    for (int i = 1; i < argc; i++) {
        if (flag(options, argv[i])) {
            continue;
        }
        int taken = i + 1 < argc ? valued(options, argv[i], argv[i + 1]) : 0;
        if (taken == 0) {
            snprintf(problem, sizeof problem, "the option %s is unknown or lacks its value", argv[i]);
            return problem;
        }
        if (taken < 0) {
            snprintf(problem, sizeof problem, "the value %s of %s is out of range", argv[i + 1], argv[i]);
            return problem;
        }
        i++;
    }
    if (!options->model) {
        return "the option --model is missing";
    }
    return NULL;
}
