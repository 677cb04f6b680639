/* Builds lists of names as bytes, for tests and fuzzers. */
#ifndef EARSHOT_TEST_BIAS_LIST_H
#define EARSHOT_TEST_BIAS_LIST_H

#include <string.h>

#include "earshot/bias.h"

typedef struct bias_list {
    uint8_t bytes[70000];
    uint32_t size;
    uint16_t names;
} bias_list;

static inline void bias_list_text(bias_list *list, const char *text) {
    size_t length = strlen(text);
    list->bytes[list->size++] = (uint8_t)length;
    memcpy(list->bytes + list->size, text, length);
    list->size += (uint32_t)length;
}

static inline void bias_list_begin(bias_list *list) { *list = (bias_list){.bytes = {ES_BIAS_VERSION}, .size = 4}; }

/* Before the first name. `phrases` are parted by bars: "call|text to". */
static inline void bias_list_class(bias_list *list, const char *name, uint8_t weight, const char *phrases) {
    list->bytes[1]++;
    list->bytes[list->size++] = weight;
    bias_list_text(list, name);
    uint32_t count = list->size++;
    for (const char *at = phrases; *at;) {
        char text[200];
        size_t length = strcspn(at, "|");
        memcpy(text, at, length);
        text[length] = 0;
        bias_list_text(list, text);
        list->bytes[count]++;
        at += length + (at[length] == '|');
    }
}

static inline void bias_list_name(bias_list *list, uint8_t class, uint8_t weight, const char *name) {
    list->bytes[list->size++] = class;
    list->bytes[list->size++] = weight;
    bias_list_text(list, name);
    list->names++;
    list->bytes[2] = (uint8_t)list->names;
    list->bytes[3] = (uint8_t)(list->names >> 8);
}

#endif
