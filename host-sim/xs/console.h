/* The serial console's line discipline: bytes in, whole lines out, replies back.
 * A line ends with CR, LF or CRLF; the last one may end with the stream. Text that is not UTF-8, and zero bytes, become
 * U+FFFD. Of a longer line the letters that fit ES_CONSOLE_LINE bytes are kept and the others counted.
 * A pseudo-terminal behaves like a UART: what the other side does not take is dropped and counted, nobody waits. */
#ifndef EARSHOT_XS_CONSOLE_H
#define EARSHOT_XS_CONSOLE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ES_CONSOLE_LINE 8192

typedef struct es_console {
    int in, out;      /* -1: none */
    bool edit;        /* a pseudo-terminal: backspace deletes, typed letters are echoed */
    bool closed;      /* no more input */
    bool echoed;      /* letters of this line were echoed */
    bool after_cr;    /* a LF now belongs to the CR before it */
    bool stalled;     /* the other side took no more of this reply: its rest is dropped, too */
    size_t used;      /* bytes of the line so far */
    size_t dropped;   /* letters of the line that found no room */
    size_t letters;   /* of the line that es_console_next gave last, with those dropped */
    uint64_t lost;    /* bytes of output that nobody took, not yet told */
    size_t next, got; /* unread bytes of `input` */
    uint8_t input[4096];
    char line[ES_CONSOLE_LINE + 1];
} es_console;

typedef enum es_console_result { ES_LINE_NONE, ES_LINE_READY, ES_LINE_CLOSED } es_console_result;

void es_console_open(es_console *console, int in, int out);
/* Opens a pseudo-terminal and writes the name of its other side to `name`. */
bool es_console_open_pty(es_console *console, char *name, size_t size);
/* The next line that is not empty, valid UTF-8, in `text` of 3 * ES_CONSOLE_LINE + 1 bytes. `wait` false: ES_LINE_NONE
 * where it would block. */
es_console_result es_console_next(es_console *console, bool wait, char *text);
/* Writes a reply and an end of line. */
void es_console_reply(es_console *console, const char *text);
/* Tells the log what was lost, if anything was. */
void es_console_tell_lost(es_console *console);

/* Set by SIGTERM: whoever waits for input stops waiting, as if it had ended. */
extern volatile sig_atomic_t es_hang_up;

/* All bytes, whatever the descriptor takes at once; false when nobody reads any more. */
bool es_write_all(int fd, const void *data, size_t bytes);

#endif
