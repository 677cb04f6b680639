/* What the search asks of live biasing and of the language model: two tables of functions, either may be missing.
 * Scores are natural logarithms, Q10; states are numbers that mean something to their owner alone, 0 = start of an
 * utterance. Hypotheses merge only when their states are equal, so owners keep states few. Private to native/decoder.
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
    int32_t (*step)(const void *model, uint32_t state, uint16_t label, uint32_t *next);
    int32_t (*end)(const void *model, uint32_t state); /* may be NULL */
};

#endif
