#include "serial.h"

#include <string.h>

#include "semihosting.h"
#include "uart.h"

#define LINE_BLOCKS 10    /* a script gives a line each 100 ms */
#define BYTES_A_BLOCK 115 /* 115,200 baud, 10 bits a byte */
#define REPLACEMENT "\xef\xbf\xbd"

static struct {
    int script; /* a file, or -1 */
    bool raw;
    uint8_t unread[256];
    size_t next, got;
    bool script_ended;
    bool after_cr;
    size_t used, letters; /* of the line that comes */
    char coming[ES_SERIAL_LINE];
    volatile bool waits; /* for JavaScript */
    size_t line_bytes, line_letters;
    char line[ES_SERIAL_LINE];
    char text[3 * ES_SERIAL_LINE + 1];
    volatile uint32_t dropped;
} serial = {.script = -1, .script_ended = true};

void es_serial_open(const char *script, bool raw) {
    serial.raw = raw;
    serial.script = script ? es_host_open(script, "rb") : -1;
    serial.script_ended = serial.script < 0;
}

/* ---- the interrupt: bytes to lines ---- */

static void end_line(void) {
    if (serial.used > 0 && serial.waits) {
        serial.dropped++;
    } else if (serial.used > 0) {
        memcpy(serial.line, serial.coming, serial.used);
        serial.line_bytes = serial.used;
        serial.line_letters = serial.letters;
        serial.waits = true;
    }
    serial.used = serial.letters = 0;
}

/* True at the end of a line that holds something. */
static bool take(uint8_t byte) {
    bool ends = byte == '\n' || byte == '\r';
    if (byte == '\n' && serial.after_cr) {
        serial.after_cr = false;
        return false; /* belongs to the CR before it */
    }
    serial.after_cr = byte == '\r';
    if (ends) {
        bool something = serial.used > 0;
        end_line();
        return something;
    }
    if ((byte & 0xc0) != 0x80) { /* the first byte of a letter */
        serial.letters++;
    }
    if (serial.used < ES_SERIAL_LINE) {
        serial.coming[serial.used++] = (char)byte;
    }
    return false;
}

static bool script_byte(uint8_t *byte) {
    if (serial.next == serial.got && !serial.script_ended) {
        serial.next = 0;
        serial.got = es_host_read(serial.script, serial.unread, sizeof serial.unread);
        serial.script_ended = serial.got == 0;
    }
    if (serial.script_ended) {
        return false;
    }
    *byte = serial.unread[serial.next++];
    return true;
}

void es_serial_block_from_isr(uint32_t block) {
    uint8_t byte;
    if (serial.script_ended) {
        return;
    }
    if (serial.raw) {
        for (int k = 0; k < BYTES_A_BLOCK && script_byte(&byte); k++) {
            take(byte);
        }
    } else if (block % LINE_BLOCKS == 0 && !serial.waits) {
        while (script_byte(&byte)) {
            if (take(byte)) {
                break;
            }
        }
    }
    if (serial.script_ended) {
        end_line(); /* the last one may end with the script */
    }
}

void es_serial_poll_from_isr(void) {
    uint8_t byte;
    while (es_uart_read(&byte)) {
        take(byte);
    }
}

bool es_serial_more(void) { return !serial.script_ended || serial.waits; }

uint32_t es_serial_dropped(void) { return serial.dropped; }

/* ---- JavaScript's task ---- */

/* Bytes of the letter that begins at `at`, 0 when it is not well formed. */
static size_t letter(const uint8_t *at, size_t left) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t bytes = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (bytes == 0 || bytes > left || at[0] == 0) {
        return 0;
    }
    uint32_t code = bytes == 1 ? at[0] : at[0] & (0x7f >> bytes);
    for (size_t k = 1; k < bytes; k++) {
        if ((at[k] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (at[k] & 0x3f);
    }
    return code < least[bytes] || code > 0x10ffff || code >> 11 == 27 ? 0 : bytes;
}

const char *es_serial_line(size_t *letters) {
    size_t used = 0;
    if (!serial.waits) {
        return NULL;
    }
    for (size_t at = 0; at < serial.line_bytes;) {
        size_t bytes = letter((const uint8_t *)serial.line + at, serial.line_bytes - at);
        memcpy(serial.text + used, bytes ? serial.line + at : REPLACEMENT, bytes ? bytes : 3);
        used += bytes ? bytes : 3;
        at += bytes ? bytes : 1;
    }
    serial.text[used] = 0;
    *letters = serial.line_letters;
    return serial.text;
}

void es_serial_done(void) { serial.waits = false; }

void es_serial_reply(const char *text) {
    es_uart_write(text, strlen(text));
    es_uart_write("\n", 1);
}
