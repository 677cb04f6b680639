/* The packaged prompts: short spoken clips and earcons in one file, and texts to clips.
 *
 * File, little-endian: "ESP1"; u32 CRC-32 of all that follows; u16 entries; u16 zero; u32 bytes of names; per entry
 * u16 offset of its text in the names, u8 length of it, u8 zero, u32 samples at 16 kHz, u32 offset of its sound in the
 * file, u32 bytes of its sound; the names; the sounds, each an Ogg Opus file. Entries stand in the order of their
 * texts' bytes. Made by `python3 -m earshot_training prompts`. */
#ifndef EARSHOT_PROMPTS_H
#define EARSHOT_PROMPTS_H

#include "earshot/base.h"

#include <stdbool.h>

/* Clips that one text may take. */
#define ES_PROMPT_CLIPS 24

typedef struct es_clip {
    const void *data; /* Ogg Opus or WAV */
    uint32_t bytes;
    uint32_t samples; /* at 16 kHz */
} es_clip;

typedef struct es_prompts {
    const uint8_t *data;
    size_t bytes;
    uint32_t entries;
    uint32_t names; /* offset of the names */
} es_prompts;

/* Keeps `data`. ES_E_SHORT, ES_E_MAGIC, ES_E_CHECKSUM, ES_E_CORRUPT: every offset, length and the order are checked. */
es_status es_prompts_open(es_prompts *prompts, const void *data, size_t bytes);
/* The clips of a text of words parted by single spaces: from the left, the longest run of words that is a clip. Words
 * that are none are left out. Returns the clips, at most ES_PROMPT_CLIPS; `complete` is false when a word was left
 * out. */
int es_prompts_find(const es_prompts *prompts, const char *text, size_t length, es_clip *clips, bool *complete);

#endif
