/* Streaming recogniser: feature frames in, words and a lattice out. Beam search over the packed RNN-T.
 * Work is done in bounded slices, so that a caller with a deadline can stop after each.
 * Any split of the input gives the same result. */
#ifndef EARSHOT_RECOGNIZER_H
#define EARSHOT_RECOGNIZER_H

#include "earshot/features.h"
#include "earshot/kernels.h"
#include "earshot/model.h"

typedef struct es_recognizer es_recognizer;

/* The one table of the search's options. A field of 0 takes its default. */
typedef struct es_search_options {
    uint8_t width;  /* hypotheses, 1..16; 1 gives the words of a greedy search. 4 */
    int16_t beam;   /* Q10 nats below the best at which a hypothesis is dropped, 1..20000. 6144 (6 nats) */
    int16_t labels; /* Q10 nats below the best at which one more label in the same step is not followed, 1..20000. Each
                     * label that is followed costs a look at the output layer. 3072 (3 nats) */
    int16_t quiet;  /* Q10 nats: where the best hypothesis gives blank at least exp(-quiet), one that did so itself when
                     * it  was last looked at takes the same blank without a look. 1..1024. 4 (99.6 %) */
    uint16_t cache; /* predictor outputs kept, 2..256; each 2 bytes a unit of the joint. 16 */
    uint16_t nodes; /* of the trellis, 64..8192; 12 bytes each and 32 of scratch. 384 */
    uint16_t arcs;  /* of the trellis, 128..16384; 24 bytes each and 6 of scratch. 576 */
    uint16_t lattice; /* bytes of a coded lattice at most, 64..4096. 1200 */
    int16_t prune;    /* Q10 nats: edges of a posterior below exp(-prune) go, 1..14000. 5632 (5.5 nats: 0.004) */
    bool no_language; /* leaves the model's language model unused */
    bool no_lattice;  /* words alone: saves the memory of the lattice */
} es_search_options;

/* Counted since start. */
typedef struct es_search_stats {
    uint32_t passes;     /* over the weights of the output layer */
    uint32_t outputs;    /* vectors in them: hypotheses that were looked at */
    uint32_t internal;   /* others in them: pairs of labels whose own language model was computed */
    uint32_t quiet;      /* hypotheses that needed no look because blank was as good as sure */
    uint32_t skipped;    /* hypotheses that were too far behind for one */
    uint32_t cache_hits; /* predictor's part found */
    uint32_t cache_misses;
    uint32_t merges;
    uint32_t collections; /* the trellis was full */
    uint32_t pruned;      /* arcs given up then */
    uint32_t lattices;
} es_search_stats;

typedef struct es_bias_hook es_bias_hook;
typedef struct es_ngram_hook es_ngram_hook;

typedef struct es_recognizer_config {
    uint16_t frame_queue;      /* feature frames that may wait, stack..4096, e.g. 200 (2 s) */
    uint16_t max_words;        /* of one utterance, 1..1024, e.g. 64; it ends when a step's labels might not fit */
    const es_kernels *kernels; /* NULL: the fastest that this CPU can run */
    es_search_options search;
} es_recognizer_config;

typedef enum es_recognizer_event_type {
    ES_PARTIAL,     /* the words so far changed */
    ES_SPECULATIVE, /* the speaker has probably ended; words are a frozen revision */
    ES_RESET,       /* the last speculative revision is void: the speaker went on */
    ES_FINAL,       /* the utterance is over; words are those of the last revision */
    ES_TIMEOUT      /* nothing was said */
} es_recognizer_event_type;

typedef enum es_end_reason {
    ES_END_NONE,
    ES_END_PAUSE,    /* the final end-pointer decided: its upper bound was reached */
    ES_END_EOU,      /* the final end-pointer decided, by its score */
    ES_END_LENGTH,   /* the watchdog: longest utterance reached */
    ES_END_INPUT,    /* the sound ended, or listening was stopped */
    ES_END_OVERLOAD, /* the caller had no time for it (es_recognizer_give_up) */
    ES_END_UNSURE    /* of ES_TIMEOUT: an end-pointer decided, but what was heard is too unsure to be words */
} es_end_reason;

#define ES_CONFIDENCE_UNKNOWN 65535

typedef struct es_word {
    int64_t start; /* samples from the start of listening */
    int64_t end;
    uint16_t text_offset; /* into the event's text */
    uint16_t text_length; /* bytes */
    uint16_t confidence;  /* 0..65534: how likely it was said; 65535: not known */
    int16_t acoustic;     /* Q10 log-probability that the network gave it, summed over the ways that were kept */
} es_word;

typedef struct es_recognizer_event {
    es_recognizer_event_type type;
    es_end_reason reason; /* of ES_FINAL and ES_TIMEOUT */
    int64_t t;            /* samples from the start of listening: end of the sound that decided */
    uint32_t utterance;   /* counted from 1 by the caller's es_recognizer_start */
    uint16_t revision;    /* of speculative, reset and final, from 0 */
    const char *text;     /* words with single spaces; valid until the next step, not zero-terminated */
    uint16_t text_length;
    const es_word *words;
    uint16_t word_count;
    uint16_t confidence;    /* 0..65534: how likely all words are right; 65535: not known */
    const uint8_t *lattice; /* coded (lattice.h), of speculative and final; its best path is the words. NULL: none */
    uint16_t lattice_bytes;
} es_recognizer_event;

/* What the end-pointers see of the last encoder step; for tuning them (host-sim/decoder). */
typedef struct es_end_signs {
    uint32_t labels;      /* hash of the best hypothesis' labels */
    uint16_t words;       /* how many it has */
    bool spoke;           /* it got one in this step */
    uint16_t pause;       /* encoder steps since its last label */
    uint16_t expected_q4; /* the same, expected over the beam: weighted by the hypotheses' probabilities, 1/16 step */
    uint16_t rest;        /* still steps in a row, at most the expected pause */
    int16_t eou;          /* Q10 logit of the end of the utterance */
    int16_t sound_q3;     /* level above the background, mean of all bins, 1/64 neper of power */
    int32_t score;        /* Q10 logit of an end here, as the thresholds weigh it */
    int16_t mass;         /* when words were last frozen: Q10 log-probability of all that the beam kept, a word */
} es_end_signs;

/* Bytes of arena that a recogniser of this model and configuration needs: 80 KB for the first model with 200 frames,
 * 64 words and the default search; SIZE_MAX: out of bounds. */
size_t es_recognizer_bytes(const es_model *model, const es_recognizer_config *config);
/* ES_E_ARGUMENT when the configuration is out of bounds, ES_E_MEMORY when the arena is too small. */
es_status es_recognizer_init(es_recognizer **recognizer, es_arena *arena, const es_model *model,
                             const es_recognizer_config *config);
/* Forget everything, and begin utterance `utterance` with the next frame pushed. The encoder's state is cleared. */
void es_recognizer_start(es_recognizer *recognizer, uint32_t utterance);
/* Begin the next utterance on a running stream: search state cleared, encoder state cleared, waiting frames kept,
 * times go on from the same zero. */
void es_recognizer_continue(es_recognizer *recognizer, uint32_t utterance);
/* One feature frame; ES_E_FULL when `frame_queue` frames wait already (the frame is dropped, the caller counts). */
es_status es_recognizer_push(es_recognizer *recognizer, const int8_t frame[ES_FEATURE_BINS]);
/* One feature frame that the caller drops: nothing of it is heard, later times stay true. */
void es_recognizer_skip(es_recognizer *recognizer);
/* No more sound will come: what waits is decoded, padded with silence as the model needs, then the utterance ends. */
void es_recognizer_finish(es_recognizer *recognizer);
/* There is no time for what waits: it is dropped, and after the step under way the utterance ends with what it has
 * (ES_END_OVERLOAD). Returns the frames dropped. */
uint32_t es_recognizer_give_up(es_recognizer *recognizer);
/* True when a step would do something. */
bool es_recognizer_busy(const es_recognizer *recognizer);
/* Do one slice: stops at the first row-group boundary after `instructions` of counted work (0: one whole encoder
 * step). Adds to `work`. After an event is produced it must be polled before the next step does anything. */
void es_recognizer_step(es_recognizer *recognizer, uint32_t instructions, es_work *work);
bool es_recognizer_poll(es_recognizer *recognizer, es_recognizer_event *event);
/* Live biasing, NULL for none, and a language model, NULL: the model's own or the one given before (hooks.h of
 * native/decoder); from the next utterance on. */
void es_recognizer_hooks(es_recognizer *recognizer, const es_bias_hook *bias, const es_ngram_hook *ngram);
/* What was understood of this speculative revision is not complete yet: its final end waits up to the upper bound of a
 * held one, unless a reset comes first. False: it is not the one that is open, nothing has changed. */
bool es_recognizer_hold(es_recognizer *recognizer, uint32_t utterance, uint16_t revision);
/* A narrower beam from the next encoder step on, or wider again up to the configured width: for a governor that sheds
 * work. Kept until it is called again. */
void es_recognizer_width(es_recognizer *recognizer, uint8_t width);
void es_recognizer_end_signs(const es_recognizer *recognizer, es_end_signs *signs);
void es_recognizer_search_stats(const es_recognizer *recognizer, es_search_stats *stats);
/* Feature frames that wait, and encoder steps done since start. */
uint32_t es_recognizer_backlog(const es_recognizer *recognizer);
uint32_t es_recognizer_frames(const es_recognizer *recognizer);

#endif
