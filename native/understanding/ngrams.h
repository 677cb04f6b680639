/* From words to features: each is a 32-bit hash of an n-gram. Private to native/understanding; the recipe compiles the
 * same file, so that training and device agree by construction. */
#ifndef EARSHOT_UNDERSTANDING_NGRAMS_H
#define EARSHOT_UNDERSTANDING_NGRAMS_H

#include "earshot/base.h"
#include "earshot/understanding.h"

#define NGRAMS_MOST 2048 /* features of one text; what is beyond is left out */

typedef struct es_words {
    const char *text;
    uint16_t count;
    uint16_t at[ES_UNDERSTANDING_WORDS];
    uint8_t bytes[ES_UNDERSTANDING_WORDS];
} es_words;

/* Splits lower-case words (letters and apostrophes) at single spaces. ES_E_ARGUMENT: other bytes, longer words;
 * ES_E_FULL: more words or bytes than a request can have. */
es_status es_words_split(es_words *words, const char *text, size_t bytes);
/* True for words that numbers are made of. */
bool es_word_is_number(const char *word, uint8_t bytes);

/* Features of the intents' network, in a fixed order; returns their number. */
uint32_t es_intent_features(const es_words *words, uint32_t features[NGRAMS_MOST]);
/* The hash of a word alone, as in es_intent_features. */
uint32_t es_word_feature(const es_words *words, uint16_t index);
/* Features of one word for the slots' network; returns their number, at most ES_TAG_FEATURES. */
#define ES_TAG_FEATURES 16
uint32_t es_tag_features(const es_words *words, uint16_t index, uint32_t features[ES_TAG_FEATURES]);

#endif
