#include "heap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ALIGNMENT 16

/* Before each block; blocks follow each other without gaps to the end of the area. */
typedef struct block {
    uint32_t bytes; /* of the block, this head included */
    uint32_t taken;
    uint32_t unused[2]; /* the engine reads text by words, also before its first byte */
} block;

_Static_assert(sizeof(block) == ALIGNMENT, "data behind a head must be aligned");

static bool open;
static size_t used, peak;

static block *first(void) { return (block *)es_heap_area; }

static block *after(block *at) {
    unsigned char *next = (unsigned char *)at + at->bytes;
    return next < es_heap_area + es_heap_bytes ? (block *)next : NULL;
}

static void join(block *at) {
    for (block *next; (next = after(at)) && !next->taken;) {
        at->bytes += next->bytes;
    }
}

static void split(block *at, uint32_t bytes) {
    if (at->bytes - bytes >= 2 * ALIGNMENT) {
        block *rest = (block *)((unsigned char *)at + bytes);
        rest->bytes = at->bytes - bytes;
        rest->taken = 0;
        at->bytes = bytes;
    }
}

void *es_heap_take(size_t bytes) {
    if (!open) {
        *first() = (block){.bytes = (uint32_t)es_heap_bytes};
        open = true;
    }
    if (bytes > es_heap_bytes) {
        return NULL;
    }
    uint32_t need = (uint32_t)((bytes + sizeof(block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
    for (block *at = first(); at; at = after(at)) {
        if (at->taken) {
            continue;
        }
        join(at);
        if (at->bytes >= need) {
            split(at, need);
            at->taken = 1;
            used += at->bytes;
            peak = used > peak ? used : peak;
            return at + 1;
        }
    }
    return NULL;
}

void *es_heap_take_zeroed(size_t count, size_t bytes) {
    size_t all = count * bytes;
    void *data = bytes && all / bytes != count ? NULL : es_heap_take(all);
    return data ? memset(data, 0, all) : NULL;
}

void es_heap_give(void *data) {
    if (data) {
        block *at = (block *)data - 1;
        at->taken = 0;
        used -= at->bytes;
    }
}

void *es_heap_resize(void *data, size_t bytes) {
    void *copy = es_heap_take(bytes);
    if (copy && data) {
        size_t have = ((block *)data - 1)->bytes - sizeof(block);
        memcpy(copy, data, have < bytes ? have : bytes);
        es_heap_give(data);
    }
    return copy;
}

size_t es_heap_used(void) { return used; }

size_t es_heap_peak(void) { return peak; }
