#include "earshot/prompts.h"

#include <string.h>

#include "../base/crc32.h"

#define HEAD 16
#define ENTRY 16
#define MAGIC "ESP1"
#define MOST_ENTRIES 4096
#define MOST_WORDS 16 /* of one clip's text that is looked for */

typedef struct text {
    const uint8_t *at;
    size_t length;
} text;

static uint32_t get16(const uint8_t *from) { return (uint32_t)from[0] | (uint32_t)from[1] << 8; }

static uint32_t get32(const uint8_t *from) { return get16(from) | get16(from + 2) << 16; }

static const uint8_t *entry_at(const es_prompts *prompts, uint32_t index) {
    return prompts->data + HEAD + (size_t)ENTRY * index;
}

static text text_of(const es_prompts *prompts, uint32_t index) {
    const uint8_t *entry = entry_at(prompts, index);
    return (text){prompts->data + prompts->names + get16(entry), entry[2]};
}

static int compare(text a, text b) {
    int order = memcmp(a.at, b.at, a.length < b.length ? a.length : b.length);
    return order != 0 ? order : a.length < b.length ? -1 : a.length > b.length;
}

static bool sound(const es_prompts *prompts, uint32_t index, uint32_t name_bytes) {
    const uint8_t *entry = entry_at(prompts, index);
    uint32_t offset = get32(entry + 8), bytes = get32(entry + 12);
    if (entry[2] == 0 || entry[3] != 0 || get16(entry) + entry[2] > name_bytes) {
        return false;
    }
    if (offset < prompts->names + name_bytes || offset > prompts->bytes || bytes > prompts->bytes - offset) {
        return false;
    }
    return index == 0 || compare(text_of(prompts, index - 1), text_of(prompts, index)) < 0;
}

es_status es_prompts_open(es_prompts *prompts, const void *data, size_t bytes) {
    const uint8_t *head = data;
    if (bytes < HEAD) {
        return ES_E_SHORT;
    }
    if (memcmp(head, MAGIC, 4) != 0) {
        return ES_E_MAGIC;
    }
    if (es_crc32(0, head + 8, bytes - 8) != get32(head + 4)) {
        return ES_E_CHECKSUM;
    }
    *prompts = (es_prompts){.data = head, .bytes = bytes, .entries = get16(head + 8)};
    uint32_t name_bytes = get32(head + 12);
    size_t table = HEAD + (size_t)ENTRY * prompts->entries;
    if (prompts->entries > MOST_ENTRIES || get16(head + 10) != 0 || table > bytes || name_bytes > bytes - table) {
        return ES_E_CORRUPT;
    }
    prompts->names = (uint32_t)table;
    for (uint32_t i = 0; i < prompts->entries; i++) {
        if (!sound(prompts, i, name_bytes)) {
            return ES_E_CORRUPT;
        }
    }
    return ES_OK;
}

static bool find(const es_prompts *prompts, text wanted, es_clip *clip) {
    uint32_t low = 0, high = prompts->entries;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare(text_of(prompts, middle), wanted);
        if (order == 0) {
            const uint8_t *entry = entry_at(prompts, middle);
            *clip = (es_clip){prompts->data + get32(entry + 8), get32(entry + 12), get32(entry + 4)};
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* The longest clip that begins with the first word; returns the bytes of its words, 0 when there is none. */
static size_t longest(const es_prompts *prompts, const uint8_t *at, size_t length, es_clip *clip) {
    size_t ends[MOST_WORDS];
    int words = 0;
    for (size_t i = 1; i <= length && words < MOST_WORDS; i++) {
        if (i == length || at[i] == ' ') {
            ends[words++] = i;
        }
    }
    while (words > 0) {
        size_t end = ends[--words];
        if (find(prompts, (text){at, end}, clip)) {
            return end;
        }
    }
    return 0;
}

int es_prompts_find(const es_prompts *prompts, const char *words, size_t length, es_clip *clips, bool *complete) {
    const uint8_t *at = (const uint8_t *)words;
    int count = 0;
    *complete = true;
    while (length > 0 && count < ES_PROMPT_CLIPS) {
        size_t used = longest(prompts, at, length, &clips[count]);
        if (used > 0) {
            count++;
        } else {
            *complete = false;
            while (used < length && at[used] != ' ') {
                used++;
            }
        }
        while (used < length && at[used] == ' ') {
            used++;
        }
        at += used;
        length -= used;
    }
    *complete = *complete && length == 0;
    return count;
}
