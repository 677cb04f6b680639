#include "ogg_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t crc(const uint8_t *at, size_t bytes) {
    uint32_t sum = 0;
    for (size_t k = 0; k < bytes; k++) {
        sum ^= (uint32_t)at[k] << 24;
        for (int bit = 0; bit < 8; bit++) {
            sum = (sum & 0x80000000u) ? (sum << 1) ^ 0x04c11db7u : sum << 1;
        }
    }
    return sum;
}

static void put(uint8_t *at, uint64_t value, int bytes) {
    for (int k = 0; k < bytes; k++) {
        at[k] = (uint8_t)(value >> (8 * k));
    }
}

static size_t page_bytes(const uint8_t *page) {
    size_t bytes = 27u + page[26];
    for (int k = 0; k < page[26]; k++) {
        bytes += page[27 + k];
    }
    return bytes;
}

void ogg_seal(uint8_t *page) {
    put(page + 22, 0, 4);
    put(page + 22, crc(page, page_bytes(page)), 4);
}

bool ogg_take_apart(ogg_packets *packets, const uint8_t *file, size_t bytes) {
    size_t at = 0, used = 0, begin = 0;
    memset(packets, 0, sizeof *packets);
    packets->store = malloc(bytes);
    while (at + 27 <= bytes && memcmp(file + at, "OggS", 4) == 0) {
        const uint8_t *page = file + at;
        const uint8_t *body = page + 27 + page[26];
        for (int k = 0; k < page[26]; k++) {
            memcpy(packets->store + used, body, page[27 + k]);
            used += page[27 + k];
            body += page[27 + k];
            if (page[27 + k] < 255) {
                packets->data[packets->count] = packets->store + begin;
                packets->bytes[packets->count++] = used - begin;
                begin = used;
            }
        }
        packets->last_granule = 0;
        for (int k = 7; k >= 0; k--) {
            packets->last_granule = packets->last_granule * 256 + page[6 + k];
        }
        at += page_bytes(page);
    }
    return at == bytes && packets->count > 2;
}

typedef struct writer {
    uint8_t *out;
    size_t used;
    uint32_t sequence;
    const ogg_layout *layout;
    uint8_t lacing[255];
    size_t segments, ended;
    uint8_t body[255 * 255];
    size_t body_bytes;
    int64_t granule;
    bool continued;
    size_t *pages;
    size_t page_count;
} writer;

static void flush(writer *w, bool last) {
    uint8_t *page = w->out + w->used;
    memcpy(page, "OggS", 4);
    page[4] = 0;
    page[5] = (uint8_t)((w->continued ? 1 : 0) | (w->sequence == 0 ? 2 : 0) | (last ? 4 : 0));
    put(page + 6, w->ended > 0 ? (uint64_t)w->granule : UINT64_MAX, 8);
    put(page + 14, w->layout->serial, 4);
    put(page + 18, w->sequence++, 4);
    page[26] = (uint8_t)w->segments;
    memcpy(page + 27, w->lacing, w->segments);
    memcpy(page + 27 + w->segments, w->body, w->body_bytes);
    ogg_seal(page);
    if (w->pages) {
        w->pages[w->page_count] = w->used;
    }
    w->page_count++;
    w->used += 27 + w->segments + w->body_bytes;
    w->segments = w->ended = w->body_bytes = 0;
    w->continued = false;
}

static void add_packet(writer *w, const uint8_t *data, size_t bytes) {
    size_t most = w->layout->segments ? w->layout->segments : 255;
    for (;;) {
        size_t n = bytes < 255 ? bytes : 255;
        if (w->segments == most) {
            bool inside = w->lacing[most - 1] == 255;
            flush(w, false);
            w->continued = inside;
        }
        w->lacing[w->segments++] = (uint8_t)n;
        memcpy(w->body + w->body_bytes, data, n);
        w->body_bytes += n;
        data += n;
        bytes -= n;
        if (n < 255) {
            w->ended++;
            return;
        }
    }
}

size_t ogg_put_together(uint8_t *out, const ogg_packets *packets, const ogg_layout *layout, size_t *pages,
                        size_t *page_count) {
    writer *w = calloc(1, sizeof *w);
    size_t bytes;
    w->out = out;
    w->layout = layout;
    w->pages = pages;
    add_packet(w, packets->data[0], packets->bytes[0]);
    flush(w, false);
    add_packet(w, packets->data[1], packets->bytes[1]);
    flush(w, false);
    w->granule = layout->granule;
    for (size_t k = 2; k < packets->count; k++) {
        bool last = k + 1 == packets->count;
        if (layout->packets && w->ended == layout->packets) {
            flush(w, false);
        }
        add_packet(w, packets->data[k], packets->bytes[k]);
        w->granule += layout->duration;
        if (last && layout->last_granule) {
            w->granule = layout->last_granule;
        }
    }
    flush(w, !layout->no_last_flag);
    if (page_count) {
        *page_count = w->page_count;
    }
    bytes = w->used;
    free(w);
    return bytes;
}

uint8_t *read_file(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    if (file) {
        long size;
        fseek(file, 0, SEEK_END);
        size = ftell(file);
        rewind(file);
        data = malloc(size > 0 ? (size_t)size : 1);
        *bytes = fread(data, 1, (size_t)size, file);
        fclose(file);
    }
    return data;
}
