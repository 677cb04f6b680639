/* Mutated Ogg Opus files: the page reader, the stream's clock, seeks, and what reaches the decoder. */
#include "driver.h"
#include "earshot/music.h"
#include "ogg_write.h"

#define MOST 2500 /* frames played of one input */

static es_music *music;
static uint64_t opened, damaged, refused[16];

/* The checksum of every page, so that the reader looks at what is inside. */
static void finish(uint8_t *data, size_t size) {
    for (size_t at = 0; at + 27 <= size; at++) {
        size_t bytes = 27u + data[at + 26];
        if (memcmp(data + at, "OggS", 4) != 0 || at + bytes > size) {
            continue;
        }
        for (int k = 0; k < data[at + 26]; k++) {
            bytes += data[at + 27 + k];
        }
        if (at + bytes <= size) {
            ogg_seal(data + at);
            at += bytes - 1;
        }
    }
}

static void add_seeds(const char *path, uint32_t duration, size_t sound_packets) {
    static const ogg_layout layouts[] = {{.serial = 1}, {.serial = 2, .segments = 2}, {.serial = 3, .packets = 1}};
    size_t bytes;
    uint8_t *file = read_file(path, &bytes), *out = malloc(65536);
    ogg_packets packets;
    if (!file || !ogg_take_apart(&packets, file, bytes)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    packets.count = 2 + sound_packets;
    packets.bytes[1] = packets.bytes[1] < 64 ? packets.bytes[1] : 64; /* comments */
    for (size_t k = 0; k < sizeof layouts / sizeof layouts[0]; k++) {
        ogg_layout layout = layouts[k];
        layout.duration = duration;
        fuzz_add(out, ogg_put_together(out, &packets, &layout, NULL, NULL));
    }
    free(packets.store);
    free(file);
    free(out);
}

static void play(void) {
    static int16_t out[2 * 700];
    es_work work = {0, 0, 0};
    uint32_t before = es_music_position(music), total = 0;
    int n, most = 1;
    do {
        most = 1 + (int)fuzz_random(700);
        n = es_music_read(music, out, most, &work);
        total += (uint32_t)n;
        if (n < 0 || n > most || es_music_position(music) != before + total) {
            abort();
        }
    } while (n > 0 && total < MOST);
}

static void eat(const uint8_t *data, size_t size) {
    es_music_info info = {0, 0, 0, false};
    es_status status = es_music_open(music, data, size, &info);
    if (status != ES_OK) {
        refused[-status & 15]++;
        return;
    }
    opened++;
    if (es_music_check(data, size, &info) != ES_OK || info.channels < 1 || info.channels > 2) {
        abort();
    }
    play();
    uint32_t frame = (uint32_t)fuzz_random(fuzz_random(4) == 0 ? UINT32_MAX : 6000);
    if (es_music_seek(music, frame) != ES_OK || es_music_position(music) != frame) {
        abort();
    }
    play();
    damaged += es_music_damaged(music) > 0;
}

int main(int argc, char **argv) {
    static _Alignas(16) uint8_t memory[65536];
    es_arena arena;
    int code;
    es_arena_init(&arena, memory, sizeof memory);
    if (es_music_init(&music, &arena) != ES_OK) {
        return 1;
    }
    add_seeds(ES_FIXTURES "/stereo-72123.opus", 960, 3);
    add_seeds(ES_FIXTURES "/voice-60077.opus", 2880, 2);
    code = fuzz_main(argc, argv, finish, eat);
    printf("opened %llu (%llu of them damaged)", (unsigned long long)opened, (unsigned long long)damaged);
    for (int k = 0; k < 16; k++) {
        if (refused[k] > 0) {
            printf(", %s %llu", es_status_name((es_status)-k), (unsigned long long)refused[k]);
        }
    }
    printf("\n");
    return code;
}
