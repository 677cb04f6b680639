/* The lattices of test/unit/recognizer/lattices.ts, which the TypeScript reader reads too: both must see the same in
 * them. LATTICE_VECTORS=FILE writes that file anew, from random lattices of a fixed seed. */
#include "../../native/decoder/fixed_log.h"
#include "check.h"
#include "earshot/lattice.h"

#define FIXTURE ES_FIXTURES "/../../unit/recognizer/lattices.ts"
#define VECTORS 24

static es_lattice lattice;
static es_nbest memory;

/* nodes; each edge; posteriors in 1/1000; ten best with Q10 scores. As dump() of test/unit/recognizer/lattice.test.ts.
 */
static uint32_t dump(char *out, size_t room) {
    static es_path paths[ES_NBEST];
    uint32_t used =
        (uint32_t)snprintf(out, room, "%u %u %u %u", lattice.model, lattice.utterance, lattice.revision, lattice.start);
    for (uint16_t n = 0; n < lattice.nodes; n++)
        used += (uint32_t)snprintf(out + used, room - used, "%s%d", n == 0 ? " | " : " ", lattice.time[n]);
    for (uint16_t e = 0; e < lattice.edges; e++) {
        const es_lattice_edge *edge = &lattice.edge[e];
        used += (uint32_t)snprintf(out + used, room - used, " | %u>%u %d-%d %d %d %d %d", edge->from, edge->to,
                                   edge->start, edge->end, edge->acoustic, edge->language, edge->bias,
                                   (int)(((uint64_t)edge->posterior * 1000 + (1 << 29)) >> 30));
        for (uint16_t i = 0; i < edge->pieces; i++)
            used += (uint32_t)snprintf(out + used, room - used, "%c%u", i == 0 ? ' ' : ',',
                                       lattice.pieces[edge->piece_at + i]);
    }
    uint16_t found = es_lattice_nbest(&lattice, NULL, &memory, paths, ES_NBEST, NULL);
    for (uint16_t i = 0; i < found; i++)
        used += (uint32_t)snprintf(out + used, room - used, "%s%d", i == 0 ? " | " : " ", paths[i].score);
    return used;
}

static void make(void) {
    memset(&lattice, 0, sizeof lattice);
    lattice.model = (uint32_t)check_random64();
    lattice.utterance = (uint32_t)check_random(1, 400);
    lattice.revision = (uint32_t)check_random(0, 3);
    lattice.start = (uint32_t)check_random(0, 100000);
    lattice.nodes = (uint16_t)check_random(2, 9);
    for (uint16_t n = 0; n < lattice.nodes; n++) {
        uint32_t weight[4], sum = 0, count = n + 1 < lattice.nodes ? (uint32_t)check_random(1, 3) : 0;
        lattice.time[n] = n == 0 ? 0 : lattice.time[n - 1] + (int32_t)check_random(1, 60);
        lattice.first_edge[n] = lattice.edges;
        for (uint32_t i = 0; i < count; i++)
            sum += weight[i] = 1u << check_random(4, 16);
        for (uint32_t i = 0; i < count; i++) {
            es_lattice_edge *edge = &lattice.edge[lattice.edges++];
            *edge = (es_lattice_edge){.from = n, .piece_at = lattice.piece_count, .start = lattice.time[n] + 2};
            edge->to = (uint16_t)(i == 0 ? n + 1 : check_random(n + 1, lattice.nodes - 1));
            edge->pieces = (uint16_t)(n == 0 && edge->to + 1 == lattice.nodes && i == 2 ? 0 : check_random(1, 4));
            for (uint16_t k = 0; k < edge->pieces; k++)
                lattice.pieces[lattice.piece_count++] =
                    (uint16_t)check_random(1, check_random(0, 40) == 0 ? 4000 : 256);
            edge->language = (int32_t)check_random(-4000, 0);
            edge->bias = (int32_t)(check_random(0, 3) == 0 ? check_random(-2000, 3000) : 0);
            edge->acoustic = es_ln_q10(((uint64_t)weight[i] << 30) / sum) - edge->language - edge->bias;
        }
    }
    lattice.first_edge[lattice.nodes] = lattice.edges;
    for (uint16_t e = 0; e < lattice.edges; e++)
        lattice.edge[e].end = lattice.time[lattice.edge[e].to] + (int32_t)check_random(2, 5);
    es_lattice_sort(&lattice);
}

static void write_vectors(const char *path) {
    FILE *file = fopen(path, "w");
    fprintf(file,
            "// Coded lattices and what a reader must see in them. Made by\n"
            "//     LATTICE_VECTORS=test/unit/recognizer/lattices.ts make -C test/native run-lattice_vectors_test\n"
            "// with the path from the root; read by that test and by test/unit/recognizer/lattice.test.ts.\n\n"
            "export const LATTICES: readonly { readonly hex: string; readonly dump: string }[] = [\n");
    for (int i = 0; i < VECTORS; i++) {
        uint8_t bytes[ES_LATTICE_BYTES];
        char text[20000];
        make();
        int32_t size = es_lattice_write(&lattice, bytes, sizeof bytes);
        CHECK_EQ(es_lattice_read(&lattice, bytes, (uint32_t)size, NULL), ES_OK);
        dump(text, sizeof text);
        fprintf(file, "  {\n    hex: \"");
        for (int32_t k = 0; k < size; k++)
            fprintf(file, "%02x", bytes[k]);
        fprintf(file, "\",\n    dump: \"%s\",\n  },\n", text);
    }
    fprintf(file, "];\n");
    fclose(file);
}

static void the_shared_lattices_are_read_as_they_say(void) {
    size_t length;
    if (getenv("LATTICE_VECTORS") != NULL)
        write_vectors(getenv("LATTICE_VECTORS"));
    char *text = (char *)check_load(FIXTURE, &length), *at = text;
    text[length - 1] = 0;
    unsigned vectors = 0;
    while ((at = strstr(at, "hex: \"")) != NULL) {
        uint8_t bytes[ES_LATTICE_BYTES];
        char seen[20000];
        uint32_t size = 0;
        for (at += 6; *at != '"' && size < sizeof bytes; at += 2) {
            char digits[3] = {at[0], at[1], 0};
            bytes[size++] = (uint8_t)strtoul(digits, NULL, 16);
        }
        if (!CHECK_EQ(es_lattice_read(&lattice, bytes, size, NULL), ES_OK))
            continue;
        uint32_t used = dump(seen, sizeof seen);
        at = strstr(at, "dump: \"") + 7;
        CHECK(strncmp(at, seen, used) == 0 && at[used] == '"');
        vectors++;
    }
    CHECK_EQ(vectors, VECTORS);
    free(text);
}

int main(void) {
    RUN(the_shared_lattices_are_read_as_they_say);
    DONE();
}
