/* Word n-grams, character n-grams, pairs of words with one between, and word n-grams with numbers as one sign. */
#include "ngrams.h"

#include <string.h>

#define OFFSET 2166136261u
#define PRIME 16777619u

enum { KIND_WORDS = 1, KIND_LETTERS, KIND_PAIR, KIND_NUMBERS, KIND_LENGTH, KIND_TAG };

static uint32_t hash_bytes(uint32_t hash, const char *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        hash = (hash ^ (uint8_t)bytes[i]) * PRIME;
    return hash;
}

static uint32_t hash_byte(uint32_t hash, uint8_t byte) { return (hash ^ byte) * PRIME; }

/* FNV leaves the high bits of short texts alike. */
static uint32_t finish(uint32_t hash) {
    hash ^= hash >> 16;
    hash *= 0x85ebca6bu;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

es_status es_words_split(es_words *words, const char *text, size_t bytes) {
    *words = (es_words){.text = text};
    if (bytes > ES_UNDERSTANDING_TEXT)
        return ES_E_FULL;
    size_t begin = 0;
    for (size_t i = 0; i <= bytes; i++) {
        char c = i < bytes ? text[i] : ' ';
        if (c != ' ') {
            if (c != '\'' && (c < 'a' || c > 'z'))
                return ES_E_ARGUMENT;
            continue;
        }
        if (i == begin && bytes > 0)
            return ES_E_ARGUMENT;
        if (i - begin > ES_UNDERSTANDING_WORD)
            return ES_E_ARGUMENT;
        if (i == begin)
            break;
        if (words->count == ES_UNDERSTANDING_WORDS)
            return ES_E_FULL;
        words->at[words->count] = (uint16_t)begin;
        words->bytes[words->count++] = (uint8_t)(i - begin);
        begin = i + 1;
    }
    return ES_OK;
}

/* In order, so that a search may halve. */
static const char *const NUMBERS[] = {
    "billion",  "eight",    "eighteen", "eighty",    "eleven",  "fifteen", "fifty",    "five",   "forty",
    "four",     "fourteen", "half",     "hundred",   "million", "nine",    "nineteen", "ninety", "oh",
    "one",      "quarter",  "seven",    "seventeen", "seventy", "six",     "sixteen",  "sixty",  "ten",
    "thirteen", "thirty",   "thousand", "three",     "twelve",  "twenty",  "two",      "zero",
};

bool es_word_is_number(const char *word, uint8_t bytes) {
    int low = 0, high = (int)(sizeof NUMBERS / sizeof *NUMBERS) - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        int order = strncmp(NUMBERS[middle], word, bytes);
        if (order == 0 && NUMBERS[middle][bytes] == '\0')
            return true;
        if (order >= 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return false;
}

typedef struct list {
    uint32_t *features;
    uint32_t count;
} list;

static void add(list *list, uint32_t hash) {
    if (list->count < NGRAMS_MOST)
        list->features[list->count++] = finish(hash);
}

/* Hashes of signs (words, or one sign for a run of number words), with those of the beginning and the end. */
static uint16_t signs_of(const es_words *words, bool numbers, uint32_t signs[ES_UNDERSTANDING_WORDS + 2]) {
    uint16_t count = 0;
    bool run = false;
    signs[count++] = hash_byte(OFFSET, '^');
    for (uint16_t i = 0; i < words->count; i++) {
        const char *word = words->text + words->at[i];
        bool number = numbers && es_word_is_number(word, words->bytes[i]);
        if (!number)
            signs[count++] = hash_bytes(OFFSET, word, words->bytes[i]);
        else if (!run)
            signs[count++] = hash_byte(OFFSET, '#');
        run = number;
    }
    signs[count++] = hash_byte(OFFSET, '$');
    return count;
}

static uint32_t join(uint32_t hash, uint32_t sign) {
    for (int shift = 0; shift < 32; shift += 8)
        hash = hash_byte(hash, (uint8_t)(sign >> shift));
    return hash;
}

static void add_word_grams(list *list, const uint32_t *signs, uint16_t count, uint8_t kind, uint32_t only) {
    for (uint16_t i = 0; i < count; i++) {
        uint32_t hash = hash_byte(OFFSET, kind);
        bool wanted = only == 0;
        for (uint16_t n = 0; n < 3 && i + n < count; n++) {
            hash = join(hash, signs[i + n]);
            wanted = wanted || signs[i + n] == only;
            if (wanted && (n > 0 || (i > 0 && i + 1 < count)))
                add(list, hash);
        }
    }
}

static void add_letter_grams(list *list, const es_words *words) {
    for (uint16_t i = 0; i < words->count; i++) {
        char marked[ES_UNDERSTANDING_WORD + 2];
        uint32_t length = words->bytes[i] + 2u;
        marked[0] = '<';
        memcpy(marked + 1, words->text + words->at[i], words->bytes[i]);
        marked[length - 1] = '>';
        for (uint32_t n = 3; n <= 5; n++)
            for (uint32_t at = 0; at + n <= length; at++)
                add(list, hash_bytes(hash_byte(OFFSET, KIND_LETTERS), marked + at, n));
    }
}

uint32_t es_word_feature(const es_words *words, uint16_t index) {
    uint32_t sign = hash_bytes(OFFSET, words->text + words->at[index], words->bytes[index]);
    return finish(join(hash_byte(OFFSET, KIND_WORDS), sign));
}

uint32_t es_intent_features(const es_words *words, uint32_t features[NGRAMS_MOST]) {
    list list = {.features = features};
    uint32_t signs[ES_UNDERSTANDING_WORDS + 2];
    uint16_t count = signs_of(words, false, signs);
    add_word_grams(&list, signs, count, KIND_WORDS, 0);
    for (uint16_t i = 0; i + 2 < count; i++)
        add(&list, join(join(hash_byte(OFFSET, KIND_PAIR), signs[i]), signs[i + 2]));
    count = signs_of(words, true, signs);
    add_word_grams(&list, signs, count, KIND_NUMBERS, hash_byte(OFFSET, '#'));
    add_letter_grams(&list, words);
    uint8_t length = (uint8_t)(words->count < 12 ? words->count : 12);
    add(&list, hash_byte(hash_byte(OFFSET, KIND_LENGTH), length));
    return list.count;
}

uint32_t es_tag_features(const es_words *words, uint16_t index, uint32_t features[ES_TAG_FEATURES]) {
    const char *word = words->text + words->at[index];
    uint32_t length = words->bytes[index], count = 0;
    uint32_t base = hash_byte(OFFSET, KIND_TAG);
    features[count++] = finish(hash_bytes(hash_byte(base, 'w'), word, length));
    for (uint32_t n = 1; n <= 4; n++) {
        if (n < length) {
            features[count++] = finish(hash_bytes(hash_byte(base, 'p'), word, n));
            features[count++] = finish(hash_bytes(hash_byte(base, 's'), word + length - n, n));
        }
    }
    features[count++] = finish(hash_byte(hash_byte(base, 'n'), es_word_is_number(word, (uint8_t)length)));
    features[count++] = finish(hash_byte(hash_byte(base, 'l'), (uint8_t)(length < 10 ? length : 10)));
    return count;
}
