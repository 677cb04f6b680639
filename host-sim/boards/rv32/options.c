#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "semihosting.h"

/* Value of "key=", or NULL. Words are separated by blanks. */
static const char *value(const char *line, const char *key) {
    size_t length = strlen(key);
    for (const char *at = line; (at = strstr(at, key)); at += length) {
        if ((at == line || at[-1] == ' ') && at[length] == '=') {
            return at + length + 1;
        }
    }
    return NULL;
}

static uint32_t number(const char *line, const char *key) {
    const char *text = value(line, key);
    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

void es_options_read(es_options *options) {
    char line[256];
    es_host_arguments(line, sizeof line);
    const char *date = value(line, "date");
    *options = (es_options){
        .date_ms = date ? (double)strtoll(date, NULL, 10) : 0,
        .json = number(line, "json"),
        .script = number(line, "script"),
        .raw = number(line, "raw"),
        .timeline = number(line, "timeline"),
        .music_last = number(line, "music-last"),
        .flash_errors = number(line, "flash-errors"),
        .broken_after = number(line, "broken-after"),
    };
}
