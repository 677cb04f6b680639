/* Mutated WAV files: refused, or read without a byte outside them. */
#include "driver.h"
#include "earshot/music.h"

static es_music *music;
static uint64_t opened, refused[16];

static size_t put(uint8_t *at, size_t used, const void *data, size_t bytes) {
    memcpy(at + used, data, bytes);
    return used + bytes;
}

/* A file of the device's form with the chunks that the world puts around the sound. */
static void add_seed(int channels, bool chunks, bool extensible) {
    uint8_t file[1024];
    size_t used = put(file, 0, "RIFF\x10\x02\0\0WAVE", 12);
    size_t fmt;
    if (chunks) {
        used = put(file, used, "JUNK\x04\0\0\0abcdLIST\x05\0\0\0INFOx\0", 26);
    }
    used = put(file, used, "fmt ", 4);
    fmt = used;
    used += extensible ? 44 : 20;
    memset(file + fmt, 0, used - fmt);
    fuzz_put(file, used, fmt, extensible ? 40 : 16, 4);
    fuzz_put(file, used, fmt + 4, extensible ? 0xfffe : 1, 2);
    fuzz_put(file, used, fmt + 6, (uint64_t)channels, 2);
    fuzz_put(file, used, fmt + 8, 48000, 4);
    fuzz_put(file, used, fmt + 12, 96000 * (uint64_t)channels, 4);
    fuzz_put(file, used, fmt + 16, 2 * (uint64_t)channels, 2);
    fuzz_put(file, used, fmt + 18, 16, 2);
    if (extensible) {
        fuzz_put(file, used, fmt + 28, 1, 2);
    }
    if (chunks) {
        used = put(file, used, "FLLR\x03\0\0\0abc\0", 12);
    }
    used = put(file, used, "data\x40\0\0\0", 8);
    memset(file + used, 0x55, 64);
    fuzz_add(file, used + 64);
}

static void eat(const uint8_t *data, size_t size) {
    es_music_info info = {0, 0, 0, false};
    es_work work = {0, 0, 0};
    int16_t out[2 * 64];
    uint32_t total = 0;
    int n;
    es_status status = es_music_open(music, data, size, &info);
    if (es_music_check(data, size, &info) != status) {
        abort();
    }
    if (status != ES_OK) {
        refused[-status & 15]++;
        return;
    }
    opened++;
    while ((n = es_music_read(music, out, 1 + (int)fuzz_random(64), &work)) > 0) {
        total += (uint32_t)n;
    }
    if (total != info.frames || (size_t)total * 2 * info.channels > size) {
        abort();
    }
    if (es_music_seek(music, (uint32_t)fuzz_random(UINT32_MAX)) != ES_OK || es_music_read(music, out, 64, &work) < 0) {
        abort();
    }
}

int main(int argc, char **argv) {
    static _Alignas(16) uint8_t memory[65536];
    es_arena arena;
    int code;
    es_arena_init(&arena, memory, sizeof memory);
    if (es_music_init(&music, &arena) != ES_OK) {
        return 1;
    }
    for (int k = 0; k < 8; k++) {
        add_seed(1 + (k & 1), (k & 2) != 0, (k & 4) != 0);
    }
    code = fuzz_main(argc, argv, NULL, eat);
    printf("opened %llu", (unsigned long long)opened);
    for (int k = 0; k < 16; k++) {
        if (refused[k] > 0) {
            printf(", %s %llu", es_status_name((es_status)-k), (unsigned long long)refused[k]);
        }
    }
    printf("\n");
    return code;
}
