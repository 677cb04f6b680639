/* Understanding as a filter, for the command line, the recipe and the report: the firmware's own scorer.
 *     understand MODEL.esu MODEL.esm
 * In: frames `u8 kind, u32le bytes, payload`: 'T' words, 'L' a coded lattice of that acoustic model. Out: one line
 * each:
 * {"instructions":counted,"understood":es_understood_json}, or {"error":the name of a status}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "earshot/model.h"
#include "earshot/understanding.h"

static void *read_whole(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    void *data = NULL;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "%s can't be read.\n", path);
        exit(2);
    }
    long size = ftell(file);
    rewind(file);
    if (size < 0 || posix_memalign(&data, 64, (size_t)size + 64) != 0 ||
        fread(data, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "%s can't be read.\n", path);
        exit(2);
    }
    fclose(file);
    *bytes = (size_t)size;
    return data;
}

static void refuse(const char *path, const char *kind, es_status status, size_t where) {
    fprintf(stderr, "%s is no %s model that this version reads: %s at byte %zu.\n", path, kind, es_status_name(status),
            where);
    exit(2);
}

static void open_models(char **argv, es_understanding_model *words, es_model *sounds) {
    size_t bytes, where = 0;
    void *data = read_whole(argv[1], &bytes);
    es_status status = es_understanding_open(words, data, bytes, &where);
    if (status != ES_OK)
        refuse(argv[1], "understanding", status, where);
    data = read_whole(argv[2], &bytes);
    status = es_model_open(sounds, data, bytes, &where);
    if (status != ES_OK)
        refuse(argv[2], "speech", status, where);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    static es_understanding_model words;
    static es_model sounds;
    open_models(argv, &words, &sounds);
    size_t need = es_understanding_bytes();
    es_arena arena;
    es_arena_init(&arena, aligned_alloc(64, (need + 63) & ~(size_t)63), need);
    es_understanding understanding;
    if (es_understanding_init(&understanding, &arena, &words) != ES_OK)
        return 1;
    es_spelling spelling = {sounds.piece_offsets, sounds.piece_text, sounds.vocabulary};
    static uint8_t payload[1 << 16];
    static es_understood understood;
    uint8_t head[5];
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* whoever asks waits for each answer */
    while (fread(head, 1, 5, stdin) == 5) {
        uint32_t bytes = (uint32_t)head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 | (uint32_t)head[4] << 24;
        if (bytes > sizeof payload || fread(payload, 1, bytes, stdin) != bytes)
            return 2;
        understanding.work = (es_work){0};
        es_status status = head[0] == 'T'
                               ? es_understand_text(&understanding, (char *)payload, bytes, &understood)
                               : es_understand_lattice(&understanding, payload, bytes, &spelling, &understood);
        char line[ES_UNDERSTOOD_JSON];
        if (status == ES_OK && es_understood_json(&words, &understood, line, sizeof line) < sizeof line)
            printf("{\"instructions\":%llu,\"understood\":%s}\n", (unsigned long long)understanding.work.instructions,
                   line);
        else
            printf("{\"error\":\"%s\"}\n", es_status_name(status));
    }
    return 0;
}
