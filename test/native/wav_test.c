/* WAV as the device takes it, and as the world writes it. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "earshot/music.h"

static es_music *music;
static es_arena arena;

typedef struct bytes {
    uint8_t data[4096];
    size_t used;
} bytes;

static void put(bytes *b, const void *data, size_t count) {
    memcpy(b->data + b->used, data, count);
    b->used += count;
}

static void put_number(bytes *b, uint32_t value, int count) {
    for (int k = 0; k < count; k++) {
        b->data[b->used++] = (uint8_t)(value >> (8 * k));
    }
}

static void put_chunk(bytes *b, const char *name, uint32_t length, const void *data, size_t count) {
    put(b, name, 4);
    put_number(b, length, 4);
    put(b, data, count);
}

typedef struct form {
    uint32_t tag, channels, rate, align, bits;
} form;

static const form plain = {1, 2, 48000, 4, 16};

static void put_format(bytes *b, form f) {
    put(b, "fmt ", 4);
    put_number(b, 16, 4);
    put_number(b, f.tag, 2);
    put_number(b, f.channels, 2);
    put_number(b, f.rate, 4);
    put_number(b, f.rate * f.align, 4);
    put_number(b, f.align, 2);
    put_number(b, f.bits, 2);
}

static void begin(bytes *b) {
    b->used = 0;
    put(b, "RIFF\xff\xff\xff\xffWAVE", 12);
}

static const int16_t sound[8] = {1, -2, 3, -4, 5, -6, 32767, -32768};

/* Opens exactly these bytes, so that the sanitiser sees a byte too far. */
static es_status open_bytes(const bytes *b, es_music_info *info, uint8_t **copy) {
    *copy = malloc(b->used ? b->used : 1);
    memcpy(*copy, b->data, b->used);
    memset(info, 0, sizeof *info);
    return es_music_open(music, *copy, b->used, info);
}

static void expect_sound(const bytes *b, int frames) {
    es_music_info info;
    es_work work = {0, 0, 0};
    int16_t out[64];
    uint8_t *copy;
    CHECK_EQ(open_bytes(b, &info, &copy), ES_OK);
    CHECK_EQ(info.frames, frames);
    CHECK(!info.opus);
    CHECK_EQ(es_music_read(music, out, 32, &work), frames);
    CHECK(memcmp(out, sound, (size_t)frames * 4) == 0);
    CHECK_EQ(es_music_read(music, out, 32, &work), 0);
    CHECK_EQ(es_music_position(music), frames);
    free(copy);
}

static void expect_status(const bytes *b, es_status status) {
    es_music_info info;
    uint8_t *copy;
    CHECK_EQ(open_bytes(b, &info, &copy), status);
    CHECK_EQ(es_music_check(copy, b->used, &info), status);
    free(copy);
}

static void reads_the_plain_form(void) {
    bytes b;
    begin(&b);
    put_format(&b, plain);
    put_chunk(&b, "data", 16, sound, 16);
    expect_sound(&b, 4);
}

static void walks_unknown_chunks_with_their_pad_byte(void) {
    bytes b;
    begin(&b);
    put_chunk(&b, "JUNK", 4, "abcd", 4);
    put_chunk(&b, "LIST", 5, "datax\0", 6);
    put_format(&b, plain);
    put_chunk(&b, "FLLR", 7, "fmt dat\0", 8);
    put_chunk(&b, "data", 16, sound, 16);
    put_chunk(&b, "LIST", 4, "INFO", 4);
    expect_sound(&b, 4);
}

static void takes_a_piped_or_lying_length_as_up_to_the_end(void) {
    static const uint32_t lengths[] = {0xffffffff, 0x7fffffff, 17, 1000};
    for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
        bytes b;
        begin(&b);
        put_format(&b, plain);
        put_chunk(&b, "data", lengths[k], sound, 16);
        expect_sound(&b, 4);
    }
}

static void drops_half_a_frame_at_the_end(void) {
    bytes b;
    begin(&b);
    put_format(&b, plain);
    put_chunk(&b, "data", 15, sound, 15);
    expect_sound(&b, 3);
}

static void doubles_mono(void) {
    form mono = {1, 1, 48000, 2, 16};
    es_music_info info;
    es_work work = {0, 0, 0};
    int16_t out[16];
    uint8_t *copy;
    bytes b;
    begin(&b);
    put_format(&b, mono);
    put_chunk(&b, "data", 16, sound, 16);
    CHECK_EQ(open_bytes(&b, &info, &copy), ES_OK);
    CHECK_EQ(info.channels, 1);
    CHECK_EQ(es_music_read(music, out, 8, &work), 8);
    CHECK(out[2] == -2 && out[3] == -2 && out[14] == -32768 && out[15] == -32768);
    CHECK(work.instructions > 0);
    free(copy);
}

static void reads_the_extensible_form(void) {
    bytes b;
    begin(&b);
    put(&b, "fmt ", 4);
    put_number(&b, 40, 4);
    put_number(&b, 0xfffe, 2);
    put_number(&b, 2, 2);
    put_number(&b, 48000, 4);
    put_number(&b, 192000, 4);
    put_number(&b, 4, 2);
    put_number(&b, 16, 2);
    put(&b, "\x16\0\x10\0\x03\0\0\0\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 24);
    put_chunk(&b, "data", 16, sound, 16);
    expect_sound(&b, 4);
}

static void refuses_other_forms(void) {
    static const struct {
        form form;
        es_status status;
    } rows[] = {
        {{1, 0, 48000, 0, 16}, ES_E_UNSUPPORTED},      {{1, 3, 48000, 6, 16}, ES_E_UNSUPPORTED},
        {{1, 2, 48000, 4, 7}, ES_E_UNSUPPORTED},       {{1, 2, 44100, 4, 16}, ES_E_UNSUPPORTED},
        {{1, 2, 0, 4, 16}, ES_E_UNSUPPORTED},          {{1, 2, 4000000000u, 4, 16}, ES_E_UNSUPPORTED},
        {{3, 2, 48000, 8, 32}, ES_E_UNSUPPORTED},      {{1, 2, 48000, 3, 16}, ES_E_CORRUPT},
        {{0xfffe, 2, 48000, 4, 16}, ES_E_UNSUPPORTED},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        bytes b;
        begin(&b);
        put_format(&b, rows[k].form);
        put_chunk(&b, "data", 16, sound, 16);
        expect_status(&b, rows[k].status);
    }
}

static void refuses_sound_without_a_form(void) {
    bytes b;
    begin(&b);
    put_chunk(&b, "data", 16, sound, 16);
    expect_status(&b, ES_E_CORRUPT);
}

static void refuses_what_is_no_wav(void) {
    bytes b = {.used = 0};
    expect_status(&b, ES_E_MAGIC);
    put(&b, "#!/bin/sh\necho not a sound\n", 27);
    expect_status(&b, ES_E_MAGIC);
    CHECK_EQ(es_music_open(music, NULL, 0, NULL), ES_E_ARGUMENT);
}

/* Every cut and every changed byte: an answer, and nothing read outside (the sanitisers watch). */
static void survives_every_cut_and_every_byte(void) {
    es_music_info info;
    es_work work = {0, 0, 0};
    int16_t out[960];
    uint8_t *copy;
    bytes b, cut;
    begin(&b);
    put_chunk(&b, "LIST", 5, "datax\0", 6);
    put_format(&b, plain);
    put_chunk(&b, "data", 16, sound, 16);
    for (size_t n = 0; n < b.used; n++) {
        cut = b;
        cut.used = n;
        if (open_bytes(&cut, &info, &copy) == ES_OK) {
            CHECK(es_music_read(music, out, 480, &work) <= 4);
        } else {
            CHECK_EQ(es_music_read(music, out, 480, &work), 0);
        }
        free(copy);
        for (int value = 0; value < 256; value += 17) {
            cut = b;
            cut.data[n] = (uint8_t)value;
            if (open_bytes(&cut, &info, &copy) == ES_OK) {
                CHECK(es_music_read(music, out, 480, &work) <= 8);
            }
            free(copy);
        }
    }
}

static void seeks_to_a_frame(void) {
    es_music_info info;
    es_work work = {0, 0, 0};
    int16_t out[8];
    uint8_t *copy;
    bytes b;
    CHECK_EQ(es_music_open(music, "", 0, &info), ES_E_MAGIC);
    CHECK_EQ(es_music_seek(music, 0), ES_E_STATE);
    begin(&b);
    put_format(&b, plain);
    put_chunk(&b, "data", 16, sound, 16);
    CHECK_EQ(open_bytes(&b, &info, &copy), ES_OK);
    CHECK_EQ(es_music_seek(music, 2), ES_OK);
    CHECK_EQ(es_music_position(music), 2);
    CHECK_EQ(es_music_read(music, out, 4, &work), 2);
    CHECK(memcmp(out, sound + 4, 8) == 0);
    CHECK_EQ(es_music_seek(music, 99), ES_OK);
    CHECK_EQ(es_music_read(music, out, 4, &work), 0);
    free(copy);
}

int main(void) {
    void *memory = malloc(es_music_bytes());
    es_arena_init(&arena, memory, es_music_bytes());
    CHECK_EQ(es_music_init(&music, &arena), ES_OK);
    RUN(reads_the_plain_form);
    RUN(walks_unknown_chunks_with_their_pad_byte);
    RUN(takes_a_piped_or_lying_length_as_up_to_the_end);
    RUN(drops_half_a_frame_at_the_end);
    RUN(doubles_mono);
    RUN(reads_the_extensible_form);
    RUN(refuses_other_forms);
    RUN(refuses_sound_without_a_form);
    RUN(refuses_what_is_no_wav);
    RUN(survives_every_cut_and_every_byte);
    RUN(seeks_to_a_frame);
    free(memory);
    DONE();
}
