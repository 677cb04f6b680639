/* State of the recogniser. Private to native/decoder. */
#ifndef EARSHOT_DECODER_H
#define EARSHOT_DECODER_H

#include "earshot/recognizer.h"

#include "../nn/nn.h"

#define ES_PENDING 4 /* one step can give RESET, PARTIAL and FINAL, or SPECULATIVE and FINAL */

typedef struct es_slot {
    uint32_t index; /* of the frame since start, refused frames counted */
    int8_t bins[ES_FEATURE_BINS];
} es_slot;

typedef enum es_phase {
    PHASE_GATHER,
    PHASE_LSTM,
    PHASE_JOINT_ENCODER,
    PHASE_PREDICTOR,
    PHASE_JOINT_PREDICTOR,
    PHASE_OUTPUT
} es_phase;

/* Words of the utterance so far; the text has single spaces. The last word may still be empty. */
typedef struct es_words {
    es_word *words;
    char *text;
    uint16_t max_words;
    uint16_t max_text; /* bytes */
    uint16_t count;
    uint16_t length; /* of the text */
    bool full;       /* something was left out */
} es_words;

typedef struct es_pending {
    es_recognizer_event_type type;
    es_end_reason reason;
    uint16_t revision;
    int32_t t;
} es_pending;

struct es_recognizer {
    const es_model *model;
    const es_kernels *kernels;
    es_nn_scratch scratch;

    /* queue of frames: a ring */
    es_slot *slots;
    uint16_t slot_count;
    uint16_t oldest;
    uint16_t waiting;
    uint32_t pushed; /* frames since start, refused ones counted */
    int16_t background_q7[ES_FEATURE_BINS];
    bool heard; /* the background holds something */

    /* the step under way */
    es_phase phase;
    uint16_t layer;
    es_nn_cursor at;
    uint32_t first_frame;   /* of this step */
    uint32_t last_frame;    /* the last real one of this step, or of the sound while padding */
    bool padding;           /* this step holds background */
    uint16_t symbols;       /* labels of this step */
    uint16_t length_before; /* visible text bytes when the step began */

    /* activations */
    int8_t *input;               /* [stack * 40] */
    int8_t *h[ES_MAX_LAYERS][2]; /* [units] */
    int16_t *c[ES_MAX_LAYERS];   /* [units], Q11 */
    uint8_t now;                 /* h[l][now] is of the step before, h[l][now ^ 1] is being written */
    int16_t *encoder_part;       /* [joint], Q12 */
    int8_t *context_bytes;       /* [2 * embedding] */
    int16_t *predictor_sums;     /* [predictor], Q12 */
    int8_t *predictor_out;       /* [predictor] */
    int16_t *predictor_part;     /* [joint], Q12 */
    int8_t *joint_out;           /* [joint] */
    int16_t *logits;             /* [output rows], Q10 */

    /* search */
    uint16_t context[2]; /* label before last, last */
    bool predicted;      /* predictor_part is that of the context */
    es_words words;
    uint32_t steps;           /* since start */
    uint32_t utterance_steps; /* since start or continue */
    uint32_t silent_steps;    /* since the last label */
    uint32_t utterance;
    uint16_t revision;
    bool speculated; /* this revision was announced */
    bool ended;
    bool finishing;
    uint16_t finish_left; /* steps of background still to do */

    /* events */
    es_pending pending[ES_PENDING];
    uint8_t pending_count;
    uint8_t pending_at;
};

/* words.c */
void es_words_clear(es_words *words);
/* Appends the text of one label that was heard in samples [start, end). */
void es_words_append(es_words *words, const char *piece, uint32_t bytes, int32_t start, int32_t end);
/* Words and text bytes without a last word that is still empty. */
uint16_t es_words_visible(const es_words *words, uint16_t *text_length);

/* step.c: goes on with the step under way until its counted work reaches `until` or the step is over; true when it is.
 */
bool es_step_run(es_recognizer *r, uint64_t until, es_work *work);

/* search.c */
void es_search_begin_step(es_recognizer *r);
/* The logits are there: takes the best label. True when the step goes on with one more label. */
bool es_search_label(es_recognizer *r, es_work *work);
/* After the step's last label: end-pointers and events. */
void es_search_end_step(es_recognizer *r, es_work *work);
/* The input is used up: ends the utterance. */
void es_search_end_input(es_recognizer *r);

#endif
