/* A small mutation fuzzer: deterministic by its seed, no tool but a C compiler. A target gives its seeds of input and a
 * function that eats one input; the address and undefined-behaviour sanitisers are the judges.
 *
 *     x_fuzz [COUNT [SEED [FIRST]]]    COUNT mutated inputs (default 10000), from number FIRST on
 *
 * Input n depends on SEED and n alone: when one kills the program, the last line printed is the command that repeats
 * that one. An input that takes over 20 s counts as a crash. */
#ifndef EARSHOT_FUZZ_DRIVER_H
#define EARSHOT_FUZZ_DRIVER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__has_include) && (defined(__SANITIZE_ADDRESS__) || defined(__clang__))
#if __has_include(<sanitizer/common_interface_defs.h>)
#include <sanitizer/common_interface_defs.h>
#define FUZZ_DEATH 1
#endif
#endif

#define FUZZ_MAX_SEEDS 64
#define FUZZ_GROWTH 4096 /* bytes by which an input may outgrow its seed */

static struct {
    uint8_t *data;
    size_t size;
} fuzz_seeds[FUZZ_MAX_SEEDS];
static unsigned fuzz_seed_count;
static uint64_t fuzz_state, fuzz_seed, fuzz_number;
static const char *fuzz_program;

/* splitmix64 */
static inline uint64_t fuzz_random(uint64_t below) {
    uint64_t z = fuzz_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}

static inline void fuzz_add(const void *data, size_t size) {
    if (fuzz_seed_count == FUZZ_MAX_SEEDS)
        return;
    uint8_t *copy = malloc(size + 1);
    memcpy(copy, data, size);
    fuzz_seeds[fuzz_seed_count].data = copy;
    fuzz_seeds[fuzz_seed_count++].size = size;
}

/* Ends the program when the file cannot be read: a fuzzer without its seeds finds nothing. */
static inline void fuzz_add_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    size_t size = (size_t)ftell(file);
    uint8_t *data = malloc(size + 1);
    rewind(file);
    if (fread(data, 1, size, file) != size)
        exit(2);
    fclose(file);
    fuzz_add(data, size);
    free(data);
}

static inline void fuzz_say_repeat(void) {
    fprintf(stderr, "repeat: %s 1 %llu %llu\n", fuzz_program, (unsigned long long)fuzz_seed,
            (unsigned long long)fuzz_number);
}

static inline void fuzz_late(int signal_number) {
    (void)signal_number;
    static const char text[] = "an input took over 20 s\n";
    if (write(2, text, sizeof text - 1) > 0)
        fuzz_say_repeat();
    _exit(1);
}

static inline void fuzz_put(uint8_t *data, size_t size, size_t at, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes && at + i < size; i++, value >>= 8)
        data[at + i] = (uint8_t)value;
}

/* One change of `data`, whose room is at least `size` + FUZZ_GROWTH; the new size. */
static inline size_t fuzz_mutate(uint8_t *data, size_t size, size_t room) {
    static const uint32_t edges[] = {0,      1,      2,       3,          4,          7,          8,
                                     15,     16,     0x7f,    0x80,       0xff,       0x100,      0x7fff,
                                     0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};
    if (size == 0)
        return 0;
    size_t at = fuzz_random(size), length = 1 + fuzz_random(fuzz_random(8) == 0 ? size : 16);
    length = length < size - at ? length : size - at;
    switch (fuzz_random(10)) {
    case 0:
    case 1:
        data[at] ^= (uint8_t)(1 << fuzz_random(8));
        break;
    case 2:
        data[at] = (uint8_t)fuzz_random(256);
        break;
    case 3:
    case 4: /* a number at the edge of something, in a field that is as wide as it is aligned */
        at &= ~(size_t)3;
        fuzz_put(data, size, at + 2 * fuzz_random(2), edges[fuzz_random(sizeof edges / sizeof edges[0])],
                 1u << fuzz_random(3));
        break;
    case 5: /* a little more or less */
        data[at] = (uint8_t)(data[at] + fuzz_random(33) - 16);
        break;
    case 6: { /* a stretch from elsewhere */
        size_t from = fuzz_random(size);
        memmove(data + at, data + from, length < size - from ? length : size - from);
        break;
    }
    case 7: /* left out */
        memmove(data + at, data + at + length, size - at - length);
        return size - length;
    case 8: /* twice */
        if (size + length > room)
            break;
        memmove(data + at + length, data + at, size - at);
        return size + length;
    default: /* cut, seldom */
        if (fuzz_random(4) == 0)
            return at;
        data[at] = 0;
    }
    return size;
}

/* `finish` may repair what every input needs, e.g. a checksum, or be NULL; it is called for three inputs of four. */
static inline int fuzz_main(int argc, char **argv, void (*finish)(uint8_t *data, size_t size),
                            void (*eat)(const uint8_t *data, size_t size)) {
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000;
    uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    fuzz_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    fuzz_program = argv[0];
#ifdef FUZZ_DEATH
    __sanitizer_set_death_callback(fuzz_say_repeat);
#endif
    signal(SIGALRM, fuzz_late);
    size_t room = 0;
    for (unsigned i = 0; i < fuzz_seed_count; i++)
        room = fuzz_seeds[i].size > room ? fuzz_seeds[i].size : room;
    room += FUZZ_GROWTH;
    uint8_t *scratch = malloc(room);
    for (fuzz_number = first; fuzz_number < first + count; fuzz_number++) {
        fuzz_state = fuzz_seed * 0xd1342543de82ef95u + fuzz_number * 0xaf251af3b0f025b5u;
        unsigned pick = (unsigned)fuzz_random(fuzz_seed_count);
        size_t size = fuzz_seeds[pick].size;
        memcpy(scratch, fuzz_seeds[pick].data, size);
        for (uint64_t turns = 1 + fuzz_random(6); turns > 0; turns--)
            size = fuzz_mutate(scratch, size, room);
        bool finished = fuzz_random(4) != 0;
        if (finish != NULL && finished)
            finish(scratch, size);
        /* Exactly as large as the input, so that the sanitiser sees the first byte past it. */
        uint8_t *input = malloc(size > 0 ? size : 1);
        memcpy(input, scratch, size);
        alarm(20);
        eat(input, size);
        free(input);
    }
    alarm(0);
    free(scratch);
    for (unsigned i = 0; i < fuzz_seed_count; i++)
        free(fuzz_seeds[i].data);
    fprintf(stdout, "%llu inputs, seed %llu: no fault\n", (unsigned long long)count, (unsigned long long)fuzz_seed);
    return 0;
}

#endif
