/* The automaton of names: parts and what they share. Private to native/decoder. */
#ifndef EARSHOT_DECODER_BIAS_H
#define EARSHOT_DECODER_BIAS_H

#include "earshot/bias.h"

#include "hooks.h"

/* ---- the list (bias_list.c) ---- */

/* A walk over a list that es_bias_check has passed. */
typedef struct es_bias_entry {
    uint8_t class, weight, bytes;
    uint16_t text; /* offset into the list */
} es_bias_entry;

/* Offset of the first name; fills in the number of names. */
uint32_t es_bias_first(const uint8_t *list, uint16_t *names);
/* The name at offset `at`; returns the offset of the next one. */
uint32_t es_bias_entry_at(const uint8_t *list, uint32_t at, es_bias_entry *entry);

/* ---- spelling (bias_spell.c) ---- */

/* Letters (bytes) that are word pieces by themselves: names of these alone need no further look. */
void es_bias_singles(const es_model *model, uint8_t singles[32]);
bool es_bias_can_spell(const es_model *model, const uint8_t singles[32], const uint8_t *text, uint32_t bytes);

/* ---- the automaton ---- */

#define ES_BIAS_NODES (2 * ES_BIAS_NAMES + 1)
#define ES_BIAS_EVERYWHERE 1u /* bit 0 of a set of classes */

/* Names lie in a compressed trie of letters: a node is the end of an edge of one letter or more. Its letters are those
 * of a name of the list, so no text is kept but the list. */
typedef struct es_bias_node {
    uint16_t text;    /* a name that goes through here: offset into the list */
    uint16_t first;   /* first child, 0: none. One of the node's own depth is the name that ends here */
    uint16_t sibling; /* 0: the last one */
    uint16_t classes; /* of all names through here */
    uint8_t depth;    /* letters from the root */
    uint8_t weight;   /* the largest of all names through here, sixteenths */
} es_bias_node;

/* Phrases lie in a trie of letters with failure links (Aho and Corasick): after any text, its node is the longest end
 * of the text that is the beginning of a phrase. Each phrase has a space before and behind it. */
typedef struct es_bias_phrase {
    uint16_t first, sibling;
    uint16_t fail;
    uint16_t classes; /* open here: a phrase has just ended */
    uint16_t same;    /* the node of the largest number from which everything goes on as from here */
    uint8_t letter;
} es_bias_phrase;

#define ES_BIAS_SPACE 0 /* nodes of phrases: the beginning of a word, nothing before it that matters */
#define ES_BIAS_LOST 1  /* inside a word, nothing that matters */

typedef enum es_bias_stage { BIAS_READY, BIAS_PHRASES, BIAS_LINKS, BIAS_SAME, BIAS_NAMES } es_bias_stage;

struct es_bias {
    const es_model *model;
    es_bias_hook hook;
    uint8_t singles[32];
    uint8_t *list[2]; /* [ES_BIAS_LIST] in use; given last. The same one when nothing waits */
    uint32_t bytes[2];
    uint16_t names, unspelled; /* of the newest list */
    uint8_t used;              /* the list that the automaton is of */
    uint8_t newest;
    bool waits;
    /* the exchange under way */
    es_bias_stage stage;
    uint32_t at;   /* offset into the list */
    uint16_t left; /* classes, nodes or names to go */
    uint8_t class_weight[ES_BIAS_CLASSES + 1];
    uint16_t class_bit[ES_BIAS_CLASSES + 1];
    uint16_t heaviest;     /* weight of a name, sixteenths */
    uint16_t paid_letters; /* of one name at most */
    uint16_t letter_bonus; /* Q10, the model's bias weight in it */
    uint8_t longest;       /* letters of a piece */
    uint16_t node_count, phrase_count;
    es_bias_node *nodes;     /* [ES_BIAS_NODES], 0: the root */
    es_bias_phrase *phrases; /* [ES_BIAS_PHRASES + 2] */
};

/* Phrase node after one more letter (bias_step.c). */
uint16_t es_bias_follow(const es_bias *bias, uint16_t phrase, uint8_t letter);
/* The bonus for `letters` letters of a name of this weight, Q10. */
int32_t es_bias_value(const es_bias *bias, uint32_t letters, uint32_t weight);
/* For the hook. */
void es_bias_step(const void *automaton, uint32_t state, uint16_t label, uint32_t *next, int32_t *score);
int32_t es_bias_end(const void *automaton, uint32_t state);

#endif
