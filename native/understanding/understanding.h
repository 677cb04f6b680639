/* Parts of understanding that pass values among themselves. Private to native/understanding. */
#ifndef EARSHOT_UNDERSTANDING_PRIVATE_H
#define EARSHOT_UNDERSTANDING_PRIVATE_H

#include "earshot/understanding.h"
#include "ngrams.h"

#define MOST_INTENTS 32
#define MOST_SLOTS 32
#define MOST_WIDTH 64
#define MOST_HIDDEN 64
#define MOST_TAG_WIDTH 32
#define MOST_STATES 96
#define MOST_MENU_WORDS 64
#define MENU_CACHE 64

typedef struct reading {
    int32_t score;                  /* Q10, logarithm of its posterior */
    uint32_t share;                 /* Q30, of all readings */
    uint32_t intents[MOST_INTENTS]; /* Q30, of this reading */
    uint16_t bytes;
    char text[ES_UNDERSTANDING_TEXT];
} reading;

/* The best ways to each node of a lattice: what they score, and the last edge with the way's rank at its start. */
#define WAYS 10
#define RANKS 16 /* edge * RANKS + rank */

typedef struct menu_memory {
    int16_t cost[3][MOST_STATES];                           /* of this column and the two before it */
    uint16_t back[ES_UNDERSTANDING_WORDS + 1][MOST_STATES]; /* arc * 4 + step */
    uint32_t known[MENU_CACHE];                             /* hashes of heard words */
    uint8_t distance[MENU_CACHE][MOST_MENU_WORDS];
    uint16_t known_count;
    uint16_t start[MOST_MENU_WORDS + 1]; /* where each menu word begins in the file's text */
} menu_memory;

typedef struct tag_memory {
    int32_t input[ES_UNDERSTANDING_WORDS][MOST_TAG_WIDTH];
    int16_t first[ES_UNDERSTANDING_WORDS][MOST_HIDDEN];
    uint8_t back[ES_UNDERSTANDING_WORDS][MOST_SLOTS];
} tag_memory;

typedef struct lattice_memory {
    es_lattice lattice;
    int32_t score[ES_LATTICE_NODES][WAYS];
    uint16_t back[ES_LATTICE_NODES][WAYS];
    uint8_t count[ES_LATTICE_NODES];
} lattice_memory;

typedef struct intent_memory {
    uint32_t features[NGRAMS_MOST];
    int32_t logits[512];
} intent_memory;

struct es_understanding_memory {
    reading readings[ES_READINGS];
    uint8_t reading_count;
    /* Readings, intents, order and slots come one after the other: their memory is never in use together. */
    union {
        lattice_memory lattice;
        intent_memory intent;
        menu_memory menu;
        tag_memory tag;
    };
};

/* Shares of the intents in one reading. */
void es_score_intents(es_understanding *understanding, const es_words *words, reading *reading);
/* The best readings of the lattice in memory, as texts with shares. */
void es_readings_of(es_understanding *understanding, const es_spelling *spelling);
/* Slots of one text, given its intent. */
void es_tag_slots(es_understanding *understanding, const es_words *words, es_understood *understood);
/* The order that fits all readings best; returns its cost a word (Q4) beside what was heard, or -1: none fits. */
int32_t es_menu_order(es_understanding *understanding, es_understood *understood);

static inline uint16_t get_u16(const uint8_t *at) { return (uint16_t)(at[0] | at[1] << 8); }
static inline uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}
static inline int32_t get_i32(const uint8_t *at) { return (int32_t)get_u32(at); }
/* Place i of packed numbers of 4 bits, -8 to 7. */
static inline int32_t get_nibble(const uint8_t *packed, uint32_t i) {
    uint8_t value = (uint8_t)(packed[i >> 1] >> (i & 1 ? 4 : 0)) & 15;
    return value < 8 ? value : (int32_t)value - 16;
}

/* Adds a slot with the words of a value; false when there is no room. */
bool es_add_slot(es_understood *understood, uint8_t slot, const char *value, size_t bytes);

#endif
