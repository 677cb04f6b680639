/* The command line of earshot-host. Only the project's own Node programs call it: a wrong word is our fault, not a
 * person's, but it is still named. */
#ifndef EARSHOT_XS_OPTIONS_H
#define EARSHOT_XS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define ES_MOST_PIECES 64

typedef enum es_console_mode { ES_CONSOLE_NONE, ES_CONSOLE_FD, ES_CONSOLE_PTY } es_console_mode;

typedef struct es_options {
    const char *model;
    const char *understanding; /* NULL: words stay words */
    const char *music;         /* NULL: none */
    const char *names;         /* a list of names (earshot/bias.h); NULL: none */
    const char *storage;       /* NULL: settings live as long as the process */
    const char *scripts;       /* folder of compiled scripts; NULL: beside the program */
    const char *main_module;
    const char *prompts; /* NULL: the speaker has no voice */
    const char *startup; /* NULL, or a file of console lines that each start begins with */
    struct {
        const char *name, *file;
    } pieces[ES_MOST_PIECES]; /* beside `music`, which has the name "default" */
    int piece_count;
    uint32_t mips, mips_thousandths; /* both 0: unlimited */
    double date_ms;
    bool room;
    double room_seconds; /* reverberation time */
    double room_db;      /* level of the speaker's sound at the microphone */
    bool no_echo;        /* the room is heard as it is, without the echo canceller */
    int soak_hours;      /* 0: no soak */
    bool ticks, slices, played, paced, transcribe, json;
    es_console_mode console;
} es_options;

/* NULL, or what is wrong, a sentence without its end. */
const char *es_options_parse(es_options *options, int argc, char **argv);

#endif
