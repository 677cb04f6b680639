/* The user's names: a list of names, some of them in classes that open behind certain words ("call ⟨contact⟩"), turned
 * into one automaton that the search asks while it decodes. What the bonus means and how names are matched:
 * native/decoder/README.md, "Names".
 *
 * The list, version 1, little-endian. Texts are UTF-8, folded (lower case), words parted by single spaces, 1..64 bytes.
 *     u8 version = 1 · u8 classes (0..15) · u16 names (0..1000)
 *     each class:  u8 weight · u8 bytes, its own name · u8 phrases · each phrase: u8 bytes, text
 *     each name:   u8 class (0: active everywhere; else 1..classes) · u8 weight · u8 bytes, text
 * Weights are in sixteenths: 16 = 1. A class without phrases is active everywhere. Nothing follows the last name, and
 * the whole list has at most 19,500 bytes. The same name twice is one name, active where either is, with the larger
 * weight. */
#ifndef EARSHOT_BIAS_H
#define EARSHOT_BIAS_H

#include "earshot/model.h"

#define ES_BIAS_VERSION 1
#define ES_BIAS_NAMES 1000
#define ES_BIAS_CLASSES 15
#define ES_BIAS_TEXT 64     /* bytes of a name or a phrase */
#define ES_BIAS_LIST 19500  /* bytes of a list */
#define ES_BIAS_PHRASES 512 /* letters of all phrases together, common beginnings counted once, spaces included */
#define ES_BIAS_WAYS 4      /* spellings of a name that es_bias_spell gives */

typedef struct es_bias es_bias;
typedef struct es_bias_hook es_bias_hook;

/* Checks a list without taking it. ES_E_SHORT, ES_E_VERSION, ES_E_CORRUPT, or ES_E_FULL: more names, classes, bytes or
 * letters of phrases than above. `*where` (may be NULL): byte offset at which it was seen. */
es_status es_bias_check(const uint8_t *list, uint32_t bytes, uint32_t *where);

/* Bytes of arena: 64 KB, whatever the model. */
size_t es_bias_bytes(void);
/* Without names at first. The model is kept by the caller. ES_E_MEMORY when the arena is too small. */
es_status es_bias_init(es_bias **bias, es_arena *arena, const es_model *model);
/* Takes a copy of the list; it is to be used from the next exchange on. Status and `*where` as es_bias_check: what is
 * refused changes nothing. Adds to `work` (may be NULL). */
es_status es_bias_set(es_bias *bias, const uint8_t *list, uint32_t bytes, uint32_t *where, es_work *work);

/* ES_BIAS_LIST bytes in which the next list may be made, then given to es_bias_set: a script has no room of its own for
 * it. A list that waits there is lost. */
uint8_t *es_bias_room(es_bias *bias);

/* The exchange, between two utterances, in slices: begin makes the automaton unusable (the search must have let go of
 * it), build goes on until about `instructions` of counted work are done (0: to the end) and is true when the automaton
 * can be used again. */
bool es_bias_waits(const es_bias *bias); /* a list was set since the last begin */
void es_bias_begin(es_bias *bias);
bool es_bias_build(es_bias *bias, uint32_t instructions, es_work *work);
bool es_bias_builds(const es_bias *bias); /* begun, not yet built */
/* What the search is given; NULL when there are no names. */
const es_bias_hook *es_bias_ready(const es_bias *bias);

typedef struct es_bias_counts {
    uint16_t names;     /* of the newest list */
    uint16_t unspelled; /* of them, those that the model's word pieces can't spell: they are left out */
    uint16_t nodes;     /* of the automaton */
    uint16_t phrase_nodes;
    uint32_t list_bytes;
} es_bias_counts;
void es_bias_count(const es_bias *bias, es_bias_counts *counts);

/* The newest list, as it was given. */
const uint8_t *es_bias_list(const es_bias *bias, uint32_t *bytes);
/* The first name from number `from` on that the pieces can't spell, or -1. */
int32_t es_bias_unspelled(const es_bias *bias, uint32_t from);

/* A way to write a name with word pieces. */
typedef struct es_bias_way {
    int32_t cost; /* Q10 nats by the rule of the README; the greedy way has its cost by the same rule */
    uint16_t count;
    uint16_t label[ES_BIAS_TEXT + 1];
} es_bias_way;
/* The best ways first, then the greedy one (longest piece first) if it is none of them; returns their number, 0: the
 * pieces can't spell it. */
uint32_t es_bias_spell(const es_model *model, const char *name, uint32_t bytes, es_bias_way ways[ES_BIAS_WAYS]);

#endif
