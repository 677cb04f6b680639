/* Mutated models: the reader must refuse or open them, and one that opens must run. */
#include "../../native/base/crc32.h"
#include "driver.h"
#include "earshot/recognizer.h"

static uint64_t opened, refused[16];

/* The header's own length and checksum, so that the deeper checks are reached. */
static void finish(uint8_t *data, size_t size) {
    static const uint8_t magic[8] = {0x89, 'E', 'S', 'M', '\r', '\n', 0x1a, '\n'};
    if (size < 32)
        return;
    memcpy(data, magic, sizeof magic);
    fuzz_put(data, size, 8, 1, 2);
    fuzz_put(data, size, 12, size, 4);
    fuzz_put(data, size, 20, 0, 4);
    fuzz_put(data, size, 20, es_crc32(0, data, size), 4);
}

static void run(const es_model *model) {
    es_recognizer_config config = {.frame_queue = 16, .max_words = 2};
    size_t need = es_recognizer_bytes(model, &config);
    void *memory = malloc(need);
    es_arena arena;
    es_recognizer *r;
    es_work work = {0};
    es_arena_init(&arena, memory, need);
    if (es_recognizer_init(&r, &arena, model, &config) != ES_OK)
        abort();
    for (uint32_t i = 0; i < 24; i++) {
        int8_t frame[ES_FEATURE_BINS];
        es_recognizer_event event;
        for (int b = 0; b < ES_FEATURE_BINS; b++)
            frame[b] = (int8_t)(fuzz_random(255) - 127);
        es_recognizer_push(r, frame);
        if (i == 20)
            es_recognizer_finish(r);
        es_recognizer_step(r, i % 3 == 0 ? 0 : 3000, &work);
        while (es_recognizer_poll(r, &event))
            if (event.text_length > 0 && event.text[event.text_length - 1] == ' ')
                abort();
    }
    free(memory);
}

static void eat(const uint8_t *data, size_t size) {
    es_model model;
    size_t where = SIZE_MAX;
    es_status status = es_model_open(&model, data, size, &where);
    if (status == ES_OK) {
        opened++;
        run(&model);
    } else {
        if (where > size)
            abort();
        refused[-status & 15]++;
    }
}

int main(int argc, char **argv) {
    fuzz_add_file(ES_GOLDEN "/tiny.esm");
    fuzz_add_file(ES_GOLDEN "/puppet.esm");
    fuzz_add_file(ES_GOLDEN "/language.esm");
    int code = fuzz_main(argc, argv, finish, eat);
    printf("opened %llu", (unsigned long long)opened);
    for (int i = 0; i < 16; i++)
        if (refused[i] > 0)
            printf(", %s %llu", es_status_name((es_status)-i), (unsigned long long)refused[i]);
    printf("\n");
    return code;
}
