/* Verified reader of the packed model (*.esm, models/FORMAT.md). The file is used in place (memory-mapped flash);
 * every offset, count and index is bounded before its first use, so a model that opens cannot make the engine
 * read outside it. */
#ifndef EARSHOT_MODEL_H
#define EARSHOT_MODEL_H

#include "earshot/base.h"

/* Block-sparse int8 matrix: blocks of 8 rows x 4 columns. Row group g holds counts[g] blocks. */
typedef struct es_matrix {
    uint16_t rows;              /* multiple of 8 */
    uint16_t cols;              /* multiple of 4, at most 1024 */
    uint8_t shift;              /* of the requantisation, 1..62 */
    const uint16_t *counts;     /* [rows / 8] kept blocks of each row group */
    const uint8_t *columns;     /* [blocks] column block, ascending inside a group */
    const int8_t *blocks;       /* [blocks][8][4], 16-byte aligned */
    const int32_t *multipliers; /* [rows], >= 0 */
    uint32_t block_count;
} es_matrix;

typedef struct es_lstm_layer {
    es_matrix input;       /* rows 4 * units, row = 4 * unit + gate, gates i f g o */
    es_matrix recurrent;   /* same row order */
    const int16_t *bias;   /* [4 * units], Q12 */
    uint16_t units;        /* multiple of 4 */
    uint16_t output_scale; /* h8 = round(h * output_scale), 64..2047 */
} es_lstm_layer;

/* Word-piece n-gram with back-off, an automaton (models/FORMAT.md, section 10). Costs are -8 ln(p). */
typedef struct es_language {
    uint16_t states;       /* 0: the model has none */
    uint16_t start;        /* state of the start of an utterance */
    const uint16_t *first; /* [states + 1] arcs of a state: first[s] up to first[s + 1], labels ascending */
    const uint16_t *back;  /* [states] always lower, but for state 0, which knows every label */
    const int8_t *weight;  /* [states] added on the way back, 8 ln */
    const uint8_t *end;    /* [states] cost of the end of the utterance; 255: ask back */
    const uint32_t *arc;   /* next state << 16 | cost << 9 | label - 1 */
} es_language;

#define ES_MAX_LAYERS 6
#define ES_MAX_PIECES 4000
#define ES_MAX_JOINT 1024
#define ES_MAX_SYMBOLS 8
#define ES_CONFIDENCE_KNOTS 17

typedef struct es_model {
    const uint8_t *data;
    size_t size;
    uint16_t stack; /* feature frames of one encoder step, 1..16 */
    uint16_t layers;
    es_lstm_layer lstm[ES_MAX_LAYERS];
    es_matrix joint_encoder;       /* units -> joint */
    const int16_t *joint_bias;     /* [joint], Q12 */
    uint16_t vocabulary;           /* word pieces; labels are 1..vocabulary, 0 is blank */
    uint16_t embedding;            /* bytes of one label's embedding */
    const int8_t *embeddings;      /* [vocabulary + 1][embedding] */
    es_matrix predictor;           /* 2 * embedding -> predictor units; columns: label before last, then last */
    const int16_t *predictor_bias; /* Q12 */
    es_matrix joint_predictor;     /* predictor units -> joint, no bias */
    es_matrix output;              /* joint -> blank, pieces, end of utterance, zero rows up to a multiple of 8 */
    const int16_t *output_bias;    /* [rows], Q10 natural logits */
    const uint16_t *piece_offsets; /* [vocabulary + 2] into piece_text; piece of label k is [k, k + 1) */
    const char *piece_text;        /* UTF-8, U+2581 opens a word */
    /* thresholds, written by `npm run calibrate` */
    int16_t blank_penalty;          /* Q10, subtracted from the blank logit */
    uint16_t max_symbols;           /* labels a frame, 1..8 */
    uint16_t endpoint_frames_final; /* upper bound of the final end: steps of rest */
    uint16_t endpoint_frames_speculative;
    uint16_t timeout_frames;       /* encoder steps without a word until a time-out */
    uint16_t max_frames;           /* watchdog: longest utterance in encoder steps */
    int16_t endpoint_eou;          /* Q10: score at which the final end comes before its upper bound */
    uint16_t finish_frames;        /* encoder steps of background after the end of the input, 0..50 */
    uint16_t endpoint_least_final; /* steps of rest that a score needs */
    uint16_t endpoint_least_speculative;
    int16_t endpoint_eou_speculative;
    int16_t endpoint_rest;         /* Q10: least logit of a still step; 0: every step without a label is one */
    uint16_t endpoint_sound;       /* Q10 a neper of power above the background, taken off the logit */
    uint16_t endpoint_step;        /* Q10 a step of rest, added to the score */
    int16_t endpoint_one_word;     /* Q10, added to the score of a single word */
    uint16_t endpoint_frames_held; /* upper bound of a final end that is held back */
    /* confidence; confidence_words is NULL in a model without it */
    int16_t confidence_offset; /* Q10, as the weights */
    int16_t confidence_posterior, confidence_acoustic, confidence_mass;
    uint16_t confidence_least;            /* mean of an utterance's words below which nothing was said; 0..65534 */
    const uint16_t *confidence_words;     /* [ES_CONFIDENCE_KNOTS] */
    const uint16_t *confidence_utterance; /* [ES_CONFIDENCE_KNOTS] */
    /* weights of the search, Q8; tuned as the thresholds */
    uint16_t language_weight; /* 0: the language model is not used */
    uint16_t internal_weight; /* of the network's own language model, taken away */
    uint16_t bias_weight;     /* of the bonuses for names; 256 when the file does not say */
    int16_t label_reward;     /* Q10, for each label while the language model is used */
    es_language language;
    const char *provenance; /* JSON, zero-terminated */
} es_model;

/* Opens a model in `data` (16-byte aligned, kept by the caller for the model's life). On failure `*where` (may be
 * NULL) is the byte offset of the first thing that is wrong. */
es_status es_model_open(es_model *model, const void *data, size_t bytes, size_t *where);

#endif
