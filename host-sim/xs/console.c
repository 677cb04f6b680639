#define _GNU_SOURCE
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MOST_TYPED 16 /* bytes of one read: a letter, a key of several bytes, a few that waited */
#define MOST_LETTER 4 /* bytes of UTF-8 */

volatile sig_atomic_t es_hang_up;

bool es_write_all(int fd, const void *data, size_t bytes) {
    const char *at = data;
    while (bytes > 0) {
        ssize_t done = write(fd, at, bytes);
        if (done < 0 && errno == EAGAIN) {
            struct pollfd look = {.fd = fd, .events = POLLOUT};
            poll(&look, 1, -1);
        } else if (done < 0 && errno != EINTR) {
            return false;
        } else if (done > 0) {
            at += done;
            bytes -= (size_t)done;
        }
    }
    return true;
}

void es_console_open(es_console *console, int in, int out) {
    memset(console, 0, sizeof *console);
    console->in = in;
    console->out = out;
    console->closed = in < 0;
}

bool es_console_open_pty(es_console *console, char *name, size_t size) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, name, size) != 0) {
        return false;
    }
    /* Raw from the start: the line discipline of the kernel would send our replies back to us. The other side is held
     * open here, so that a serial program may come and go. */
    int other = open(name, O_RDWR | O_NOCTTY);
    struct termios settings;
    if (other < 0 || tcgetattr(other, &settings) != 0) {
        return false;
    }
    cfmakeraw(&settings);
    tcsetattr(other, TCSANOW, &settings);
    es_console_open(console, master, master);
    console->edit = true;
    return true;
}

/* A terminal that nobody reads must not hold up the firmware; a pipe is waited for, so that a script loses nothing. */
static void put(es_console *console, const void *data, size_t bytes) {
    if (!console->edit) {
        es_write_all(console->out, data, bytes);
        return;
    }
    const char *at = data;
    while (bytes > 0 && !console->stalled) {
        ssize_t done = write(console->out, at, bytes);
        if (done > 0) {
            at += done;
            bytes -= (size_t)done;
        } else if (done == 0 || errno != EINTR) {
            console->stalled = true;
        }
    }
    console->lost += bytes;
}

void es_console_tell_lost(es_console *console) {
    if (console->lost > 0) {
        fprintf(stderr, "earshot-host: nobody read the terminal, %llu bytes to it were lost\n",
                (unsigned long long)console->lost);
        console->lost = 0;
    }
}

static bool fill(es_console *console, bool wait) {
    if (console->next < console->got) {
        return true;
    }
    if (!wait) {
        struct pollfd look = {.fd = console->in, .events = POLLIN};
        if (poll(&look, 1, 0) <= 0) {
            return false;
        }
    }
    ssize_t got;
    do {
        got = read(console->in, console->input, sizeof console->input);
    } while (got < 0 && errno == EINTR && !es_hang_up);
    if (got < 0 && errno == EAGAIN) {
        return false;
    }
    console->next = 0;
    console->got = got > 0 ? (size_t)got : 0;
    console->closed = got <= 0;
    return true;
}

/* Bytes that arrive in number, or together with their line end, are a program's, not a person's: they are not echoed.
 */
static bool typed(const es_console *console) {
    return console->edit && console->got <= MOST_TYPED && !memchr(console->input, '\r', console->got) &&
           !memchr(console->input, '\n', console->got);
}

static bool continues(uint8_t c) { return (c & 0xc0) == 0x80; }

static void delete_letter(es_console *console) {
    if (console->dropped > 0) {
        console->dropped--;
    } else if (console->used > 0) {
        do {
            console->used--;
        } while (console->used > 0 && continues((uint8_t)console->line[console->used]));
    } else {
        return;
    }
    put(console, "\b \b", 3);
}

/* A letter begins only where the longest one would fit, so that none is kept by half. */
static void keep(es_console *console, uint8_t c) {
    if (console->dropped == 0 && console->used + (continues(c) ? 1 : MOST_LETTER) <= ES_CONSOLE_LINE) {
        console->line[console->used++] = (char)c;
    } else if (!continues(c) || console->dropped == 0) {
        console->dropped++;
    }
}

/* True when `c` ended a line. */
static bool take(es_console *console, uint8_t c) {
    bool second = c == '\n' && console->after_cr;
    console->after_cr = c == '\r';
    if (second) {
        return false;
    }
    if (c == '\r' || c == '\n') {
        return true;
    }
    if (console->edit && (c == 0x7f || c == '\b')) {
        delete_letter(console);
    } else {
        keep(console, c);
        if (typed(console)) {
            put(console, &c, 1);
            console->echoed = true;
        }
    }
    return false;
}

/* Length of the well-formed UTF-8 letter at `p`, 0 when there is none. */
static size_t letter(const uint8_t *p, size_t left) {
    size_t length = p[0] < 0x80                   ? 1
                    : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                    : (p[0] & 0xf0) == 0xe0       ? 3
                    : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                                  : 0;
    if (length == 0 || length > left || p[0] == 0) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool bad = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
               (p[0] == 0xf4 && p[1] > 0x8f); /* too long a form, a surrogate, or over U+10FFFF */
    return bad ? 0 : length;
}

/* Returns the letters of `text`. */
static size_t clean(const char *line, size_t bytes, char *text) {
    const uint8_t *p = (const uint8_t *)line;
    size_t used = 0, letters = 0;
    for (size_t i = 0; i < bytes; letters++) {
        size_t length = letter(p + i, bytes - i);
        if (length == 0) {
            memcpy(text + used, "\xef\xbf\xbd", 3);
            used += 3;
            i++;
        } else {
            memcpy(text + used, p + i, length);
            used += length;
            i += length;
        }
    }
    text[used] = 0;
    return letters;
}

es_console_result es_console_next(es_console *console, bool wait, char *text) {
    while (!console->closed || console->used > 0) {
        if (!console->closed && !fill(console, wait)) {
            return ES_LINE_NONE;
        }
        bool ended = console->closed;
        while (!ended && console->next < console->got) {
            ended = take(console, console->input[console->next++]);
        }
        if (ended && console->used > 0) {
            if (console->echoed) {
                put(console, "\r\n", 2);
                console->echoed = false;
            }
            console->letters = clean(console->line, console->used, text) + console->dropped;
            console->used = console->dropped = 0;
            return ES_LINE_READY;
        }
    }
    return ES_LINE_CLOSED;
}

void es_console_reply(es_console *console, const char *text) {
    if (console->out < 0) {
        return;
    }
    const char *end = console->edit ? "\r\n" : "\n"; /* a serial line wants CR LF */
    if (console->stalled) { /* is somebody there again? then what was cut off gets an end of its own */
        console->stalled = false;
        put(console, end, strlen(end));
    }
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "\n");
        put(console, at, length);
        at += length;
        if (*at == '\n') {
            put(console, end, strlen(end));
            at++;
        }
    }
    put(console, end, strlen(end));
    if (!console->stalled) {
        es_console_tell_lost(console);
    }
}
