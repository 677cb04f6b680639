/* Ogg Opus: exact lengths, any layout of pages, damage, seek. Files: fixtures/make.mjs says what is in them. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "earshot/music.h"
#include "ogg_write.h"

#ifndef ES_FIXTURES
#define ES_FIXTURES "test/native/fixtures"
#endif

#define MOST 80000 /* frames */
#define STEREO_FRAMES 72123
#define VOICE_FRAMES 60077

static es_music *music;
static es_arena arena;

typedef struct piece {
    uint8_t *bytes;
    size_t size;
    ogg_packets packets;
    int16_t *sound; /* as decoded from the file as it is */
    uint32_t frames;
    uint32_t duration; /* samples a packet */
} piece;

static piece stereo, voice;

/* Plays what is open to its end, `step` frames at a time. */
static uint32_t play(int16_t *out, int step) {
    es_work work = {0, 0, 0};
    uint32_t frames = 0;
    int n;
    while ((n = es_music_read(music, out + 2 * frames, step, &work)) > 0) {
        frames += (uint32_t)n;
        if (frames > MOST - 2880) {
            break;
        }
    }
    return frames;
}

static int16_t *space(void) { return calloc(MOST, 4); }

static void load(piece *p, const char *path, uint32_t frames, uint32_t duration) {
    es_music_info info;
    p->bytes = read_file(path, &p->size);
    CHECK(p->bytes != NULL);
    if (!p->bytes) {
        exit(1);
    }
    CHECK(ogg_take_apart(&p->packets, p->bytes, p->size));
    CHECK_EQ(es_music_open(music, p->bytes, p->size, &info), ES_OK);
    CHECK(info.opus);
    CHECK_EQ(info.frames, frames);
    p->sound = space();
    p->frames = play(p->sound, 480);
    p->duration = duration;
}

/* Expects `bytes` to play exactly as the file does. */
static void expect_same(const piece *p, const uint8_t *bytes, size_t size, uint32_t damaged) {
    int16_t *out = space();
    uint8_t *copy = malloc(size); /* of its own size: the sanitiser sees a byte too far */
    es_music_info info;
    memcpy(copy, bytes, size);
    CHECK_EQ(es_music_open(music, copy, size, &info), ES_OK);
    CHECK_EQ(info.frames, p->frames);
    CHECK_EQ(play(out, 480), p->frames);
    CHECK(memcmp(out, p->sound, (size_t)p->frames * 4) == 0);
    CHECK_EQ(es_music_damaged(music), damaged);
    free(copy);
    free(out);
}

static void length_is_exact_to_the_sample(void) {
    CHECK_EQ(stereo.frames, STEREO_FRAMES);
    CHECK_EQ(voice.frames, VOICE_FRAMES);
    CHECK_EQ(stereo.packets.last_granule, STEREO_FRAMES + 312); /* opusenc's pre-skip */
}

/* 220 Hz left and 330 Hz right: their signs change 440 and 660 times a second. */
static void channels_stay_where_they_are(void) {
    int changes[2] = {0, 0};
    long energy[2] = {0, 0};
    for (uint32_t k = 1; k < stereo.frames; k++) {
        for (int c = 0; c < 2; c++) {
            int a = stereo.sound[2 * k - 2 + c], b = stereo.sound[2 * k + c];
            changes[c] += (a < 0) != (b < 0);
            energy[c] += b * b / 65536;
        }
    }
    CHECK(changes[1] > changes[0] * 5 / 4);
    CHECK(energy[0] / (long)stereo.frames > 400 && energy[1] / (long)stereo.frames > 400);
    for (uint32_t k = 0; k < voice.frames; k++) {
        CHECK_EQ(voice.sound[2 * k], voice.sound[2 * k + 1]);
    }
}

static void any_size_of_read_gives_the_same_sound(void) {
    static const int steps[] = {1, 7, 479, 480, 961, 2880};
    int16_t *out = space();
    es_music_info info;
    for (int k = 0; k < 6; k++) {
        CHECK_EQ(es_music_open(music, voice.bytes, voice.size, &info), ES_OK);
        memset(out, 0, MOST * 4);
        CHECK_EQ(play(out, steps[k]), VOICE_FRAMES);
        CHECK(memcmp(out, voice.sound, VOICE_FRAMES * 4) == 0);
    }
    free(out);
}

static void any_layout_of_pages_gives_the_same_sound(void) {
    static const size_t segments[] = {255, 1, 2, 3, 7, 20, 254};
    uint8_t *file = malloc(4 * stereo.size);
    for (int k = 0; k < 7; k++) {
        for (size_t most = 0; most < 3; most++) {
            ogg_layout layout = {.serial = 9, .segments = segments[k], .packets = most, .duration = stereo.duration};
            size_t size;
            layout.last_granule = stereo.packets.last_granule;
            size = ogg_put_together(file, &stereo.packets, &layout, NULL, NULL);
            expect_same(&stereo, file, size, 0);
        }
    }
    free(file);
}

static void a_clock_that_does_not_begin_at_zero_changes_nothing(void) {
    uint8_t *file = malloc(4 * stereo.size);
    ogg_layout layout = {.serial = 1, .packets = 5, .duration = stereo.duration, .granule = 1000000007};
    layout.last_granule = stereo.packets.last_granule + layout.granule;
    expect_same(&stereo, file, ogg_put_together(file, &stereo.packets, &layout, NULL, NULL), 0);
    free(file);
}

/* Pages of another stream before and between, rubbish between pages: nothing of the piece is lost. */
static void strange_pages_and_rubbish_are_passed_over(void) {
    static size_t pages[1000];
    size_t count, size, used = 0;
    uint8_t *file = malloc(4 * stereo.size), *mixed = malloc(8 * stereo.size);
    ogg_layout layout = {.serial = 77, .packets = 4, .duration = stereo.duration};
    layout.last_granule = stereo.packets.last_granule;
    size = ogg_put_together(file, &stereo.packets, &layout, pages, &count);
    for (size_t k = 0; k < count; k++) {
        size_t bytes = (k + 1 < count ? pages[k + 1] : size) - pages[k];
        uint8_t *other = mixed + used;
        memcpy(other, "OggS\0\0", 6);
        other[5] = k == 0 ? 2 : 0;
        memset(other + 6, 0, 20);
        other[14] = 5; /* another serial number */
        other[18] = (uint8_t)k;
        other[26] = 1;
        other[27] = 9;
        memcpy(other + 28, "OggSxOpus", 9);
        ogg_seal(other);
        used += 37;
        memcpy(mixed + used, file + pages[k], bytes);
        used += bytes;
        if (k > 1) {
            memcpy(mixed + used, "OggS\0 rubbish OggOgOO", 21);
            used += 21;
        }
    }
    expect_same(&stereo, mixed, used, 0);
    free(file);
    free(mixed);
}

/* More rubbish than one read may look at: a pause of whole silent frames, then all of the rest. */
static void a_desert_of_rubbish_is_a_pause(void) {
    static size_t pages[1000];
    enum { RUBBISH = 500000 };
    size_t count, size;
    uint8_t *file = malloc(4 * stereo.size + RUBBISH);
    int16_t *out = space();
    ogg_layout layout = {.serial = 77, .packets = 4, .duration = stereo.duration};
    es_music_info info;
    uint32_t frames, pause, at;
    layout.last_granule = stereo.packets.last_granule;
    size = ogg_put_together(file, &stereo.packets, &layout, pages, &count);
    memmove(file + pages[6] + RUBBISH, file + pages[6], size - pages[6]);
    memset(file + pages[6], 'O', RUBBISH);
    CHECK_EQ(es_music_open(music, file, size + RUBBISH, &info), ES_OK);
    frames = play(out, 480);
    CHECK(frames > STEREO_FRAMES && (frames - STEREO_FRAMES) % 960 == 0);
    pause = frames - STEREO_FRAMES;
    at = 4 * 4 * stereo.duration - 312;
    CHECK(pause >= 960 && pause <= 9600);
    CHECK(memcmp(out, stereo.sound, at * 4) == 0);
    CHECK(memcmp(out + 2 * (at + pause), stereo.sound + 2 * at, (STEREO_FRAMES - at) * 4) == 0);
    CHECK_EQ(es_music_damaged(music), 0);
    free(out);
    free(file);
}

/* Greatest difference of two stretches of sound. */
static int difference(const int16_t *a, const int16_t *b, uint32_t from, uint32_t to) {
    int most = 0;
    for (uint32_t k = 2 * from; k < 2 * to; k++) {
        int d = abs(a[k] - b[k]);
        most = d > most ? d : most;
    }
    return most;
}

/* One page damaged or missing: the piece keeps its length, the sound before is untouched, the sound after it is in
 * its place, and something is played meanwhile. */
static void a_damaged_page_is_concealed_in_its_place(bool missing) {
    static size_t pages[1000];
    size_t count, size, page = 8;
    uint8_t *file = malloc(4 * stereo.size);
    int16_t *out = space();
    uint32_t begin = (page - 2) * 4 * stereo.duration - 312, end = begin + 4 * stereo.duration;
    ogg_layout layout = {.serial = 3, .packets = 4, .duration = stereo.duration};
    es_music_info info;
    layout.last_granule = stereo.packets.last_granule;
    size = ogg_put_together(file, &stereo.packets, &layout, pages, &count);
    if (missing) {
        memmove(file + pages[page], file + pages[page + 1], size - pages[page + 1]);
        size -= pages[page + 1] - pages[page];
    } else {
        file[pages[page] + 100] ^= 0x10;
    }
    CHECK_EQ(es_music_open(music, file, size, &info), ES_OK);
    CHECK_EQ(info.frames, STEREO_FRAMES);
    CHECK_EQ(play(out, 480), STEREO_FRAMES);
    CHECK_EQ(es_music_damaged(music), 1);
    CHECK_EQ(difference(out, stereo.sound, 0, begin), 0);
    CHECK(difference(out, stereo.sound, begin, end) > 0);
    CHECK(difference(out, stereo.sound, end + 9600, STEREO_FRAMES) < 600); /* the decoder has converged */
    CHECK(out[2 * begin] != 0 || out[2 * begin + 1] != 0);                 /* not a hole */
    free(out);
    free(file);
}

static void a_page_with_a_flipped_bit_is_concealed(void) { a_damaged_page_is_concealed_in_its_place(false); }

static void a_missing_page_is_concealed(void) { a_damaged_page_is_concealed_in_its_place(true); }

/* A packet that says nonsense inside a sound page. */
static void a_broken_packet_is_concealed(void) {
    uint8_t *file = malloc(4 * stereo.size);
    int16_t *out = space();
    ogg_packets broken = stereo.packets;
    uint8_t packet[200];
    ogg_layout layout = {.serial = 3, .packets = 4, .duration = stereo.duration};
    es_music_info info;
    memcpy(packet, broken.data[20], 100);
    packet[0] = (uint8_t)(packet[0] | 3); /* any number of frames ... */
    packet[1] = 0;                        /* ... namely none */
    broken.data[20] = packet;
    broken.bytes[20] = 100;
    layout.last_granule = stereo.packets.last_granule;
    CHECK_EQ(es_music_open(music, file, ogg_put_together(file, &broken, &layout, NULL, NULL), &info), ES_OK);
    CHECK_EQ(play(out, 480), STEREO_FRAMES); /* the next page tells how long it was */
    CHECK_EQ(es_music_damaged(music), 1);
    packet[1] = 1;
    packet[0] = 30 << 3 | 4 | 1; /* stereo, two frames of 10 ms, of equal size, in an odd number of bytes */
    CHECK_EQ(es_music_open(music, file, ogg_put_together(file, &broken, &layout, NULL, NULL), &info), ES_OK);
    CHECK_EQ(play(out, 480), STEREO_FRAMES);
    free(out);
    free(file);
}

/* After a gap the next page's clock decides: also when it lies. The piece comes to an end all the same. */
static void a_clock_that_lies_does_no_harm(void) {
    static const uint64_t granules[] = {0, 1, 500, 1 << 20, (uint64_t)1 << 52, INT64_MAX, UINT64_MAX};
    static size_t pages[1000];
    uint8_t *file = malloc(4 * stereo.size);
    int16_t *out = space();
    es_music_info info;
    for (size_t g = 0; g < sizeof granules / sizeof granules[0]; g++) {
        ogg_layout layout = {.serial = 3, .packets = 4, .duration = stereo.duration, .no_last_flag = true};
        size_t count, size = ogg_put_together(file, &stereo.packets, &layout, pages, &count);
        memmove(file + pages[8], file + pages[9], size - pages[9]);
        for (int k = 0; k < 8; k++) {
            file[pages[8] + 6 + k] = (uint8_t)(granules[g] >> (8 * k));
        }
        ogg_seal(file + pages[8]);
        CHECK_EQ(es_music_open(music, file, size - (pages[9] - pages[8]), &info), ES_OK);
        CHECK(play(out, 480) >= STEREO_FRAMES - 4 * stereo.duration);
        CHECK_EQ(es_music_damaged(music), 1);
        CHECK_EQ(es_music_seek(music, 30000), ES_OK);
        play(out, 480);
    }
    free(out);
    free(file);
}

static void a_cut_file_plays_what_is_there(void) {
    int16_t *out = space();
    es_music_info info;
    uint32_t before = 0;
    for (size_t size = 2000; size < stereo.size; size += 1777) {
        uint32_t frames;
        uint8_t *copy = malloc(size);
        memcpy(copy, stereo.bytes, size);
        if (es_music_open(music, copy, size, &info) == ES_OK) {
            frames = play(out, 480);
            CHECK(frames >= before && frames < STEREO_FRAMES);
            CHECK_EQ(difference(out, stereo.sound, 0, frames), 0);
            before = frames;
        }
        free(copy);
    }
    CHECK(before > 40000);
    free(out);
}

static void a_seek_is_exact(void) {
    static const uint32_t frames[] = {0, 1, 311, 312, 4000, 10007, 47999, 60000, 72122};
    int16_t *out = space();
    es_music_info info;
    const piece *both[] = {&stereo, &voice};
    for (int p = 0; p < 2; p++) {
        const piece *one = both[p];
        CHECK_EQ(es_music_open(music, one->bytes, one->size, &info), ES_OK);
        for (int k = 8; k >= 0; k--) {
            uint32_t at = frames[k] < one->frames ? frames[k] : one->frames - 1;
            uint32_t rest = one->frames - at;
            CHECK_EQ(es_music_seek(music, at), ES_OK);
            CHECK_EQ(es_music_position(music), at);
            CHECK_EQ(play(out, 480), rest);
            CHECK_EQ(es_music_position(music), one->frames);
            CHECK(difference(out, one->sound + 2 * at, 0, rest) < 400); /* one sample off is more than 1,000 */
            CHECK_EQ(es_music_damaged(music), 0);
        }
        CHECK_EQ(es_music_seek(music, one->frames), ES_OK);
        CHECK_EQ(play(out, 480), 0);
        CHECK_EQ(es_music_seek(music, UINT32_MAX), ES_OK);
        CHECK_EQ(play(out, 480), 0);
    }
    free(out);
}

/* A piece long enough for the bisection: the same packets many times over. */
static void a_seek_in_a_long_piece_is_exact(void) {
    ogg_packets *longer = calloc(1, sizeof *longer);
    int16_t *all = calloc(600000, 4), *out = calloc(600000, 4);
    uint8_t *file = malloc(20 * stereo.size);
    ogg_layout layout = {.serial = 8, .segments = 11, .duration = stereo.duration, .granule = 4711};
    es_music_info info;
    uint32_t total = 0, frames;
    es_work work = {0, 0, 0};
    int n;
    size_t size;
    *longer = stereo.packets;
    while (longer->count + stereo.packets.count < OGG_MOST_PACKETS) {
        for (size_t k = 2; k < stereo.packets.count; k++) {
            longer->data[longer->count] = stereo.packets.data[k];
            longer->bytes[longer->count++] = stereo.packets.bytes[k];
        }
    }
    size = ogg_put_together(file, longer, &layout, NULL, NULL);
    CHECK(size > 131072);
    CHECK_EQ(es_music_open(music, file, size, &info), ES_OK);
    while ((n = es_music_read(music, all + 2 * total, 480, &work)) > 0) {
        total += (uint32_t)n;
    }
    CHECK_EQ(total, (longer->count - 2) * stereo.duration - 312);
    for (uint32_t at = 0; at < total; at += 37411) {
        frames = 0;
        CHECK_EQ(es_music_seek(music, at), ES_OK);
        while ((n = es_music_read(music, out + 2 * frames, 480, &work)) > 0) {
            frames += (uint32_t)n;
        }
        CHECK_EQ(frames, total - at);
        /* Where the packets begin anew no encoder has made them fit: leave the decoder time. */
        if (frames > 14400) {
            CHECK(difference(out, all + 2 * at, 14400, frames) < 400);
        }
        CHECK_EQ(es_music_damaged(music), 0);
    }
    free(all);
    free(out);
    free(file);
    free(longer);
}

static void the_output_gain_of_the_header_is_applied(void) {
    uint8_t *file = malloc(2 * stereo.size), head[19];
    int16_t *out = space();
    ogg_packets quieter = stereo.packets;
    ogg_layout layout = {.serial = 3, .duration = stereo.duration, .last_granule = stereo.packets.last_granule};
    es_music_info info;
    int worst = 0;
    memcpy(head, quieter.data[0], 19);
    head[16] = (uint8_t)(-1541 & 255); /* -6.02 dB in steps of 1/256 */
    head[17] = (uint8_t)(-1541 >> 8);
    quieter.data[0] = head;
    CHECK_EQ(es_music_open(music, file, ogg_put_together(file, &quieter, &layout, NULL, NULL), &info), ES_OK);
    CHECK_EQ(play(out, 480), STEREO_FRAMES);
    for (uint32_t k = 0; k < 2 * STEREO_FRAMES; k++) {
        int d = abs(2 * out[k] - stereo.sound[k]);
        worst = d > worst ? d : worst;
    }
    CHECK(worst < 40);
    free(out);
    free(file);
}

static void refuses_other_heads(void) {
    static const struct {
        int at, value;
        es_status status;
    } rows[] = {{0, 'X', ES_E_MAGIC},        {8, 16, ES_E_VERSION}, {8, 2, ES_OK},
                {9, 0, ES_E_CORRUPT},        {9, 3, ES_E_CORRUPT},  {18, 1, ES_E_UNSUPPORTED},
                {18, 255, ES_E_UNSUPPORTED}, {10, 255, ES_OK}};
    uint8_t *file = malloc(2 * stereo.size);
    ogg_layout layout = {.serial = 3, .duration = stereo.duration};
    es_music_info info;
    for (int k = 0; k < 8; k++) {
        uint8_t head[19];
        ogg_packets other = stereo.packets;
        size_t size;
        memcpy(head, other.data[0], 19);
        head[rows[k].at] = (uint8_t)rows[k].value;
        other.data[0] = head;
        size = ogg_put_together(file, &other, &layout, NULL, NULL);
        CHECK_EQ(es_music_open(music, file, size, &info), rows[k].status);
        CHECK_EQ(es_music_check(file, size, &info), rows[k].status);
        other.bytes[0] = 12;
        CHECK(es_music_open(music, file, ogg_put_together(file, &other, &layout, NULL, NULL), &info) != ES_OK);
    }
    memcpy(file, stereo.bytes, stereo.size);
    file[30] ^= 1;
    CHECK_EQ(es_music_open(music, file, stereo.size, &info), ES_E_CORRUPT);
    free(file);
}

/* A long pre-skip decodes and drops; one longer than the piece leaves nothing. */
static void pre_skip_is_dropped(void) {
    uint8_t *file = malloc(2 * stereo.size), head[19];
    int16_t *out = space();
    ogg_packets other = stereo.packets;
    ogg_layout layout = {.serial = 3, .duration = stereo.duration, .last_granule = stereo.packets.last_granule};
    es_music_info info;
    memcpy(head, other.data[0], 19);
    head[10] = (uint8_t)20000;
    head[11] = 20000 >> 8;
    other.data[0] = head;
    CHECK_EQ(es_music_open(music, file, ogg_put_together(file, &other, &layout, NULL, NULL), &info), ES_OK);
    CHECK_EQ(info.frames, STEREO_FRAMES + 312 - 20000);
    CHECK_EQ(play(out, 480), STEREO_FRAMES + 312 - 20000);
    CHECK_EQ(difference(out, stereo.sound + 2 * (20000 - 312), 0, 5000), 0);
    other.count = 6;
    layout.last_granule = 0;
    CHECK_EQ(es_music_open(music, file, ogg_put_together(file, &other, &layout, NULL, NULL), &info), ES_OK);
    CHECK_EQ(info.frames, 0);
    CHECK_EQ(play(out, 480), 0);
    free(out);
    free(file);
}

static void work_is_counted(void) {
    es_work work = {0, 0, 0};
    es_music_info info;
    int16_t *out = space();
    CHECK_EQ(es_music_open(music, stereo.bytes, stereo.size, &info), ES_OK);
    CHECK_EQ(es_music_read(music, out, 48000, &work), 48000);
    /* cost.h: about 545 a frame, 430 a byte */
    CHECK(work.instructions > 25000000 && work.instructions < 45000000);
    free(out);
}

int main(void) {
    void *memory = malloc(es_music_bytes());
    es_arena_init(&arena, memory, es_music_bytes());
    CHECK_EQ(es_music_init(&music, &arena), ES_OK);
    load(&stereo, ES_FIXTURES "/stereo-72123.opus", STEREO_FRAMES, 960);
    load(&voice, ES_FIXTURES "/voice-60077.opus", VOICE_FRAMES, 2880);
    RUN(length_is_exact_to_the_sample);
    RUN(channels_stay_where_they_are);
    RUN(any_size_of_read_gives_the_same_sound);
    RUN(any_layout_of_pages_gives_the_same_sound);
    RUN(a_clock_that_does_not_begin_at_zero_changes_nothing);
    RUN(strange_pages_and_rubbish_are_passed_over);
    RUN(a_desert_of_rubbish_is_a_pause);
    RUN(a_page_with_a_flipped_bit_is_concealed);
    RUN(a_missing_page_is_concealed);
    RUN(a_broken_packet_is_concealed);
    RUN(a_clock_that_lies_does_no_harm);
    RUN(a_cut_file_plays_what_is_there);
    RUN(a_seek_is_exact);
    RUN(a_seek_in_a_long_piece_is_exact);
    RUN(the_output_gain_of_the_header_is_applied);
    RUN(refuses_other_heads);
    RUN(pre_skip_is_dropped);
    RUN(work_is_counted);
    free(stereo.bytes);
    free(stereo.sound);
    free(stereo.packets.store);
    free(voice.bytes);
    free(voice.sound);
    free(voice.packets.store);
    free(memory);
    DONE();
}
