/* Mutated packed files of understanding: the reader must refuse them, or make of them a model with which every text and
 * lattice is answered. Mutated texts and lattices: a good model answers them, or gives a status. */
#include "../../native/base/crc32.h"
#include "driver.h"
#include "earshot/understanding.h"

#define CRC_AT 16

static const uint8_t *good_file;
static es_understanding_model good;
static uint64_t opened, answered, refused[16];
static uint8_t lattice[ES_LATTICE_BYTES];
static int32_t lattice_bytes;
static const char pieces[] = "\u2581set\u2581a\u2581latte\u2581the\u2581get\u2581me";
static const uint16_t offsets[] = {0, 0, 6, 10, 18, 24, 30, 35};
static const es_spelling spelling = {offsets, pieces, 6};

static void finish(uint8_t *data, size_t size) {
    if (size < 32 || memcmp(data, good_file, 4) != 0)
        return;
    uint32_t length = (uint32_t)size;
    memcpy(data + 12, &length, sizeof length);
    memset(data + CRC_AT, 0, 4);
    uint32_t crc = es_crc32(0, data, size);
    memcpy(data + CRC_AT, &crc, sizeof crc);
}

static es_understanding begin(const es_understanding_model *model) {
    static _Alignas(16) uint8_t memory[1 << 18];
    es_understanding understanding;
    es_arena arena;
    es_arena_init(&arena, memory, sizeof memory);
    if (es_understanding_init(&understanding, &arena, model) != ES_OK)
        abort();
    return understanding;
}

static void say(const es_understanding_model *model, const es_understood *understood) {
    char json[ES_UNDERSTOOD_JSON];
    if (es_understood_json(model, understood, json, sizeof json) >= sizeof json)
        abort();
}

/* The same bytes as words and as a lattice. */
static void ask(const uint8_t *data, size_t size) {
    static es_understood understood;
    es_understanding understanding = begin(&good);
    es_status status[] = {es_understand_text(&understanding, (const char *)data, size, &understood), ES_OK};
    if (status[0] == ES_OK)
        say(&good, &understood);
    status[1] = es_understand_lattice(&understanding, data, size, &spelling, &understood);
    if (status[1] == ES_OK)
        say(&good, &understood);
    answered += (status[0] == ES_OK) + (status[1] == ES_OK);
}

static void run(const es_understanding_model *model) {
    static const char *const texts[] = {
        "set a timer for ten minutes", "get me a dark roast iced mocha with a little bit of almond milk and sugar", "a",
        "play jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz jazz "
        "jazz"};
    static es_understood understood;
    es_understanding understanding = begin(model);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (es_understand_text(&understanding, texts[i], strlen(texts[i]), &understood) != ES_OK)
            abort();
        say(model, &understood);
    }
    if (es_understand_lattice(&understanding, lattice, (size_t)lattice_bytes, &spelling, &understood) != ES_OK)
        abort();
}

static void eat(const uint8_t *data, size_t size) {
    static es_understanding_model model;
    size_t where = SIZE_MAX;
    void *copy = aligned_alloc(16, (size + 16) & ~(size_t)15); /* what the reader asks of its caller */
    memcpy(copy, data, size);
    es_status status = es_understanding_open(&model, copy, size, &where);
    if (status == ES_OK) {
        opened++;
        run(&model);
    } else {
        if (where > size)
            abort();
        refused[-status & 15]++;
        ask(data, size);
    }
    free(copy);
}

/* Three places, two words each time. */
static void make_lattice(void) {
    static es_lattice seed;
    seed.nodes = 4;
    for (uint16_t n = 0; n < 3; n++) {
        seed.time[n + 1] = 30 * (n + 1);
        seed.first_edge[n] = seed.edges;
        for (uint16_t i = 0; i < 2; i++) {
            seed.edge[seed.edges++] = (es_lattice_edge){.from = n,
                                                        .to = (uint16_t)(n + 1),
                                                        .piece_at = seed.piece_count,
                                                        .pieces = 1,
                                                        .start = 30 * n,
                                                        .end = 30 * n + 30,
                                                        .acoustic = -710};
            seed.pieces[seed.piece_count++] = (uint16_t)(1 + 2 * n + i);
        }
    }
    seed.first_edge[3] = seed.first_edge[4] = seed.edges;
    es_lattice_sort(&seed);
    lattice_bytes = es_lattice_write(&seed, lattice, sizeof lattice);
    if (lattice_bytes < 0)
        abort();
}

int main(int argc, char **argv) {
    static const char words[] = "get me a dark roast iced mocha with a little bit of almond milk";
    make_lattice();
    fuzz_add_file(ES_GOLDEN "/tiny.esu");
    uint8_t *copy = aligned_alloc(16, (fuzz_seeds[0].size + 16) & ~(size_t)15);
    memcpy(copy, fuzz_seeds[0].data, fuzz_seeds[0].size);
    good_file = copy;
    if (es_understanding_open(&good, copy, fuzz_seeds[0].size, NULL) != ES_OK)
        abort();
    fuzz_add(words, sizeof words - 1);
    fuzz_add(lattice, (size_t)lattice_bytes);
    int code = fuzz_main(argc, argv, finish, eat);
    printf("opened %llu, answered %llu", (unsigned long long)opened, (unsigned long long)answered);
    for (int i = 0; i < 16; i++)
        if (refused[i] > 0)
            printf(", %s %llu", es_status_name((es_status)-i), (unsigned long long)refused[i]);
    printf("\n");
    free(copy);
    return code;
}
