/* Mutated lattices: the reader must refuse them, or make of them a lattice whose bytes are the very ones it read, whose
 * posteriors sum to 1 and whose best paths can be listed. */
#include "driver.h"
#include "earshot/lattice.h"

static uint64_t read_well, refused[16];
static es_lattice lattice;
static es_nbest memory;

static void eat(const uint8_t *data, size_t size) {
    static es_path paths[ES_NBEST];
    uint8_t again[ES_LATTICE_BYTES];
    uint32_t where = UINT32_MAX;
    es_status status = es_lattice_read(&lattice, data, (uint32_t)size, &where);
    if (where > size)
        abort();
    if (status != ES_OK) {
        refused[-status]++;
        return;
    }
    read_well++;
    int32_t written = es_lattice_write(&lattice, again, sizeof again);
    if (written != (int32_t)size || memcmp(again, data, size) != 0)
        abort();
    uint64_t end = 0;
    for (uint16_t e = 0; e < lattice.edges; e++)
        if (lattice.edge[e].to + 1 == lattice.nodes)
            end += lattice.edge[e].posterior;
    if (end != 1u << 30)
        abort();
    if (es_lattice_nbest(&lattice, NULL, &memory, paths, 3, NULL) == 0)
        abort();
    es_lattice_prune(&lattice, 1u << 22);
    es_lattice_sort(&lattice);
    if (es_lattice_write(&lattice, again, sizeof again) < 0)
        abort();
}

/* A lattice to start from: `words` words one after the other, each with `ways` edges of equal probability. */
static void add_seed(uint32_t words, uint32_t ways, int32_t score, bool wide) {
    uint8_t bytes[ES_LATTICE_BYTES];
    static es_lattice seed;
    memset(&seed, 0, sizeof seed);
    seed.model = 0x1234567;
    seed.utterance = words;
    seed.nodes = (uint16_t)(words + 1);
    for (uint16_t n = 0; n < words; n++) {
        seed.time[n + 1] = 30 * (n + 1);
        seed.first_edge[n] = seed.edges;
        for (uint32_t i = 0; i < ways; i++) {
            es_lattice_edge *edge = &seed.edge[seed.edges++];
            *edge = (es_lattice_edge){.from = n, .to = (uint16_t)(n + 1), .piece_at = seed.piece_count, .pieces = 2};
            edge->start = seed.time[n] + 4;
            edge->end = seed.time[n + 1];
            edge->language = -700;
            edge->bias = 300;
            edge->acoustic = score + 400;
            seed.pieces[seed.piece_count++] = (uint16_t)(wide ? 3000 + i : 5 + i);
            seed.pieces[seed.piece_count++] = (uint16_t)(7 + n);
        }
    }
    seed.first_edge[words] = seed.first_edge[words + 1] = seed.edges;
    es_lattice_sort(&seed);
    int32_t size = es_lattice_write(&seed, bytes, sizeof bytes);
    if (size < 0 || es_lattice_read(&lattice, bytes, (uint32_t)size, NULL) != ES_OK)
        abort();
    fuzz_add(bytes, (size_t)size);
}

int main(int argc, char **argv) {
    add_seed(1, 1, 0, false);
    add_seed(3, 2, -710, false);
    add_seed(8, 3, -1125, false);
    add_seed(5, 4, -1420, true);
    int code = fuzz_main(argc, argv, NULL, eat);
    printf("read: %llu; refused:", (unsigned long long)read_well);
    for (int i = 0; i < 16; i++)
        if (refused[i] > 0)
            printf(" %s %llu", es_status_name((es_status)-i), (unsigned long long)refused[i]);
    printf("\n");
    return code;
}
