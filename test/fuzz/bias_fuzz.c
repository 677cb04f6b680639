/* Mutated lists of names: refused with a place inside them, or taken, and then every exchange ends, no path reads
 * outside the automaton, and what was begun and not completed is paid back: a path's bonus is never more than its
 * letters are worth, and none is left when no name was completed. */
#include "../../native/decoder/bias.h"

#include "../native/bias_list.h"
#include "driver.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz'"
#define OPEN "\xe2\x96\x81"

static uint64_t taken, refused[16];
static es_model model;
static uint16_t offsets[64];
static char texts[200];
static es_bias *bias;

/* A space, all letters, and some pieces of several. */
static void make_model(void) {
    static const char *const more[] = {OPEN "an", "na", "ing", OPEN "the", "all", OPEN "ca"};
    uint16_t label = 1, used = 0;
    memcpy(texts, OPEN, 3);
    used = 3;
    offsets[1] = 0;
    offsets[2] = used;
    for (const char *at = LETTERS; *at; at++) {
        texts[used++] = *at;
        offsets[++label + 1] = used;
    }
    for (unsigned i = 0; i < sizeof more / sizeof more[0]; i++) {
        memcpy(texts + used, more[i], strlen(more[i]));
        used = (uint16_t)(used + strlen(more[i]));
        offsets[++label + 1] = used;
    }
    model = (es_model){.vocabulary = label, .piece_offsets = offsets, .piece_text = texts, .bias_weight = 256};
}

static void follow(const uint8_t *data, size_t size) {
    uint32_t state = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < 64; i++) {
        uint16_t label = (uint16_t)(1 + (size > 0 ? data[(i * 7) % size] : i) % model.vocabulary);
        uint32_t next;
        int32_t score;
        es_bias_step(bias, state, label, &next, &score);
        state = next;
        sum += score;
        int64_t total = sum + es_bias_end(bias, state);
        if (total < 0 || sum < 0)
            abort();
    }
}

/* Names one after the other, letter by letter: each is worth its value or more of the list's weights, never less. */
static void follow_names(void) {
    uint32_t bytes, at;
    uint16_t names;
    const uint8_t *list = es_bias_list(bias, &bytes);
    at = es_bias_first(list, &names);
    for (uint16_t i = 0; i < names; i++) {
        es_bias_entry entry;
        uint32_t state = 0;
        int64_t sum = 0;
        at = es_bias_entry_at(list, at, &entry);
        for (uint32_t k = 0; k < entry.bytes; k++) {
            uint8_t letter = list[entry.text + k];
            const char *found = letter == ' ' ? NULL : memchr(LETTERS, letter, sizeof LETTERS - 1);
            uint32_t next;
            int32_t score;
            if (letter != ' ' && found == NULL)
                return; /* it can't be spelled */
            es_bias_step(bias, state, (uint16_t)(found == NULL ? 1 : 2 + (found - LETTERS)), &next, &score);
            state = next;
            sum += score;
        }
        if (entry.class == 0 && sum + es_bias_end(bias, state) < es_bias_value(bias, entry.bytes, entry.weight))
            abort();
    }
}

static void eat(const uint8_t *data, size_t size) {
    uint32_t where = UINT32_MAX;
    es_work work = {0};
    es_status status = es_bias_set(bias, data, (uint32_t)size, &where, &work);
    if (where > size)
        abort();
    if (status != ES_OK) {
        refused[-status]++;
        return;
    }
    taken++;
    es_bias_begin(bias);
    for (int slices = 0; !es_bias_build(bias, 20000, &work); slices++)
        if (slices > 1000)
            abort();
    follow(data, size);
    follow_names();
}

static void add_seed(const bias_list *list) { fuzz_add(list->bytes, list->size); }

int main(int argc, char **argv) {
    static bias_list list;
    static uint8_t memory[70000];
    es_arena arena;
    make_model();
    es_arena_init(&arena, memory, sizeof memory);
    if (es_bias_init(&bias, &arena, &model) != ES_OK)
        return 2;
    bias_list_begin(&list);
    add_seed(&list);
    bias_list_name(&list, 0, 16, "anna");
    bias_list_name(&list, 0, 32, "anna smith");
    bias_list_name(&list, 0, 16, "an");
    add_seed(&list);
    bias_list_begin(&list);
    bias_list_class(&list, "contact", 32, "call|call the|text");
    bias_list_class(&list, "free", 16, "");
    bias_list_name(&list, 1, 16, "ann ann");
    bias_list_name(&list, 2, 16, "the call");
    bias_list_name(&list, 1, 16, "al");
    add_seed(&list);
    bias_list_begin(&list);
    bias_list_class(&list, "device", 16, "a b c|a b|b c");
    for (int i = 0; i < 40; i++) {
        char name[] = "a b c d";
        name[2 * (i % 4)] = (char)('a' + i % 7);
        bias_list_name(&list, (uint8_t)(i % 2), (uint8_t)i, name);
    }
    add_seed(&list);
    int code = fuzz_main(argc, argv, NULL, eat);
    printf("taken: %llu; refused:", (unsigned long long)taken);
    for (int i = 0; i < 16; i++)
        if (refused[i] > 0)
            printf(" %s %llu", es_status_name((es_status)-i), (unsigned long long)refused[i]);
    printf("\n");
    return code;
}
