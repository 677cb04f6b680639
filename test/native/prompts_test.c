/* The packaged prompts: texts to clips, and files that are damaged. */
#include "earshot/music.h"
#include "earshot/prompts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static uint8_t *load(size_t *bytes) {
    FILE *file = fopen(ES_MODELS "/prompts/english.prompts", "rb");
    if (!file) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    *bytes = (size_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*bytes);
    *bytes = fread(data, 1, *bytes, file);
    fclose(file);
    return data;
}

static es_prompts prompts;
static uint8_t *data;
static size_t size;

static int clips_of(const char *text, es_clip *clips, bool *complete) {
    return es_prompts_find(&prompts, text, strlen(text), clips, complete);
}

static void texts_become_the_longest_clips_that_fit(void) {
    es_clip clips[ES_PROMPT_CLIPS];
    bool complete;
    CHECK_EQ(clips_of("timer set for ten minutes", clips, &complete), 3);
    CHECK_EQ(complete, true);
    CHECK_EQ(clips_of("twenty five", clips, &complete), 1);
    CHECK_EQ(clips_of("calling  zaphod beeblebrox", clips, &complete), 1);
    CHECK_EQ(complete, false);
    CHECK_EQ(clips_of("", clips, &complete), 0);
    CHECK_EQ(clips_of("   ", clips, &complete), 0);
    CHECK_EQ(clips_of("xyzzy", clips, &complete), 0);
    char many[400] = "";
    for (int i = 0; i < 40; i++) {
        strcat(many, "ten and ");
    }
    CHECK_EQ(clips_of(many, clips, &complete), ES_PROMPT_CLIPS);
    CHECK_EQ(complete, false);
}

static void every_clip_plays_as_long_as_it_says(void) {
    es_arena arena;
    es_music *music;
    void *memory = malloc(es_music_bytes());
    es_arena_init(&arena, memory, es_music_bytes());
    CHECK_EQ(es_music_init(&music, &arena), ES_OK);
    static const char *const texts[] = {"=done", "=timer", "=alarm", "your timer is done", "ten"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        es_clip clip[ES_PROMPT_CLIPS];
        es_music_info info;
        bool complete;
        CHECK_EQ(clips_of(texts[i], clip, &complete), 1);
        CHECK_EQ(es_music_open(music, clip[0].data, clip[0].bytes, &info), ES_OK);
        int16_t pcm[2 * 480];
        uint32_t frames = 0;
        for (;;) {
            es_work work = {0, 0, 0};
            int n = es_music_read(music, pcm, 480, &work);
            frames += (uint32_t)n;
            if (n < 480) {
                break;
            }
        }
        CHECK_EQ(frames, 3 * clip[0].samples);
    }
    free(memory);
}

static void a_damaged_file_is_refused(void) {
    es_prompts other;
    CHECK_EQ(es_prompts_open(&other, data, 15), ES_E_SHORT);
    data[0] ^= 1;
    CHECK_EQ(es_prompts_open(&other, data, size), ES_E_MAGIC);
    data[0] ^= 1;
    data[size / 2] ^= 1;
    CHECK_EQ(es_prompts_open(&other, data, size), ES_E_CHECKSUM);
    data[size / 2] ^= 1;
    CHECK_EQ(es_prompts_open(&other, data, size - 1), ES_E_CHECKSUM);
    CHECK_EQ(es_prompts_open(&other, data, size), ES_OK);
}

int main(void) {
    data = load(&size);
    if (!data || es_prompts_open(&prompts, data, size) != ES_OK) {
        printf("models/prompts/english.prompts can't be opened\n");
        return 1;
    }
    RUN(texts_become_the_longest_clips_that_fit);
    RUN(every_clip_plays_as_long_as_it_says);
    RUN(a_damaged_file_is_refused);
    free(data);
    DONE();
}
