/* The automaton at work. Its meaning in one sentence: read from left to right, at each beginning of a word the longest
 * name that is active there, made of whole words, is paid for, and reading goes on behind it.
 *
 * A state is a place: the node of phrases at which the open candidate began (or the present one when none is open), and
 * where in the trie of names the candidate stands. A candidate's letters so far are worth es_bias_value; when it turns
 * out to be no name, what was given is taken back and the letters behind its first word are read again, which the trie
 * still knows. So a path's bonus is the sum of its completed names and the value of the open candidate, whatever the
 * pieces that spelled it. */
#include <string.h>

#include "bias.h"

#define MOST_VALUE 15360 /* Q10: 15 nats for one name, so that a step's bonus fits 16 bits */
#define NOWHERE 0xfff    /* node of a place inside a word that is no candidate */
#define OPEN_BYTES 3
#define LETTERS (ES_BIAS_TEXT + 2)

typedef struct place {
    uint16_t phrase;
    uint16_t node;
    uint8_t letters; /* of the candidate; 0 at the root: between two words */
} place;

static place unpack(uint32_t state) {
    return (place){(uint16_t)(state >> 20), (uint16_t)(state >> 8 & 0xfff), (uint8_t)state};
}

static uint32_t pack(place at) { return (uint32_t)at.phrase << 20 | (uint32_t)at.node << 8 | at.letters; }

uint16_t es_bias_follow(const es_bias *bias, uint16_t phrase, uint8_t letter) {
    for (;;) {
        for (uint16_t child = bias->phrases[phrase].first; child != 0; child = bias->phrases[child].sibling)
            if (bias->phrases[child].letter == letter)
                return child;
        if (phrase == ES_BIAS_LOST)
            return letter == ' ' ? ES_BIAS_SPACE : ES_BIAS_LOST;
        phrase = bias->phrases[phrase].fail;
    }
}

int32_t es_bias_value(const es_bias *bias, uint32_t letters, uint32_t weight) {
    uint32_t paid = letters > 0 ? letters - 1 : 0; /* short names are heard too easily */
    paid = paid < bias->paid_letters ? paid : bias->paid_letters;
    uint32_t value = (paid * bias->letter_bonus * weight) >> 4;
    return (int32_t)(value < MOST_VALUE ? value : MOST_VALUE);
}

static const uint8_t *letters_of(const es_bias *bias, const es_bias_node *node) {
    return bias->list[bias->used] + node->text;
}

/* One more letter of a candidate; false: no active name goes on like this. */
static bool go_on(const es_bias *bias, place *at, uint8_t letter, uint16_t active) {
    const es_bias_node *node = &bias->nodes[at->node];
    if (at->letters < node->depth) {
        if (letters_of(bias, node)[at->letters] != letter)
            return false;
        at->letters++;
        return true;
    }
    if ((node->classes & active) == 0)
        return false;
    const uint8_t *letters = bias->list[bias->used] + at->letters;
    for (uint16_t k = node->first; k != 0; k = node->sibling) {
        node = &bias->nodes[k];
        if (node->depth == at->letters || letters[node->text] != letter)
            continue;
        if ((node->classes & active) == 0)
            return false;
        at->node = k;
        at->letters++;
        return true;
    }
    return false;
}

/* The active name that ends at this place, or NULL. */
static const es_bias_node *name_at(const es_bias *bias, const place *at, uint16_t active) {
    const es_bias_node *node = &bias->nodes[at->node];
    if (at->letters < node->depth || at->letters == 0)
        return NULL;
    if (node->first != 0) {
        node = &bias->nodes[node->first]; /* a name that ends here is the first child */
        if (node->depth != at->letters)
            return NULL;
    }
    return (node->classes & active) != 0 ? node : NULL;
}

static uint16_t active_at(const es_bias *bias, uint16_t phrase) {
    return bias->phrases[phrase].classes | ES_BIAS_EVERYWHERE;
}

static uint32_t space_from(const uint8_t *text, uint32_t from, uint32_t count) {
    while (from < count && text[from] != ' ')
        from++;
    return from;
}

/* Follows the phrases over text[from] .. text[until - 1]. */
static uint16_t follow(const es_bias *bias, uint16_t phrase, const uint8_t *text, uint32_t from, uint32_t until) {
    for (; from < until; from++)
        phrase = es_bias_follow(bias, phrase, text[from]);
    return phrase;
}

/* One candidate that begins at text[from]: how far it goes. */
typedef struct attempt {
    place at;
    uint32_t reached; /* letters of the text that it took */
    uint32_t name;    /* end of the longest name, a space behind it; 0: none */
    int32_t worth;    /* of that name */
} attempt;

static attempt try_from(const es_bias *bias, uint16_t phrase, const uint8_t *text, uint32_t from, uint32_t count) {
    uint16_t active = active_at(bias, phrase);
    attempt a = {.at = {.phrase = phrase}, .reached = from};
    while (a.reached < count && go_on(bias, &a.at, text[a.reached], active)) {
        a.reached++;
        const es_bias_node *name = a.reached < count && text[a.reached] == ' ' ? name_at(bias, &a.at, active) : NULL;
        if (name != NULL) {
            a.name = a.reached;
            a.worth = es_bias_value(bias, name->depth, name->weight);
        }
    }
    return a;
}

/* Reads `count` letters again from the beginning of a word on; `ending`: nothing comes behind them (the last one is a
 * space). Returns what the completed names are worth; `at` is where it ends. */
static int32_t read_again(const es_bias *bias, place *at, const uint8_t *text, uint32_t count, bool ending) {
    uint16_t phrase = at->phrase;
    int32_t worth = 0;
    for (uint32_t from = 0;;) {
        attempt a = try_from(bias, phrase, text, from, count);
        if (a.reached == count && (!ending || from == count)) {
            *at = a.at;
            at->phrase = a.at.letters > 0 ? bias->phrases[phrase].same : phrase;
            return worth;
        }
        uint32_t end = a.name > 0 ? a.name : space_from(text, from, count);
        worth += a.name > 0 ? a.worth : 0;
        if (end == count) {
            *at = (place){follow(bias, phrase, text, from, count), NOWHERE, 0};
            return worth;
        }
        phrase = follow(bias, phrase, text, from, end + 1);
        from = end + 1;
    }
}

/* The letters of an open candidate, one more behind them. Returns their number. */
static uint32_t gather(const es_bias *bias, const place *at, uint8_t letter, uint8_t text[LETTERS]) {
    memcpy(text, letters_of(bias, &bias->nodes[at->node]), at->letters);
    text[at->letters] = letter;
    return at->letters + 1u;
}

/* One letter. Returns what names completed by it are worth. */
static int32_t read_letter(const es_bias *bias, place *at, uint8_t letter) {
    uint8_t text[LETTERS];
    if (at->node == NOWHERE) {
        at->phrase = es_bias_follow(bias, at->phrase, letter);
        if (letter == ' ')
            at->node = 0;
        return 0;
    }
    if (letter == ' ') { /* a space behind a space is none */
        const uint8_t *before = letters_of(bias, &bias->nodes[at->node]);
        if (at->letters == 0 || before[at->letters - 1] == ' ')
            return 0;
    }
    uint16_t phrase = at->phrase;
    if (go_on(bias, at, letter, active_at(bias, phrase))) {
        at->phrase = bias->phrases[phrase].same;
        return 0;
    }
    if (at->letters == 0) {
        *at = (place){es_bias_follow(bias, phrase, letter), NOWHERE, 0};
        return 0;
    }
    uint32_t count = gather(bias, at, letter, text);
    return read_again(bias, at, text, count, false);
}

static int32_t open_value(const es_bias *bias, const place *at) {
    return at->letters == 0 ? 0 : es_bias_value(bias, at->letters, bias->nodes[at->node].weight);
}

void es_bias_step(const void *automaton, uint32_t state, uint16_t label, uint32_t *next, int32_t *score) {
    const es_bias *bias = automaton;
    const es_model *model = bias->model;
    const char *piece = model->piece_text + model->piece_offsets[label];
    uint32_t bytes = (uint32_t)model->piece_offsets[label + 1] - model->piece_offsets[label];
    place at = unpack(state);
    int32_t bonus = -open_value(bias, &at);
    for (uint32_t i = 0; i < bytes; i++) {
        uint8_t letter = (uint8_t)piece[i];
        if (letter == 0xe2 && bytes - i >= OPEN_BYTES && memcmp(piece + i, "\xe2\x96\x81", OPEN_BYTES) == 0) {
            letter = ' ';
            i += OPEN_BYTES - 1;
        }
        bonus += read_letter(bias, &at, letter);
    }
    *score = bonus + open_value(bias, &at);
    *next = pack(at);
}

int32_t es_bias_end(const void *automaton, uint32_t state) {
    const es_bias *bias = automaton;
    uint8_t text[LETTERS];
    place at = unpack(state);
    int32_t given = open_value(bias, &at);
    if (at.letters == 0)
        return 0;
    uint32_t count = gather(bias, &at, ' ', text);
    if (count > 1 && text[count - 2] == ' ')
        count--;
    return read_again(bias, &at, text, count, true) - given;
}
