/* The reader opens what the writer wrote and refuses everything else. */
#include "../../native/base/crc32.h"
#include "check.h"
#include "earshot/model.h"

static uint8_t *tiny, *copy;
static size_t tiny_bytes;

static es_status open_copy(size_t bytes, size_t *where) {
    es_model model;
    return es_model_open(&model, copy, bytes, where);
}

static void put(size_t at, unsigned value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++, value >>= 8)
        copy[at + i] = (uint8_t)value;
}

static unsigned get(size_t at, unsigned bytes) {
    unsigned value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (unsigned)copy[at + i] << (8 * i);
    return value;
}

/* Makes the checksum hold again, so that the deeper checks are reached. */
static void seal(size_t bytes) {
    put(20, 0, 4);
    put(20, es_crc32(0, copy, bytes), 4);
}

static void restore(void) { memcpy(copy, tiny, tiny_bytes); }

static size_t section(unsigned kind, unsigned index) {
    for (size_t at = 32; at < 32 + 16 * (size_t)get(16, 4); at += 16)
        if (get(at, 2) == kind && get(at + 2, 2) == index)
            return get(at + 4, 4);
    CHECK(!"section");
    return 0;
}

static void a_written_model_opens(void) {
    es_model model;
    size_t bytes;
    CHECK_EQ(es_model_open(&model, tiny, tiny_bytes, NULL), ES_OK);
    CHECK_EQ(model.stack, 1);
    CHECK_EQ(model.layers, 1);
    CHECK_EQ(model.lstm[0].units, 4);
    CHECK_EQ(model.vocabulary, 5);
    CHECK_EQ(model.finish_frames, 5);
    uint8_t *small = check_load(ES_GOLDEN "/small.esm", &bytes);
    CHECK_EQ(es_model_open(&model, small, bytes, NULL), ES_OK);
    CHECK_EQ(model.layers, 2);
    CHECK_EQ(model.lstm[1].units, 24);
    CHECK_EQ(model.lstm[0].input.counts[1], 0);
    CHECK_EQ(model.joint_encoder.rows, 24);
    CHECK_EQ(model.output.rows, 32);
    CHECK(strstr(model.provenance, "random_model") != NULL);
    free(small);
}

static void every_flipped_bit_is_refused(void) {
    es_model model;
    for (size_t i = 0; i < tiny_bytes; i++) {
        for (int bit = 0; bit < 8; bit++) {
            size_t where = SIZE_MAX;
            copy[i] ^= (uint8_t)(1 << bit);
            es_status status = es_model_open(&model, copy, tiny_bytes, &where);
            if (i < 8)
                CHECK(status == ES_E_MAGIC && where == i);
            else if (i < 10)
                CHECK(status == ES_E_VERSION && where == 8);
            else if (i >= 12 && i < 16)
                CHECK(status == ES_E_SHORT || status == ES_E_CORRUPT);
            else
                CHECK(status == ES_E_CHECKSUM && where == 20);
            copy[i] ^= (uint8_t)(1 << bit);
        }
    }
}

static void every_shorter_file_is_refused(void) {
    for (size_t bytes = 0; bytes < tiny_bytes; bytes++) {
        size_t where;
        uint8_t *cut = aligned_alloc(16, (bytes + 16) & ~(size_t)15); /* the sanitiser sees a read past the end */
        es_model model;
        memcpy(cut, tiny, bytes);
        CHECK_EQ(es_model_open(&model, cut, bytes, &where), ES_E_SHORT);
        CHECK_EQ(where, bytes);
        free(cut);
    }
    memset(copy + tiny_bytes, 0, 16);
    CHECK_EQ(open_copy(tiny_bytes + 16, NULL), ES_E_CORRUPT);
}

static void other_kinds_of_files_are_named(void) {
    static const char lfs[] = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    es_model model;
    size_t where;
    memcpy(copy, lfs, sizeof lfs);
    CHECK_EQ(open_copy(sizeof lfs - 1, &where), ES_E_MAGIC);
    CHECK_EQ(where, 0);
    CHECK_EQ(open_copy(0, NULL), ES_E_SHORT);
    CHECK_EQ(es_model_open(&model, NULL, 0, NULL), ES_E_ARGUMENT);
    restore();
    CHECK_EQ(es_model_open(&model, copy + 1, tiny_bytes - 1, NULL), ES_E_ARGUMENT);
    put(8, 2, 2);
    seal(tiny_bytes);
    CHECK_EQ(open_copy(tiny_bytes, &where), ES_E_VERSION);
    CHECK_EQ(where, 8);
    restore();
}

/* One field out of its bounds, checksum right: refused there. */
static void refuses(size_t at, unsigned bytes, unsigned value, es_status status) {
    size_t where = SIZE_MAX;
    put(at, value, bytes);
    seal(tiny_bytes);
    es_status found = open_copy(tiny_bytes, &where);
    if (!CHECK_EQ(found, status) || !CHECK(where < tiny_bytes))
        printf("    field at %zu, value %u, where %zu\n", at, value, where);
    restore();
}

static void every_field_has_bounds(void) {
    size_t config = section(1, 0), layer = section(2, 0), limits = section(7, 0);
    refuses(10, 2, 33, ES_E_CORRUPT);
    refuses(16, 4, 0, ES_E_CORRUPT);
    refuses(16, 4, 0x10000000, ES_E_CORRUPT);
    refuses(32, 2, 99, ES_E_UNSUPPORTED);
    refuses(32, 2, 3, ES_E_CORRUPT);        /* kinds must ascend */
    refuses(32 + 4, 4, 1000, ES_E_CORRUPT); /* offset */
    refuses(32 + 8, 4, 0xffffffff, ES_E_CORRUPT);
    refuses(32 + 8, 4, 16, ES_E_CORRUPT);
    refuses(config, 2, 2, ES_E_UNSUPPORTED);
    static const unsigned fields[][2] = {{2, 41}, {4, 161}, {6, 399},   {8, 0},  {8, 17},  {10, 0},
                                         {10, 7}, {12, 0},  {12, 4001}, {14, 0}, {14, 3},  {14, 514},
                                         {16, 0}, {16, 12}, {16, 1032}, {18, 0}, {18, 20}, {18, 1032}};
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
        refuses(config + fields[i][0], 2, fields[i][1], ES_E_CORRUPT);
    refuses(config + 8, 2, 2, ES_E_CORRUPT);  /* another stack does not fit the matrix */
    refuses(config + 12, 2, 6, ES_E_CORRUPT); /* another vocabulary does not fit the embeddings */
    refuses(layer, 2, 0, ES_E_CORRUPT);
    refuses(layer, 2, 8, ES_E_CORRUPT);
    refuses(layer + 2, 2, 63, ES_E_CORRUPT);
    refuses(layer + 2, 2, 2048, ES_E_CORRUPT);
    static const unsigned thresholds[][2] = {{2, 0}, {2, 9},     {4, 0},  {4, 1001}, {6, 0},  {6, 1000},
                                             {8, 0}, {8, 60001}, {10, 0}, {14, 51},  {26, 1}, {26, 1001}};
    for (unsigned i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++)
        refuses(limits + thresholds[i][0], 2, thresholds[i][1], ES_E_CORRUPT);
}

static void matrices_are_checked(void) {
    size_t m = section(3, 0); /* 16 x 40: two groups of ten column blocks */
    unsigned count = get(m + 8, 4), first = get(m + 64, 2);
    size_t columns = m + 128, multipliers = columns + ((count + 63) & ~63u), blocks = multipliers + 64;
    CHECK(first >= 2);
    refuses(m, 2, 24, ES_E_CORRUPT);
    refuses(m + 2, 2, 44, ES_E_CORRUPT);
    refuses(m + 4, 1, 16, ES_E_UNSUPPORTED);
    refuses(m + 5, 1, 8, ES_E_UNSUPPORTED);
    refuses(m + 6, 1, 0, ES_E_CORRUPT);
    refuses(m + 6, 1, 63, ES_E_CORRUPT);
    refuses(m + 8, 4, count + 1, ES_E_CORRUPT);
    refuses(m + 8, 4, 0xffffffff, ES_E_CORRUPT);
    refuses(m + 64, 2, first + 1, ES_E_CORRUPT);
    refuses(m + 64, 2, 0xffff, ES_E_CORRUPT);
    refuses(columns, 1, 10, ES_E_CORRUPT);
    refuses(columns + 1, 1, get(columns, 1), ES_E_CORRUPT);
    refuses(multipliers + 3, 1, 0x80, ES_E_CORRUPT);
    refuses(blocks, 1, 0x80, ES_E_CORRUPT);
    refuses(blocks + count * 32 - 1, 1, 0x80, ES_E_CORRUPT);
}

static void texts_are_checked(void) {
    size_t pieces = section(6, 0), text = pieces + 64, json = section(8, 0);
    refuses(section(5, 0), 1, 0x80, ES_E_CORRUPT);
    refuses(pieces, 2, 1, ES_E_CORRUPT);
    refuses(pieces + 4, 2, 0, ES_E_CORRUPT);
    refuses(pieces + 4, 2, 0xffff, ES_E_CORRUPT);
    refuses(pieces + 12, 2, 3, ES_E_CORRUPT);
    refuses(text, 1, 0xff, ES_E_CORRUPT);
    refuses(text, 1, ' ', ES_E_CORRUPT);
    refuses(text, 1, 7, ES_E_CORRUPT);
    refuses(text + 1, 1, 'a', ES_E_CORRUPT);
    refuses(json + 3, 1, 0, ES_E_CORRUPT);
}

static void an_unknown_section_is_skipped_or_refused_by_its_kind(void) {
    size_t entry = 32 + 16 * (size_t)(get(16, 4) - 1); /* the provenance becomes another kind */
    refuses(entry, 2, 0x7fff, ES_E_UNSUPPORTED);
    put(entry, 0x8001, 2);
    seal(tiny_bytes);
    size_t where;
    CHECK_EQ(open_copy(tiny_bytes, &where), ES_E_CORRUPT); /* known, but now the provenance is missing */
    CHECK_EQ(where, 32);
    restore();
}

/* Search weights and language model: the same checks, on a file that has them. */
static void a_language_model_is_checked(void) {
    uint8_t *before = tiny, *before_copy = copy;
    size_t bytes = tiny_bytes;
    tiny = check_load(ES_GOLDEN "/language.esm", &tiny_bytes);
    copy = aligned_alloc(16, (tiny_bytes + 31) & ~(size_t)15);
    restore();
    es_model model;
    CHECK_EQ(es_model_open(&model, tiny, tiny_bytes, NULL), ES_OK);
    CHECK_EQ(model.language_weight, 80);
    CHECK_EQ(model.internal_weight, 40);
    CHECK_EQ(model.bias_weight, 256);
    CHECK_EQ(model.label_reward, 300);
    CHECK_EQ(model.language.states, 128);
    CHECK_EQ(model.language.start, 30);
    size_t weights = section(9, 0), language = section(10, 0), states = model.language.states;
    size_t first = (size_t)((const uint8_t *)model.language.first - tiny);
    size_t back = (size_t)((const uint8_t *)model.language.back - tiny);
    size_t end = (size_t)(model.language.end - tiny), arc = (size_t)((const uint8_t *)model.language.arc - tiny);
    refuses(weights, 2, 1025, ES_E_CORRUPT);
    refuses(weights + 2, 2, 1025, ES_E_CORRUPT);
    refuses(weights + 4, 2, 4097, ES_E_CORRUPT);
    refuses(weights + 6, 2, 8193, ES_E_CORRUPT);
    refuses(language, 2, 0, ES_E_CORRUPT);
    refuses(language, 2, 9, ES_E_CORRUPT);
    refuses(language + 2, 2, 28, ES_E_CORRUPT); /* labels */
    refuses(language + 4, 2, 0, ES_E_CORRUPT);  /* states */
    refuses(language + 4, 2, 200, ES_E_CORRUPT);
    refuses(language + 6, 2, 28, ES_E_CORRUPT); /* arcs */
    refuses(language + 8, 2, 128, ES_E_CORRUPT);
    refuses(language + 12, 2, 1, ES_E_CORRUPT); /* levels */
    refuses(language + 14, 2, 2, ES_E_CORRUPT);
    refuses(language + 16, 2, 200, ES_E_CORRUPT);
    refuses(first, 2, 1, ES_E_CORRUPT);
    refuses(first + 2, 2, 28, ES_E_CORRUPT); /* state 0 lacks a label */
    refuses(first + 2 * states, 2, 236, ES_E_CORRUPT);
    refuses(first + 20, 2, 65535, ES_E_CORRUPT);
    refuses(back, 2, 1, ES_E_CORRUPT);
    refuses(back + 2 * (states - 1), 2, (unsigned)states - 1, ES_E_CORRUPT); /* no way back to its own level */
    refuses(end, 1, 255, ES_E_CORRUPT);
    refuses(arc, 4, 29, ES_E_CORRUPT);         /* a label beyond the last */
    refuses(arc, 4, 128u << 16, ES_E_CORRUPT); /* a state beyond the last */
    refuses(arc + 4, 4, 0, ES_E_CORRUPT);      /* labels must ascend */
    free(tiny);
    free(copy);
    tiny = before;
    copy = before_copy;
    tiny_bytes = bytes;
}

/* The tiny model with a section 11 at its end: maps that never fall, the largest value 65534. */
static void confidence_is_checked(void) {
    enum { BYTES = 112, PADDED = 128 };
    uint8_t *before = tiny, *before_copy = copy;
    size_t bytes = tiny_bytes;
    unsigned sections = get(16, 4);
    size_t entry = 32 + 16 * (size_t)sections;
    CHECK((entry + 63) / 64 == (entry + 16 + 63) / 64 || entry % 64 != 0); /* the table has room for one more */
    tiny_bytes = bytes + PADDED;
    tiny = aligned_alloc(64, (tiny_bytes + 63) & ~(size_t)63);
    copy = aligned_alloc(64, (tiny_bytes + 127) & ~(size_t)63);
    memset(tiny, 0, tiny_bytes);
    memcpy(tiny, before, bytes);
    memcpy(copy, tiny, tiny_bytes);
    put(16, sections + 1, 4);
    put(entry, 11, 2);
    put(entry + 4, (unsigned)bytes, 4);
    put(entry + 8, BYTES, 4);
    put(12, (unsigned)tiny_bytes, 4);
    put(bytes, 0xfff6, 2); /* -10 */
    put(bytes + 8, 21000, 2);
    for (unsigned k = 0; k < ES_CONFIDENCE_KNOTS; k++) {
        put(bytes + 16 + 2 * k, 65534 - 1000 * (16 - k), 2);
        put(bytes + 64 + 2 * k, 100 * k, 2);
    }
    seal(tiny_bytes);
    memcpy(tiny, copy, tiny_bytes);
    es_model model;
    CHECK_EQ(es_model_open(&model, tiny, tiny_bytes, NULL), ES_OK);
    CHECK_EQ(model.confidence_offset, -10);
    CHECK_EQ(model.confidence_least, 21000);
    CHECK(model.confidence_words != NULL && model.confidence_words[16] == 65534 &&
          model.confidence_utterance[1] == 100);
    refuses(bytes + 8, 2, 65535, ES_E_CORRUPT);
    refuses(bytes + 16 + 32, 2, 65535, ES_E_CORRUPT);
    refuses(bytes + 16 + 8, 2, 1, ES_E_CORRUPT); /* falls */
    refuses(bytes + 64, 2, 101, ES_E_CORRUPT);
    refuses(entry + 8, 4, BYTES - 2, ES_E_CORRUPT);
    free(tiny);
    free(copy);
    tiny = before;
    copy = before_copy;
    tiny_bytes = bytes;
    CHECK_EQ(es_model_open(&model, tiny, tiny_bytes, NULL), ES_OK);
    CHECK(model.confidence_words == NULL);
}

int main(void) {
    tiny = check_load(ES_GOLDEN "/tiny.esm", &tiny_bytes);
    copy = aligned_alloc(16, tiny_bytes + 16 + (16 - tiny_bytes % 16));
    restore();
    RUN(a_written_model_opens);
    RUN(every_flipped_bit_is_refused);
    RUN(every_shorter_file_is_refused);
    restore();
    RUN(other_kinds_of_files_are_named);
    RUN(every_field_has_bounds);
    RUN(matrices_are_checked);
    RUN(texts_are_checked);
    RUN(a_language_model_is_checked);
    RUN(confidence_is_checked);
    RUN(an_unknown_section_is_skipped_or_refused_by_its_kind);
    free(tiny);
    free(copy);
    DONE();
}
