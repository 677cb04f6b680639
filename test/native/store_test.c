/* Settings on flash: what survives a restart, a power cut in any operation, a full part, a bad part. */
#include "earshot/store.h"

#include "flash_sim.h"

#define KEYS 10
#define LONGEST 900

static flash_sim sim;
static es_arena arena;
static es_store *store;
static es_store_found found;

static es_status reopen(void) {
    free(arena.base);
    es_arena_init(&arena, aligned_alloc(16, es_store_bytes()), es_store_bytes());
    es_status status = es_store_open(&store, &arena, &sim.flash, &found);
    CHECK_EQ(arena.used, arena.size);
    return status;
}

static es_status put(const char *key, const char *value) {
    return es_store_put(store, "earshot", key, value, strlen(value));
}

/* The value as text, "" when it is not there. */
static const char *get(const char *key) {
    static char text[ES_STORE_VALUE + 1];
    size_t bytes;
    es_status status = es_store_get(store, "earshot", key, text, ES_STORE_VALUE, &bytes);
    CHECK(status == ES_OK || status == ES_E_STATE);
    text[status == ES_OK ? bytes : 0] = 0;
    return text;
}

static bool holds(const char *key, const char *value) { return strcmp(get(key), value) == 0; }

static void values_survive_a_restart(void) {
    char name[ES_STORE_NAME + 1];
    flash_begin(&sim, 4096, 8);
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_BLANK);
    CHECK_EQ(put("volume", "35"), ES_OK);
    CHECK_EQ(put("mute", "off"), ES_OK);
    CHECK_EQ(put("empty", ""), ES_OK);
    CHECK_EQ(es_store_put(store, "other", "volume", "80", 2), ES_OK);
    CHECK_EQ(put("volume", "40"), ES_OK);
    CHECK_EQ(es_store_delete(store, "earshot", "mute"), ES_OK);
    CHECK_EQ(es_store_delete(store, "earshot", "never"), ES_OK);
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_KEPT);
    CHECK(holds("volume", "40") && holds("mute", ""));
    CHECK_EQ(es_store_key(store, "earshot", 0, name), ES_OK);
    CHECK(strcmp(name, "empty") == 0);
    CHECK_EQ(es_store_key(store, "earshot", 1, name), ES_OK);
    CHECK(strcmp(name, "volume") == 0);
    CHECK_EQ(es_store_key(store, "earshot", 2, name), ES_E_STATE);
}

static void what_is_there_is_not_written_again(void) {
    flash_begin(&sim, 4096, 8);
    reopen();
    put("volume", "35");
    long before = sim.operations;
    CHECK_EQ(put("volume", "35"), ES_OK);
    CHECK_EQ(sim.operations, before);
}

/* ---- power cuts ---- */

static char shadow[KEYS][LONGEST + 1]; /* what was promised */
static char doing[LONGEST + 1];        /* the value under way, of key `at` */
static int at;

static void key_of(int k, char name[8]) { snprintf(name, 8, "k%d", k); }

/* A life of a speaker's settings: short ones often, a long one at times, one deleted; until the power goes. The values
 * depend on `step` alone. */
static void live(int steps) {
    char name[8];
    memset(shadow, 0, sizeof shadow);
    if (reopen() != ES_OK) {
        return;
    }
    for (int step = 0; step < steps && !sim.off; step++) {
        at = step * 7 % KEYS;
        key_of(at, name);
        int length = step % 13 == 5 ? LONGEST - step % 100 : 1 + step % 9;
        memset(doing, 'a' + step % 26, (size_t)length);
        doing[step % 17 == 3 ? 0 : length] = 0;
        es_status status = *doing ? put(name, doing) : es_store_delete(store, "earshot", name);
        if (status == ES_OK) {
            strcpy(shadow[at], doing);
        } else {
            CHECK(sim.off);
        }
    }
}

/* With the power back: every promised value is there, the one under way is the old or the new, and all goes on. */
static void check_after_cut(void) {
    char name[8];
    sim.off = false;
    sim.cut_at = 0;
    CHECK_EQ(reopen(), ES_OK);
    for (int k = 0; k < KEYS; k++) {
        key_of(k, name);
        CHECK(holds(name, shadow[k]) || (k == at && holds(name, doing)));
    }
    CHECK_EQ(put("after", "yes"), ES_OK);
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_KEPT);
    CHECK(holds("after", "yes"));
}

static void the_power_may_go_in_every_operation(void) {
    enum { STEPS = 150 };
    static const uint32_t parts[][2] = {{4096, 8},
                                        {512, 16}}; /* small blocks: compaction and relocation all the time */
    long points = 0;
    for (int p = 0; p < 2; p++) {
        flash_begin(&sim, parts[p][0], parts[p][1]);
        live(STEPS);
        long whole = sim.operations;
        CHECK(!sim.off && whole > STEPS);
        for (long cut = 1; cut <= whole; cut++) {
            for (int tear = 0; tear < TEARS; tear++, points++) {
                flash_begin(&sim, parts[p][0], parts[p][1]);
                sim.cut_at = cut;
                sim.tear = (flash_tear)tear;
                live(STEPS);
                CHECK(sim.off);
                check_after_cut();
                CHECK_EQ(sim.overwrites, 0);
            }
        }
        printf("   %u blocks of %u bytes: %ld operations, each cut in %d ways\n", parts[p][1], parts[p][0], whole,
               TEARS);
    }
    printf("   %ld power cuts, no value lost\n", points);
}

/* Power that goes again and again, also while it starts. */
static void power_may_go_many_times(void) {
    enum { LIVES = 300 };
    char name[8];
    flash_begin(&sim, 512, 16);
    CHECK_EQ(reopen(), ES_OK);
    memset(shadow, 0, sizeof shadow);
    for (int life = 0; life < LIVES; life++) {
        sim.off = false;
        sim.cut_at = sim.operations + check_random(1, 40);
        sim.tear = (flash_tear)check_random(0, TEARS - 1);
        bool up = reopen() == ES_OK;
        for (int k = 0; up && k < KEYS; k++) {
            key_of(k, name);
            CHECK(holds(name, shadow[k]) || (k == at && holds(name, doing)));
            strcpy(shadow[k], get(name));
        }
        while (up && !sim.off) {
            at = (int)check_random(0, KEYS - 1);
            key_of(at, name);
            snprintf(doing, sizeof doing, "%d", (int)check_random(0, 9999));
            if (put(name, doing) == ES_OK) {
                strcpy(shadow[at], doing);
            }
        }
    }
}

/* ---- parts that are full or bad ---- */

static void a_full_part_keeps_what_it_has(void) {
    static char long_value[ES_STORE_VALUE];
    char name[16];
    int taken = 0;
    memset(long_value, 'x', sizeof long_value);
    flash_begin(&sim, 4096, 8);
    reopen();
    CHECK_EQ(put("volume", "35"), ES_OK);
    es_status status = ES_OK;
    for (; taken < 20 && status == ES_OK; taken++) {
        snprintf(name, sizeof name, "long%d", taken);
        status = es_store_put(store, "earshot", name, long_value, sizeof long_value);
    }
    CHECK_EQ(status, ES_E_FULL);
    CHECK(taken > 1 && taken < 20);
    CHECK(holds("volume", "35"));
    CHECK_EQ(es_store_delete(store, "earshot", "long0"), ES_OK);
    CHECK_EQ(put("volume", "36"), ES_OK);
    CHECK_EQ(reopen(), ES_OK);
    CHECK(holds("volume", "36"));
}

static void a_part_that_answers_with_errors_is_told(void) {
    size_t bytes;
    char text[8], name[ES_STORE_NAME + 1];
    flash_begin(&sim, 4096, 8);
    reopen();
    put("volume", "35");
    sim.fails_write = true;
    CHECK_EQ(put("volume", "36"), ES_E_IO);
    CHECK(holds("volume", "35"));
    CHECK_EQ(reopen(), ES_OK);
    CHECK(holds("volume", "35"));
    sim.fails = true;
    CHECK_EQ(reopen(), ES_E_IO);
    CHECK_EQ(es_store_get(store, "earshot", "volume", text, sizeof text, &bytes), ES_E_IO);
    CHECK_EQ(put("volume", "36"), ES_E_IO);
    CHECK_EQ(es_store_delete(store, "earshot", "volume"), ES_E_IO);
    CHECK_EQ(es_store_key(store, "earshot", 0, name), ES_E_IO);
    sim.fails = sim.fails_write = false;
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_KEPT);
    CHECK(holds("volume", "35"));
}

static void a_part_with_something_else_on_it_is_made_anew_and_told(void) {
    flash_begin(&sim, 4096, 8);
    for (uint32_t k = 0; k < flash_bytes(&sim); k++) {
        sim.data[k] = (uint8_t)check_random(0, 255);
    }
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_LOST);
    CHECK_EQ(put("volume", "35"), ES_OK);
    CHECK_EQ(reopen(), ES_OK);
    CHECK_EQ(found, ES_STORE_KEPT);
    CHECK(holds("volume", "35"));
}

/* Bits that flip on their own: any status, never a wrong value, never an access outside (the sanitizers look). */
static void flipped_bits_never_make_a_wrong_value(void) {
    static flash_sim good;
    static char value[LONGEST + 1];
    size_t bytes;
    char text[ES_STORE_VALUE], name[8];
    memset(value, 'v', LONGEST);
    flash_begin(&sim, 512, 16);
    reopen();
    for (int k = 0; k < KEYS; k++) {
        key_of(k, name);
        CHECK_EQ(es_store_put(store, "earshot", name, value, k % 2 ? LONGEST / 4 : 5), ES_OK);
    }
    good = sim;
    for (int turn = 0; turn < 3000; turn++) {
        sim = good;
        sim.flash.context = &sim;
        for (int flips = (int)check_random(1, 8); flips > 0; flips--) {
            sim.data[check_random(0, flash_bytes(&sim) - 1)] ^= (uint8_t)(1 << check_random(0, 7));
        }
        es_status status = reopen();
        for (int k = 0; status == ES_OK && k < KEYS; k++) {
            key_of(k, name);
            if (es_store_get(store, "earshot", name, text, sizeof text, &bytes) == ES_OK) {
                CHECK(bytes == (k % 2 ? LONGEST / 4u : 5u) && memcmp(text, value, bytes) == 0);
            }
        }
        put("k1", "new");
    }
}

static void bounds_are_checked(void) {
    static char long_name[ES_STORE_NAME + 2];
    size_t bytes;
    char text[4];
    flash_begin(&sim, 4096, 8);
    sim.flash.blocks = 3;
    CHECK_EQ(es_store_open(&store, &arena, &sim.flash, &found), ES_E_ARGUMENT);
    sim.flash.blocks = 8;
    sim.flash.unit_bytes = 12;
    CHECK_EQ(es_store_open(&store, &arena, &sim.flash, &found), ES_E_ARGUMENT);
    sim.flash.unit_bytes = 16;
    CHECK_EQ(es_store_open(&store, &arena, &sim.flash, &found), ES_E_MEMORY);
    reopen();
    memset(long_name, 'n', ES_STORE_NAME + 1);
    CHECK_EQ(put(long_name, "1"), ES_E_ARGUMENT);
    CHECK_EQ(put("a/b", "1"), ES_E_ARGUMENT);
    CHECK_EQ(put("a\x1f", "1"), ES_E_ARGUMENT);
    long_name[ES_STORE_NAME] = 0;
    CHECK_EQ(es_store_put(store, long_name, long_name, "1", 1), ES_OK);
    CHECK_EQ(es_store_put(store, "p", "k", "12345", 5), ES_OK);
    CHECK_EQ(es_store_get(store, "p", "k", text, sizeof text, &bytes), ES_E_FULL);
    CHECK_EQ(bytes, 5);
    CHECK_EQ(es_store_put(store, "p", "k", "", ES_STORE_VALUE + 1), ES_E_ARGUMENT);
    printf("   %zu bytes of memory\n", es_store_bytes());
}

int main(void) {
    RUN(values_survive_a_restart);
    RUN(what_is_there_is_not_written_again);
    RUN(the_power_may_go_in_every_operation);
    RUN(power_may_go_many_times);
    RUN(a_full_part_keeps_what_it_has);
    RUN(a_part_that_answers_with_errors_is_told);
    RUN(a_part_with_something_else_on_it_is_made_anew_and_told);
    RUN(flipped_bits_never_make_a_wrong_value);
    RUN(bounds_are_checked);
    free(arena.base);
    DONE();
}
