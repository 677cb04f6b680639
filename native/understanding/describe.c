/* What was understood as one JSON object: texts hold letters, apostrophes and spaces alone, so nothing needs escaping.
 */
#include <stdarg.h>
#include <stdio.h>

#include "understanding.h"

typedef struct line {
    char *out;
    size_t room, used;
} line;

static void put(line *line, const char *format, ...) {
    va_list values;
    va_start(values, format);
    size_t room = line->used < line->room ? line->room - line->used : 0;
    int bytes = vsnprintf(room > 0 ? line->out + line->used : NULL, room, format, values);
    va_end(values);
    line->used += bytes > 0 ? (size_t)bytes : 0;
}

size_t es_understood_json(const es_understanding_model *model, const es_understood *u, char *out, size_t room) {
    line line = {.out = out, .room = room};
    put(&line, "{\"text\":\"%.*s\",\"intent\":\"%s\",\"second\":\"%s\",\"refused\":%s,\"confidence\":%u,\"margin\":%d,",
        (int)u->text_bytes, u->text, es_intent_name(model, u->intent), es_intent_name(model, u->second),
        u->refused ? "true" : "false", u->confidence, (int)u->margin);
    put(&line, "\"reading\":%u,\"readings\":%u,\"slots\":[", u->reading, u->readings);
    for (uint8_t i = 0; i < u->slot_count; i++)
        put(&line, "%s[\"%s\",\"%.*s\"]", i > 0 ? "," : "", es_slot_name(model, u->slot[i].slot), (int)u->slot[i].bytes,
            u->values + u->slot[i].at);
    put(&line, "]}");
    return line.used;
}
