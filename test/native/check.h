/* Checks for the C tests: no framework, one program a file.
 *
 *     static void a_name_that_is_a_sentence(void) { CHECK(x > 0); CHECK_EQ(f(x), 3); }
 *     int main(void) { RUN(a_name_that_is_a_sentence); DONE(); }
 *
 * A failed check prints file, line, values, seed and the command that repeats it, and the test goes on. Random input
 * comes from check_random(), whose seed is CHECK_SEED (environment; 1 otherwise); CHECK_ONLY runs one test of a file.
 */
#ifndef EARSHOT_CHECK_H
#define EARSHOT_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_SHOWN 10 /* failures of one test that are printed */

static const char *check_name;
static unsigned check_failures; /* of the test that runs */
static unsigned check_passed, check_failed;
static uint64_t check_state;

static inline uint64_t check_seed(void) {
    const char *text = getenv("CHECK_SEED");
    return text == NULL ? 1 : strtoull(text, NULL, 10);
}

/* splitmix64 */
static inline uint64_t check_random64(void) {
    uint64_t z = check_state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* low..high, both included */
static inline int64_t check_random(int64_t low, int64_t high) {
    return low + (int64_t)(check_random64() % ((uint64_t)(high - low) + 1));
}

static inline void check_fail(const char *file, int line, const char *what) {
    if (check_failures++ >= CHECK_SHOWN)
        return;
    const char *base = strrchr(file, '/');
    base = base == NULL ? file : base + 1;
    printf("%s:%d: %s: %s\n", base, line, check_name, what);
    if (check_failures == 1)
        printf("    repeat: CHECK_SEED=%" PRIu64 " CHECK_ONLY=%s make -C test/native run-%.*s\n", check_seed(),
               check_name, (int)strcspn(base, "."), base);
}

static inline bool check_that(const char *file, int line, const char *what, bool holds) {
    if (!holds)
        check_fail(file, line, what);
    return holds;
}

static inline bool check_equal(const char *file, int line, const char *what, long long found, long long expected) {
    char text[600];
    if (found == expected)
        return true;
    snprintf(text, sizeof text, "%s: expected %lld, found %lld", what, expected, found);
    check_fail(file, line, text);
    return false;
}

#define CHECK(condition) check_that(__FILE__, __LINE__, #condition, (condition))
/* Integers: what was found, what was expected. */
#define CHECK_EQ(found, expected)                                                                                      \
    check_equal(__FILE__, __LINE__, #found " == " #expected, (long long)(found), (long long)(expected))

static inline void check_run(const char *name, void (*test)(void)) {
    const char *only = getenv("CHECK_ONLY");
    if (only != NULL && strcmp(only, name) != 0)
        return;
    check_name = name;
    check_failures = 0;
    check_state = check_seed();
    test();
    if (check_failures == 0)
        check_passed++;
    else
        check_failed++;
    printf("%s %s\n", check_failures == 0 ? "ok  " : "FAIL", name);
}

#define RUN(test) check_run(#test, test)
#define DONE()                                                                                                         \
    do {                                                                                                               \
        printf("%u passed, %u failed\n", check_passed, check_failed);                                                  \
        return check_failed == 0 ? 0 : 1;                                                                              \
    } while (0)

/* A whole file in memory aligned to 16 bytes, to be freed; ends the program when it cannot be read. */
static inline uint8_t *check_load(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        printf("%s: cannot be read\n", path);
        exit(1);
    }
    *bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = aligned_alloc(16, (*bytes + 16) & ~(size_t)15);
    if (data == NULL || fread(data, 1, *bytes, file) != *bytes) {
        printf("%s: cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    return data;
}

#endif
