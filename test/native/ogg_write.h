/* Writes Ogg pages for the tests of the reader: an own checksum (bit by bit, from RFC 3533), any layout of packets. */
#ifndef EARSHOT_TEST_OGG_WRITE_H
#define EARSHOT_TEST_OGG_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OGG_MOST_PACKETS 512

/* Packets of a file, in order: [0] identification, [1] comments, then sound. */
typedef struct ogg_packets {
    size_t count;
    const uint8_t *data[OGG_MOST_PACKETS]; /* into `store` */
    size_t bytes[OGG_MOST_PACKETS];
    uint8_t *store;
    int64_t last_granule;
} ogg_packets;

/* Takes a sound file apart without our reader. False when it is none. Free `store`. */
bool ogg_take_apart(ogg_packets *packets, const uint8_t *file, size_t bytes);

typedef struct ogg_layout {
    uint32_t serial;
    size_t segments;      /* most segments a page; packets are split where a page is full; 0: 255 */
    size_t packets;       /* most packets that may end on a page; 0: no bound */
    uint32_t duration;    /* samples of each sound packet */
    int64_t granule;      /* of the first sample */
    int64_t last_granule; /* of the last page, 0: what the packets hold */
    bool no_last_flag;
} ogg_layout;

/* Writes the packets as one stream; returns its bytes, `out` must be large enough. Offsets of the pages go to `pages`
 * (may be NULL), their number to `page_count`. */
size_t ogg_put_together(uint8_t *out, const ogg_packets *packets, const ogg_layout *layout, size_t *pages,
                        size_t *page_count);

/* Sets the checksum of the page at `page` anew. */
void ogg_seal(uint8_t *page);

/* Reads a whole file into memory of its own size (so that a sanitiser sees a byte too far). NULL: not there. */
uint8_t *read_file(const char *path, size_t *bytes);

#endif
