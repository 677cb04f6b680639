#include "ogg.h"

#include <string.h>

#define HEADER 27
#define BOUND 131072u /* bytes looked at in one call of es_ogg_page_next: two of the largest pages */

/* crc_nibble[k]: remainder of k * x^32 by the generator 0x04c11db7, RFC 3533 section 6. */
static const uint32_t crc_nibble[16] = {0x00000000, 0x04c11db7, 0x09823b6e, 0x0d4326d9, 0x130476dc, 0x17c56b6b,
                                        0x1a864db2, 0x1e475005, 0x2608edb8, 0x22c9f00f, 0x2f8ad6d6, 0x2b4bcb61,
                                        0x350c9b64, 0x31cd86d3, 0x3c8ea00a, 0x384fbdbd};

static uint32_t crc(uint32_t sum, const uint8_t *at, size_t bytes) {
    for (size_t k = 0; k < bytes; k++) {
        sum ^= (uint32_t)at[k] << 24;
        sum = (sum << 4) ^ crc_nibble[sum >> 28];
        sum = (sum << 4) ^ crc_nibble[sum >> 28];
    }
    return sum;
}

static uint32_t u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

bool es_ogg_page_at(const uint8_t *data, size_t bytes, size_t offset, es_ogg_page *page, uint64_t *examined) {
    static const uint8_t zero[4] = {0, 0, 0, 0};
    const uint8_t *at;
    size_t left;
    uint32_t body = 0;
    uint64_t granule;
    if (offset > bytes || bytes - offset < HEADER) {
        return false;
    }
    at = data + offset;
    left = bytes - offset;
    if (memcmp(at, "OggS", 4) != 0 || at[4] != 0) {
        return false;
    }
    page->segments = at[26];
    if (left < HEADER + (size_t)page->segments) {
        return false;
    }
    for (int k = 0; k < page->segments; k++) {
        body += at[HEADER + k];
    }
    if (left - HEADER - page->segments < body) {
        return false;
    }
    *examined += HEADER + page->segments + body;
    /* The sum is taken over the page with its own field as zero. */
    uint32_t sum = crc(0, at, 22);
    sum = crc(sum, zero, 4);
    sum = crc(sum, at + 26, 1 + (size_t)page->segments + body);
    if (sum != u32(at + 22)) {
        return false;
    }
    granule = (uint64_t)u32(at + 6) | (uint64_t)u32(at + 10) << 32;
    page->granule = granule > ES_OGG_LATEST ? -1 : (int64_t)granule;
    page->flags = at[5];
    page->serial = u32(at + 14);
    page->sequence = u32(at + 18);
    page->lacing = at + HEADER;
    page->body = at + HEADER + page->segments;
    page->body_bytes = body;
    page->offset = offset;
    page->end = offset + HEADER + page->segments + body;
    return true;
}

void es_ogg_start(es_ogg *ogg, size_t offset, uint32_t serial) {
    ogg->next = offset;
    ogg->serial = serial;
    ogg->page.segments = 0;
    ogg->page.flags = 0;
    ogg->page.granule = -1;
    ogg->segment = 0;
    ogg->body_at = 0;
    ogg->held = 0;
    ogg->holding = false;
    ogg->dropping = false;
    ogg->fresh = true;
    ogg->sequence = 0;
}

/* Skip the rest of a packet whose beginning is not at hand. */
static void drop_continued(es_ogg *ogg) {
    while (ogg->segment < ogg->page.segments) {
        uint8_t lace = ogg->page.lacing[ogg->segment++];
        ogg->body_at += lace;
        if (lace < 255) {
            return;
        }
    }
}

/* Makes `page` the present one; true when something before it was lost. */
static bool take(es_ogg *ogg, const es_ogg_page *page) {
    bool fresh = ogg->fresh;
    bool lost = !fresh && page->sequence != ogg->sequence;
    bool continued = (page->flags & ES_OGG_CONTINUED) != 0;
    ogg->fresh = false;
    ogg->page = *page;
    ogg->segment = 0;
    ogg->body_at = 0;
    ogg->sequence = page->sequence + 1;
    ogg->next = page->end;
    if (ogg->holding && (lost || !continued)) {
        ogg->holding = false;
        ogg->dropping = false;
        lost = true;
    }
    if (continued && !ogg->holding) {
        drop_continued(ogg);
        lost = lost || !fresh;
    }
    return lost;
}

es_ogg_result es_ogg_page_next(es_ogg *ogg) {
    uint64_t stop = ogg->examined + BOUND;
    size_t at = ogg->next;
    bool skipped = false;
    es_ogg_page page;
    while (ogg->examined < stop) {
        if (at >= ogg->bytes) {
            ogg->next = ogg->bytes;
            if (skipped) {
                ogg->damaged++;
            }
            return ES_OGG_END;
        }
        if (!es_ogg_page_at(ogg->data, ogg->bytes, at, &page, &ogg->examined)) {
            const uint8_t *found = memchr(ogg->data + at + 1, 'O', ogg->bytes - at - 1);
            size_t then = found ? (size_t)(found - ogg->data) : ogg->bytes;
            ogg->examined += then - at;
            at = then;
            skipped = true;
            continue;
        }
        if (page.serial != ogg->serial) {
            at = page.end;
            continue;
        }
        /* The page's number tells whether one is missing; rubbish between two pages alone costs nothing. */
        if (take(ogg, &page)) {
            ogg->damaged++;
            return ES_OGG_GAP;
        }
        return ES_OGG_OK;
    }
    ogg->next = at;
    return ES_OGG_AGAIN;
}

static void hold(es_ogg *ogg, const uint8_t *data, uint32_t bytes) {
    if (ogg->dropping || ogg->held + bytes > ES_OGG_PACKET) {
        ogg->dropping = true;
        return;
    }
    memcpy(ogg->packet + ogg->held, data, bytes);
    ogg->held += bytes;
}

es_ogg_result es_ogg_packet_next(es_ogg *ogg, es_ogg_packet *packet) {
    while (ogg->segment < ogg->page.segments) {
        const uint8_t *start = ogg->page.body + ogg->body_at;
        uint32_t bytes = 0;
        uint8_t lace = 255;
        while (ogg->segment < ogg->page.segments && lace == 255) {
            lace = ogg->page.lacing[ogg->segment++];
            bytes += lace;
        }
        ogg->body_at += bytes;
        if (lace == 255) { /* goes on in the next page */
            if (!ogg->holding) {
                ogg->held = 0;
                ogg->dropping = false;
            }
            hold(ogg, start, bytes);
            ogg->holding = true;
            break;
        }
        packet->data = start;
        packet->bytes = bytes;
        if (ogg->holding) {
            bool whole;
            hold(ogg, start, bytes);
            whole = !ogg->dropping;
            ogg->holding = false;
            ogg->dropping = false;
            packet->data = ogg->packet;
            packet->bytes = whole ? ogg->held : 0;
            if (!whole) {
                ogg->damaged++;
            }
        }
        return ES_OGG_OK;
    }
    return ES_OGG_PAGE_END;
}

uint32_t es_ogg_page_sum(const es_ogg *ogg, uint32_t (*count)(const uint8_t *head, uint32_t bytes)) {
    uint32_t sum = 0;
    uint32_t at = ogg->body_at;
    bool holding = ogg->holding;
    for (uint16_t segment = ogg->segment; segment < ogg->page.segments;) {
        uint8_t head[2] = {0, 0};
        uint32_t got = 0;
        uint32_t bytes = 0;
        uint8_t lace = 255;
        while (holding && got < 2 && got < ogg->held) {
            head[got] = ogg->packet[got];
            got++;
        }
        while (segment < ogg->page.segments && lace == 255) {
            lace = ogg->page.lacing[segment++];
            bytes += lace;
        }
        for (uint32_t k = 0; k < bytes && got < 2; k++) {
            head[got++] = ogg->page.body[at + k];
        }
        at += bytes;
        holding = false;
        if (lace < 255 && got > 0) {
            sum += count(head, got);
        }
    }
    return sum;
}

bool es_ogg_last(const uint8_t *data, size_t bytes, uint32_t serial, uint64_t limit, es_ogg_page *page) {
    uint64_t examined = 0;
    for (size_t at = bytes; at-- > 0 && examined < limit;) {
        examined++;
        if (data[at] == 'O' && es_ogg_page_at(data, bytes, at, page, &examined) && page->serial == serial &&
            page->granule >= 0) {
            return true;
        }
    }
    return false;
}
