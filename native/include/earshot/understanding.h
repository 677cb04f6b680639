/* Understanding: from words, or from a lattice, to one intent with its slots. Integers only; the model is a packed file
 * (models/UNDERSTANDING.md) that is used in place. Policy (what is refused, what is complete, names) is TypeScript's:
 * src/understanding. */
#ifndef EARSHOT_UNDERSTANDING_H
#define EARSHOT_UNDERSTANDING_H

#include "earshot/base.h"
#include "earshot/lattice.h"

#define ES_UNDERSTANDING_WORDS 48 /* of a request; longer texts are ES_E_FULL */
#define ES_UNDERSTANDING_WORD 30  /* letters of a word */
#define ES_UNDERSTANDING_TEXT 640 /* bytes of a request */
#define ES_READINGS 8             /* different texts of one lattice that are looked at */
#define ES_SLOTS 16               /* of one intent */

/* The packed file, checked; pointers into it. */
typedef struct es_understanding_model {
    uint16_t intents, classes, width, rows, bucket_bits, slots, tag_slots, tag_rows, tag_width, tag_hidden;
    uint16_t menu_states, menu_arcs, menu_words;
    int32_t logit_scale, logit_shift, refuse, slope, offset, trust;
    int32_t first_scale, first_shift, second_scale, second_shift;
    int32_t menu_bonus, menu_limit, menu_intent;
    const char *names; /* of the intents, then of the slots, each ended by 0 */
    const uint8_t *class_intent;
    const uint8_t *bias; /* int32 */
    const int8_t *matrix;
    const uint8_t *buckets, *keys; /* uint16 */
    const uint8_t *row;            /* two of 4 bits a byte, the lower first */
    const uint8_t *intent_slots;   /* uint32: bit s = slot s may stand in the intent */
    const uint8_t *tag_row;
    const int8_t *first;
    const uint8_t *first_bias; /* int32, by intent */
    const int8_t *second;
    const uint8_t *second_bias; /* int32 */
    const int8_t *out;
    const uint8_t *out_bias;   /* int32 */
    const uint8_t *transition; /* int32: from the start or a tag, to a tag */
    const char *menu_text;
    const uint8_t *menu_delete; /* cost of a word that was not heard */
    const uint8_t *menu_arc;    /* from, to, word, slot */
    const uint8_t *menu_state;  /* cost of a word too many, whether an order may end here */
} es_understanding_model;

/* Checks everything once; `*where` (may be NULL) is the offset of what is wrong. `data` is aligned to 16 bytes. */
es_status es_understanding_open(es_understanding_model *model, const void *data, size_t bytes, size_t *where);
/* Name of an intent or a slot. */
const char *es_intent_name(const es_understanding_model *model, uint16_t intent);
const char *es_slot_name(const es_understanding_model *model, uint16_t slot);

typedef struct es_slot {
    uint8_t slot;
    uint16_t at, bytes; /* in es_understood.values */
} es_slot;

typedef struct es_understood {
    uint8_t intent;      /* of all but none, the likeliest */
    uint8_t second;      /* the next likeliest, none included */
    uint8_t readings;    /* texts that were looked at */
    uint8_t reading;     /* the one that was chosen, 0 = the first hypothesis */
    bool refused;        /* none is likelier, with the file's constant */
    uint16_t confidence; /* Q15: that the decision is right */
    int32_t margin;      /* Q10: nats by which the intent is likelier than none, with the file's constant */
    uint8_t slot_count;
    es_slot slot[ES_SLOTS];
    uint16_t text_bytes, value_bytes;
    char text[ES_UNDERSTANDING_TEXT]; /* the chosen reading */
    char values[ES_UNDERSTANDING_TEXT];
} es_understood;

typedef struct es_understanding {
    const es_understanding_model *model;
    struct es_understanding_memory *memory;
    es_work work; /* counted work of all calls */
} es_understanding;

size_t es_understanding_bytes(void);
es_status es_understanding_init(es_understanding *understanding, es_arena *arena, const es_understanding_model *model);

/* Lower-case words (letters, apostrophes) with single spaces between. ES_E_ARGUMENT: anything else; ES_E_FULL: too long
 * for a request. No words: refused. */
es_status es_understand_text(es_understanding *understanding, const char *text, size_t bytes,
                             es_understood *understood);
/* A coded lattice: all its likely readings together, so that a right second hypothesis can win. Statuses as
 * es_lattice_read. */
es_status es_understand_lattice(es_understanding *understanding, const uint8_t *coded, size_t bytes,
                                const es_spelling *spelling, es_understood *understood);

/* What was understood as one JSON object: text, intent and second (names), refused, confidence (Q15), margin (Q10),
 * reading, readings, slots ([name, words] each). Returns its bytes; nothing beyond `room` is written, and then it is
 * cut. */
#define ES_UNDERSTOOD_JSON 2048 /* always enough */
size_t es_understood_json(const es_understanding_model *model, const es_understood *understood, char *out, size_t room);

#endif
