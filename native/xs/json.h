/* JSON text into a caller's buffer, without spaces and without floating point. When the buffer is full, `full` is set
 * and what follows is dropped: the caller looks once, at the end. Commas are put by the functions. */
#ifndef EARSHOT_XS_JSON_H
#define EARSHOT_XS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct es_json {
    char *text; /* zero-terminated at any time */
    size_t size;
    size_t used;
    bool comma; /* the next member needs one before it */
    bool full;
} es_json;

void es_json_begin(es_json *json, char *buffer, size_t size);
/* `key` is NULL for elements of an array and for the outermost value. `bracket` is '{' or '['. */
void es_json_open(es_json *json, const char *key, char bracket);
void es_json_close(es_json *json, char bracket);                       /* '}' or ']' */
void es_json_string(es_json *json, const char *key, const char *text); /* NULL: null */
void es_json_bytes(es_json *json, const char *key, const char *text, size_t bytes);
void es_json_integer(es_json *json, const char *key, int64_t value);
void es_json_boolean(es_json *json, const char *key, bool value);
void es_json_null(es_json *json, const char *key);
/* numerator / denominator with four decimals; 0 when the denominator is 0. */
void es_json_ratio(es_json *json, const char *key, uint64_t numerator, uint64_t denominator);

#endif
