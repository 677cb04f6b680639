/* What the search asks of live biasing and of the language model: two tables of functions, either may be missing.
 * Scores are natural logarithms, Q10; states are numbers that mean something to their owner alone; biasing begins an
 * utterance with 0. Hypotheses merge only when their states are equal, so owners keep states few. Private to
 * native/decoder.
 */
#ifndef EARSHOT_DECODER_HOOKS_H
#define EARSHOT_DECODER_HOOKS_H

#include "earshot/recognizer.h"

struct es_bias_hook {
    const void *automaton;
    /* One more label: the next state, and the bonus (or refund, below 0) of the step. */
    void (*step)(const void *automaton, uint32_t state, uint16_t label, uint32_t *next, int32_t *score);
    /* The utterance ends: the refund of what was begun and not completed. */
    int32_t (*end)(const void *automaton, uint32_t state);
    int32_t most; /* the largest bonus of one step: labels so far below the beam are still asked for */
};

struct es_ngram_hook {
    const void *model;
    uint32_t start; /* state of the start of an utterance */
    /* One more label: the next state, and what the language model says of it, weighted. */
    int32_t (*step)(const void *model, uint32_t state, uint16_t label, uint32_t *next, es_work *work);
    int32_t (*end)(const void *model, uint32_t state); /* may be NULL */
    uint16_t internal; /* Q8 weight at which the network's own language model is taken away; 0: not asked */
    int32_t most;      /* what both together give a label is cut off here; labels so far below are still asked for */
};

/* The language model in the model's file, with its weights; false when it has none or is not to use it. */
bool es_ngram_hook_of(const es_model *model, es_ngram_hook *hook);

#endif
