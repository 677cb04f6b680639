/* Word pieces to words. */
#include <string.h>

#include "decoder.h"

#define MAX_WORD 255 /* bytes, so that a coded hypothesis can give a length in one byte */

static const char OPEN[3] = {(char)0xe2, (char)0x96, (char)0x81}; /* U+2581 */

void es_words_clear(es_words *words) {
    words->count = words->length = 0;
    words->full = false;
}

static bool open_word(es_words *words, int64_t start) {
    es_word *last = words->count > 0 ? &words->words[words->count - 1] : NULL;
    if (last == NULL || last->text_length > 0) {
        if (words->count == words->max_words || words->length == words->max_text)
            return false;
        if (last != NULL)
            words->text[words->length++] = ' ';
        last = &words->words[words->count++];
        *last = (es_word){.text_offset = words->length, .confidence = ES_CONFIDENCE_UNKNOWN};
    }
    last->start = last->end = start;
    return true;
}

void es_words_append(es_words *words, const char *piece, uint32_t bytes, int64_t start, int64_t end) {
    for (uint32_t i = 0; i < bytes && !words->full;) {
        if (bytes - i >= sizeof OPEN && memcmp(piece + i, OPEN, sizeof OPEN) == 0) {
            words->full = !open_word(words, start);
            i += sizeof OPEN;
            continue;
        }
        if (words->count == 0 && !open_word(words, start)) {
            words->full = true;
            return;
        }
        uint32_t run = 1; /* up to the next opening: whole characters, never a part of one */
        while (i + run < bytes && !(bytes - i - run >= sizeof OPEN && memcmp(piece + i + run, OPEN, sizeof OPEN) == 0))
            run++;
        es_word *word = &words->words[words->count - 1];
        if (word->text_length + run > MAX_WORD || words->length + run > words->max_text) {
            words->full = true;
            return;
        }
        memcpy(words->text + words->length, piece + i, run);
        words->length = (uint16_t)(words->length + run);
        word->text_length = (uint16_t)(word->text_length + run);
        word->end = end;
        i += run;
    }
}

void es_words_weigh(es_words *words, int32_t acoustic) {
    if (words->count > 0) {
        es_word *last = &words->words[words->count - 1];
        last->acoustic = es_sat16(last->acoustic + acoustic);
    }
}

static bool short_of(uint32_t used, uint32_t most, uint32_t wanted) {
    return most - used < (wanted < (most + 1) / 2 ? wanted : (most + 1) / 2);
}

bool es_words_near_full(const es_words *words, uint32_t symbols, uint32_t longest) {
    uint32_t bytes = symbols * longest, last = words->count > 0 ? words->words[words->count - 1].text_length : 0;
    return short_of(words->count, words->max_words, symbols) || short_of(words->length, words->max_text, bytes) ||
           short_of(last, MAX_WORD, bytes);
}

uint16_t es_words_visible(const es_words *words, uint16_t *text_length) {
    uint16_t count = words->count, length = words->length;
    if (count > 0 && words->words[count - 1].text_length == 0) {
        count--;
        length = (uint16_t)(count > 0 ? length - 1 : 0);
    }
    *text_length = length;
    return count;
}
