/* Ogg pages and packets (RFC 3533) out of bytes in memory. Internal to native/music.
 * One logical stream is followed (the serial number of the first Opus header); pages of others are passed over.
 * Nothing is trusted before its CRC holds; after damage the reader looks for the next sound page. */
#ifndef EARSHOT_MUSIC_OGG_H
#define EARSHOT_MUSIC_OGG_H

#include "earshot/base.h"

#define ES_OGG_CONTINUED 1
#define ES_OGG_FIRST 2
#define ES_OGG_LAST 4

/* A granule beyond 2,900 years of sound is taken as none: sums of what is below can't overflow. */
#define ES_OGG_LATEST ((uint64_t)1 << 52)

/* Longest packet that may be split over pages: 273 kbit/s at 120 ms, more than Opus makes at 60 ms. A packet that lies
 * in one page is used in place, and may be as long as the page. */
#define ES_OGG_PACKET 4096

typedef struct es_ogg_page {
    size_t offset; /* of "OggS" in the file */
    size_t end;    /* offset after the body */
    const uint8_t *lacing;
    const uint8_t *body;
    uint32_t body_bytes;
    uint32_t serial;
    uint32_t sequence;
    int64_t granule; /* -1: no packet ends on this page */
    uint8_t segments;
    uint8_t flags;
} es_ogg_page;

typedef struct es_ogg {
    const uint8_t *data;
    size_t bytes;
    size_t next; /* where the next page is looked for */
    es_ogg_page page;
    uint32_t serial;
    uint32_t sequence; /* that the next page should carry */
    uint32_t body_at;  /* of the next segment in the page's body */
    uint16_t segment;  /* next segment, page.segments when the page is used up */
    uint32_t held;     /* bytes of an unfinished packet in `packet` */
    bool holding;      /* the last segment of the page before left a packet unfinished */
    bool dropping;     /* ... but its beginning was lost, or it is longer than ES_OGG_PACKET */
    bool fresh;        /* no page was taken since es_ogg_start: nothing can be missing before the next one */
    uint32_t damaged;  /* pages and packets lost */
    uint64_t examined; /* bytes looked at, for counted work */
    uint8_t packet[ES_OGG_PACKET];
} es_ogg;

typedef struct es_ogg_packet {
    const uint8_t *data; /* valid until the next call */
    uint32_t bytes;
} es_ogg_packet;

typedef enum es_ogg_result {
    ES_OGG_OK,
    ES_OGG_PAGE_END, /* es_ogg_packet_next: the page has no further packet that ends in it */
    ES_OGG_GAP,      /* es_ogg_page_next: a page was taken, but something before it was lost */
    ES_OGG_AGAIN,    /* es_ogg_page_next: nothing sound within this call's bound; call again */
    ES_OGG_END       /* es_ogg_page_next: no page follows */
} es_ogg_result;

/* A page at exactly `offset`, its checksum verified; `examined` grows by the bytes looked at. */
bool es_ogg_page_at(const uint8_t *data, size_t bytes, size_t offset, es_ogg_page *page, uint64_t *examined);

/* Begin at `offset` with stream `serial`; keeps `damaged`. */
void es_ogg_start(es_ogg *ogg, size_t offset, uint32_t serial);

/* Take the next page of the stream. Looks at no more than about 128 KiB a call. */
es_ogg_result es_ogg_page_next(es_ogg *ogg);

/* The next packet that ends in the present page: ES_OGG_OK or ES_OGG_PAGE_END. An unfinished packet at the page's end
 * is kept and given back whole from the next page. */
es_ogg_result es_ogg_packet_next(es_ogg *ogg, es_ogg_packet *packet);

/* Calls `count` for each packet that ends in the present page, before any was taken, with its first two bytes
 * (`bytes` tells how many of them there are); a packet whose beginning was lost is left out. Returns the sum. */
uint32_t es_ogg_page_sum(const es_ogg *ogg, uint32_t (*count)(const uint8_t *head, uint32_t bytes));

/* The last sound page of stream `serial` that has a granule, searched backwards within `limit` bytes of work. */
bool es_ogg_last(const uint8_t *data, size_t bytes, uint32_t serial, uint64_t limit, es_ogg_page *page);

#endif
