#include "json.h"

#include <string.h>

static void put(es_json *json, const char *text, size_t bytes) {
    if (json->full || bytes >= json->size - json->used) {
        json->full = true;
        return;
    }
    memcpy(json->text + json->used, text, bytes);
    json->used += bytes;
    json->text[json->used] = 0;
}

static void put_escaped(es_json *json, const char *text, size_t bytes) {
    static const char hex[] = "0123456789abcdef";
    put(json, "\"", 1);
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            const char escape[2] = {'\\', (char)c};
            put(json, escape, 2);
        } else if (c == '\n') {
            put(json, "\\n", 2);
        } else if (c < 0x20 || c == 0x7f) {
            const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            put(json, escape, 6);
        } else {
            put(json, (const char *)&c, 1);
        }
    }
    put(json, "\"", 1);
}

static void put_integer(es_json *json, int64_t value, int digits_at_least) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0 || (int)(sizeof digits - at) < digits_at_least);
    if (value < 0) {
        digits[--at] = '-';
    }
    put(json, digits + at, sizeof digits - at);
}

static void put_key(es_json *json, const char *key) {
    if (json->comma) {
        put(json, ",", 1);
    }
    if (key) {
        put_escaped(json, key, strlen(key));
        put(json, ":", 1);
    }
    json->comma = true;
}

void es_json_begin(es_json *json, char *buffer, size_t size) {
    *json = (es_json){.text = buffer, .size = size};
    buffer[0] = 0;
}

void es_json_open(es_json *json, const char *key, char bracket) {
    put_key(json, key);
    put(json, &bracket, 1);
    json->comma = false;
}

void es_json_close(es_json *json, char bracket) {
    put(json, &bracket, 1);
    json->comma = true;
}

void es_json_bytes(es_json *json, const char *key, const char *text, size_t bytes) {
    put_key(json, key);
    put_escaped(json, text, bytes);
}

void es_json_string(es_json *json, const char *key, const char *text) {
    if (text) {
        es_json_bytes(json, key, text, strlen(text));
    } else {
        es_json_null(json, key);
    }
}

void es_json_integer(es_json *json, const char *key, int64_t value) {
    put_key(json, key);
    put_integer(json, value, 1);
}

void es_json_boolean(es_json *json, const char *key, bool value) {
    put_key(json, key);
    put(json, value ? "true" : "false", value ? 4 : 5);
}

void es_json_null(es_json *json, const char *key) {
    put_key(json, key);
    put(json, "null", 4);
}

void es_json_ratio(es_json *json, const char *key, uint64_t numerator, uint64_t denominator) {
    put_key(json, key);
    uint64_t whole = denominator ? numerator / denominator : 0;
    uint64_t rest = denominator ? numerator % denominator : 0;
    while (denominator > UINT64_MAX / 20000) { /* the rest times 10,000 must fit */
        denominator >>= 1;
        rest >>= 1;
    }
    uint64_t decimals = denominator ? (rest * 10000 + denominator / 2) / denominator : 0;
    if (decimals == 10000) {
        whole++;
        decimals = 0;
    }
    put_integer(json, (int64_t)whole, 1);
    if (decimals > 0) {
        put(json, ".", 1);
        put_integer(json, (int64_t)decimals, 4);
    }
}
