/* State of the recogniser. Private to native/decoder. */
#ifndef EARSHOT_DECODER_H
#define EARSHOT_DECODER_H

#include "earshot/lattice.h"
#include "earshot/recognizer.h"

#include "../nn/nn.h"
#include "hooks.h"
#include "trellis.h"

#define ES_MAX_BEAM 16
#define ES_HASH_EMPTY 2166136261u /* FNV-1a of nothing */
#define ES_LONG_PAUSE 4000        /* steps: longer ones are as long */
#define ES_FULL_REST 20           /* steps of rest that add to the score of the end */
#define ES_LOUD_Q3 256            /* above the background: 4 nepers of power; louder is as loud */
#define ES_PENDING 4              /* one step can give RESET, PARTIAL and FINAL, or SPECULATIVE and FINAL */

typedef struct es_slot {
    uint32_t index; /* of the frame since start, refused frames counted */
    int8_t bins[ES_FEATURE_BINS];
} es_slot;

typedef enum es_phase {
    PHASE_GATHER,
    PHASE_LSTM,
    PHASE_JOINT_ENCODER,
    PHASE_SEARCH,
    PHASE_PREDICTOR,
    PHASE_JOINT_PREDICTOR,
    PHASE_OUTPUT,
    PHASE_LATTICE
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
    int64_t t;
} es_pending;

/* A word of the best hypothesis, kept for the words of the lattice's best path. */
typedef struct es_said {
    uint32_t hash; /* of its text */
    int16_t acoustic;
} es_said;

/* A decision that needs the lattice is taken when the lattice is there; until then the step waits in PHASE_LATTICE. */
typedef enum es_freeze { FREEZE_NONE, FREEZE_WANTED, FREEZE_DONE } es_freeze;

typedef struct es_lattice_work es_lattice_work; /* lattice_build.c */

/* One hypothesis: a state of the search with everything that led to it. */
typedef struct es_hypothesis {
    int32_t score; /* log of the sum of all ways, Q10: alpha of the node + trail */
    es_stand stand;
    uint32_t bias, ngram; /* states of the hooks */
    uint16_t labels[2];   /* label before last, last; 0 at the start */
    uint16_t pause;       /* steps since the last label */
    int16_t eou;          /* Q10 logit of the end of the utterance when its blank was taken */
    bool spoke;           /* a label in this step */
    bool quiet;           /* as good as sure of its blank when it was last looked at */
} es_hypothesis;

/* One more label behind an open hypothesis, not yet in the trellis. */
typedef struct es_candidate {
    int32_t score;
    int32_t label_score;
    uint32_t bias, ngram;
    int16_t language, bonus;
    uint16_t label;
    uint8_t from;
} es_candidate;

/* Joint's part of the predictor, by the two labels it belongs to. */
typedef struct es_cached {
    uint32_t used; /* when, counted in look-ups; 0: empty */
    uint16_t labels[2];
    int16_t *part;     /* [joint], Q12 */
    uint8_t *internal; /* [vocabulary] -16 ln of the network's own language model; NULL: not asked for */
    bool knows;        /* `internal` is there */
} es_cached;

/* One vector of a batch. */
typedef struct es_column {
    uint16_t labels[2];
    uint16_t place; /* in the cache */
    bool internal;  /* without the encoder: the network's own language model */
} es_column;

/* joint.c: logits for the pairs of last labels that the search asks for */
typedef struct es_joint {
    es_cached *cache; /* [cache_count] */
    uint16_t cache_count;
    uint32_t clock;
    es_column column[ES_KERNEL_VECTORS];
    uint16_t miss[ES_KERNEL_VECTORS]; /* places whose part has to be computed */
    uint8_t most;                     /* columns that there is memory for */
    uint8_t count, missing;
    uint8_t ready; /* columns whose logits are there */
} es_joint;

typedef struct es_beam {
    es_search_options options;
    uint8_t most;   /* hypotheses that there is memory for */
    uint8_t wanted; /* width from the next step on */
    const es_bias_hook *bias;
    const es_ngram_hook *ngram;
    es_trellis trellis;
    es_hypothesis *open;   /* [width] wait for the output layer in this round */
    es_hypothesis *closed; /* [2 * width] took their blank: hypotheses of the next step */
    es_candidate *next;    /* [width] labels of this round, best first */
    uint8_t open_count, closed_count, next_count;
    uint8_t done;  /* open hypotheses that this round is through with */
    uint8_t round; /* labels that the open ones have in this step */
    int32_t best;  /* score seen in this step */
    bool quiet;    /* the best hypothesis of this step (until it is known: of the last) was as good as sure of blank */
    int32_t quiet_blank; /* its blank and end of utterance */
    int16_t quiet_eou;
    bool full; /* the trellis can hold no more */
    es_search_stats stats;
} es_beam;

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
    bool heard;       /* the background holds something */
    int16_t sound_q3; /* level of this step above it */

    /* the step under way */
    es_phase phase;
    bool paused; /* the slice ends here, though some of it is left */
    uint16_t layer;
    es_nn_cursor at;
    uint32_t first_frame; /* of this step */
    uint32_t last_frame;  /* the last real one of this step, or of the sound while padding */
    bool padding;         /* this step holds background */

    /* activations */
    int8_t *input;               /* [stack * 40] */
    int8_t *h[ES_MAX_LAYERS][2]; /* [units] */
    int16_t *c[ES_MAX_LAYERS];   /* [units], Q11 */
    uint8_t now;                 /* h[l][now] is of the step before, h[l][now ^ 1] is being written */
    int16_t *encoder_part;       /* [joint], Q12 */
    /* of one batch, ES_KERNEL_VECTORS of each */
    int8_t *context_bytes;   /* [2 * embedding] interleaved */
    int16_t *predictor_sums; /* [predictor], Q12 */
    int8_t *predictor_out;   /* [predictor] interleaved */
    int8_t *joint_out;       /* [joint] interleaved */
    int16_t *logits;         /* [output rows], Q10 */

    /* search */
    es_joint joint;
    es_beam beam;
    const es_bias_hook *next_bias;   /* of the next utterance */
    const es_ngram_hook *next_ngram; /* NULL: none */
    es_ngram_hook own;               /* the model's own */
    uint32_t longest;                /* bytes of a piece */
    es_words words;                  /* of the best hypothesis, or of the frozen lattice */
    int32_t foreign;                 /* Q10: what language model and biasing gave the best hypothesis */
    es_said *said;                   /* [max_words] of the best hypothesis when the lattice was frozen */
    uint16_t said_count;
    int16_t said_mean;    /* acoustic score */
    int16_t said_mass;    /* log-probability of all that the beam kept, a word */
    uint16_t sure_mean;   /* confidence of the words */
    uint16_t sure;        /* of all of them together */
    uint32_t labels_hash; /* of the best hypothesis' labels */
    uint32_t text_hash;   /* of the words last told */
    bool overfull;        /* what was said does not fit */
    bool near_full;       /* what the next step says might not fit */
    es_end_signs signs;   /* of the last step */
    uint32_t start_frame; /* first of this utterance */
    es_lattice *lattice;  /* NULL: none is made */
    es_lattice_work *build;
    es_freeze freeze;     /* of this step's hypotheses */
    bool holds;           /* what was frozen is words */
    es_end_reason ending; /* what the end waits for a lattice with; ES_END_NONE: the end-pointers' own step */
    uint8_t *lattice_bytes;
    uint16_t lattice_size;    /* of the frozen revision; 0: none */
    uint32_t steps;           /* since start */
    uint32_t utterance_steps; /* since start or continue */
    uint32_t utterance;
    uint16_t revision;
    uint16_t run;    /* still steps without a label in a row */
    bool speculated; /* this revision was announced */
    bool held;       /* and is not complete, by what understanding says */
    bool doubted;    /* these labels were frozen and rejected */
    bool ended;
    bool finishing;
    bool giving_up;       /* the utterance ends at the next step's boundary */
    uint16_t finish_left; /* steps of background still to do */

    /* events */
    es_pending pending[ES_PENDING];
    uint8_t pending_count;
    uint8_t pending_at;
};

/* words.c */
void es_words_clear(es_words *words);
/* Appends the text of one label that was heard in samples [start, end). */
void es_words_append(es_words *words, const char *piece, uint32_t bytes, int64_t start, int64_t end);
/* Adds to the acoustic score of the last word. */
void es_words_weigh(es_words *words, int32_t acoustic);
/* Might one more step of `symbols` labels of up to `longest` bytes not fit? At most half of the room is kept for it. */
bool es_words_near_full(const es_words *words, uint32_t symbols, uint32_t longest);
/* Words and text bytes without a last word that is still empty. */
uint16_t es_words_visible(const es_words *words, uint16_t *text_length);

/* step.c: goes on with the step under way until its counted work reaches `until` or the step is over; true when it is.
 */
bool es_step_run(es_recognizer *r, uint64_t until, es_work *work);

/* joint.c */
void es_joint_clear(es_joint *joint);
void es_joint_begin(es_joint *joint); /* a new batch */
/* One more pair for the batch; false when it is full. */
bool es_joint_add(es_recognizer *r, const uint16_t labels[2], es_work *work);
void es_joint_embed(es_recognizer *r, es_work *work); /* before the predictor */
void es_joint_predicted(es_recognizer *r, es_work *work);
void es_joint_keep(es_recognizer *r, es_work *work);    /* after its way into the joint */
void es_joint_combine(es_recognizer *r, es_work *work); /* before the output layer */
void es_joint_done(es_recognizer *r, es_work *work);
/* The column of the last batch that holds this pair and all that goes with it, or -1. */
int es_joint_find(const es_recognizer *r, const uint16_t labels[2]);
/* What the network's own language model says of the labels after those of a column: [vocabulary] -16 ln; NULL: that
 * is not asked. */
const uint8_t *es_joint_internal(const es_recognizer *r, int column);
const int16_t *es_joint_logits(const es_recognizer *r, int column); /* [output rows], Q10 */

/* beam.c: one step of the search */
void es_beam_clear(es_beam *beam);
void es_beam_begin_step(es_recognizer *r, es_work *work);
typedef enum es_beam_state {
    ES_BEAM_DONE,  /* the step is over */
    ES_BEAM_WANTS, /* a batch of logits is missing, and planned */
    ES_BEAM_PAUSED /* the next hypothesis might not fit before `until`: to be called again */
} es_beam_state;

es_beam_state es_beam_run(es_recognizer *r, uint64_t until, es_work *work);

/* endpoint.c: after the step's last label: words, end-pointers, events */
void es_endpoint_step(es_recognizer *r, es_work *work);
/* The input is used up: ends the utterance. */
void es_endpoint_input(es_recognizer *r, es_work *work);
/* There is no time for it: the same. */
void es_endpoint_give_up(es_recognizer *r, es_work *work);
/* What a lattice had to be made for goes on: it is there. */
void es_endpoint_frozen(es_recognizer *r, es_work *work);

/* confidence.c: keeps what the best hypothesis' words scored; gives the lattice's words their confidence. */
void es_confidence_note(es_recognizer *r);
void es_confidence_words(es_recognizer *r, es_work *work);
/* The frozen words are too unsure to be told. */
bool es_confidence_rejects(const es_recognizer *r);
/* The words so far would be, even if the search saw no others: not worth a partial. */
bool es_confidence_hopeless(const es_recognizer *r, es_work *work);

/* lattice_freeze.c: the lattice of the hypotheses as they stand, coded, and its best path as the words. `run` goes on
 * until the work reaches `until`; true when it is made, or cannot be (then `lattice_size` is 0). */
void es_lattice_begin(es_recognizer *r);
bool es_lattice_run(es_recognizer *r, uint64_t until, es_work *work);
/* The best path of the lattice last made, as the words. */
void es_lattice_words(es_recognizer *r, es_work *work);
/* lattice.c: pruning in pieces: what is kept, then every node but the last, from behind. */
void es_lattice_keep(es_lattice *lattice, uint32_t least);
void es_lattice_rescale(es_lattice *lattice, uint16_t node);
/* lattice_build.c */
size_t es_lattice_work_bytes(const es_search_options *options);

#endif
