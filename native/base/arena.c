/* The bump allocator: blocks in the order they were asked for, nothing given back. */
#include <string.h>

#include "earshot/base.h"

#define ALIGNMENT 16

_Static_assert((-1 >> 1) == -1, "right shift of negative numbers must be arithmetic");

void es_arena_init(es_arena *arena, void *memory, size_t bytes) {
    size_t skip = (size_t)(-(uintptr_t)memory) & (ALIGNMENT - 1);
    if (memory == NULL || bytes < skip)
        skip = bytes = 0;
    arena->base = (uint8_t *)memory + skip;
    arena->size = bytes - skip;
    arena->used = 0;
}

size_t es_arena_need(size_t bytes) {
    /* A size near SIZE_MAX would wrap to a small one: saturate, so that no arena can serve it. */
    return bytes > SIZE_MAX - (ALIGNMENT - 1) ? SIZE_MAX : (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void *es_arena_take(es_arena *arena, size_t bytes) {
    size_t need = es_arena_need(bytes);
    if (need > arena->size - arena->used)
        return NULL;
    void *block = arena->base + arena->used;
    arena->used += need;
    return memset(block, 0, bytes);
}
