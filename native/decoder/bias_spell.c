/* How word pieces spell a name. A model's pieces are those of a unigram model, but their probabilities are not in the
 * file; they stand there by falling probability, and that is taken as 1 / (rank + 7), Zipf's law with Mandelbrot's
 * shift. Of 7,602 words of the recordings it gives 99.7 % the very pieces that the probabilities give. */
#include <string.h>

#include "bias.h"
#include "fixed_log.h"

#define RANK_SHIFT 7
#define RANK_COST 1300 /* Q10: ln of the sum of 1 / (rank + 7) over 256 pieces; what one piece more costs */
#define NEVER INT32_MAX
#define GREEDY (ES_BIAS_WAYS - 1) /* ways that are looked for by cost: one place is kept for the greedy one */

static const char OPEN[3] = {(char)0xe2, (char)0x96, (char)0x81}; /* U+2581 */

/* Bytes of the name, a space before it, that the label spells from `at` on; 0: it does not. */
static uint32_t spells(const es_model *model, uint16_t label, const uint8_t *text, uint32_t at, uint32_t bytes) {
    const char *piece = model->piece_text + model->piece_offsets[label];
    uint32_t length = (uint32_t)model->piece_offsets[label + 1] - model->piece_offsets[label], from = at;
    for (uint32_t i = 0; i < length; from++) {
        bool open = length - i >= sizeof OPEN && memcmp(piece + i, OPEN, sizeof OPEN) == 0;
        uint8_t letter = open ? ' ' : (uint8_t)piece[i];
        /* The name begins a word: its text has no space for that. */
        uint8_t wanted = from == 0 ? ' ' : from <= bytes ? text[from - 1] : 0;
        if (letter != wanted || wanted == 0)
            return 0;
        i += open ? (uint32_t)sizeof OPEN : 1;
    }
    return from - at;
}

void es_bias_singles(const es_model *model, uint8_t singles[32]) {
    memset(singles, 0, 32);
    for (uint16_t label = 1; label <= model->vocabulary; label++) {
        const char *piece = model->piece_text + model->piece_offsets[label];
        uint32_t length = (uint32_t)model->piece_offsets[label + 1] - model->piece_offsets[label];
        uint8_t letter = length == 1 ? (uint8_t)piece[0] : ' ';
        if (length == 1 || (length == sizeof OPEN && memcmp(piece, OPEN, sizeof OPEN) == 0))
            singles[letter >> 3] |= (uint8_t)(1 << (letter & 7));
    }
}

bool es_bias_can_spell(const es_model *model, const uint8_t singles[32], const uint8_t *text, uint32_t bytes) {
    bool reached[ES_BIAS_TEXT + 2] = {true};
    bool single = (singles[' ' >> 3] & 1 << (' ' & 7)) != 0;
    for (uint32_t i = 0; i < bytes && single; i++)
        single = (singles[text[i] >> 3] & 1 << (text[i] & 7)) != 0;
    if (single)
        return true;
    for (uint32_t at = 0; at <= bytes; at++)
        for (uint16_t label = 1; reached[at] && label <= model->vocabulary; label++)
            reached[at + spells(model, label, text, at, bytes)] = true;
    return reached[bytes + 1];
}

static int32_t cost_of(uint16_t label) { return RANK_COST + es_ln_q10((uint64_t)(label + RANK_SHIFT) << 30); }

/* The best ways to one place in the name: what they cost, and the last piece of each. */
typedef struct es_bias_step_back {
    int32_t cost;
    uint16_t label;
    uint8_t from, rank;
} step_back;

static void enter(step_back ways[GREEDY], step_back way) {
    int k = GREEDY - 1;
    if (way.cost >= ways[k].cost)
        return;
    for (; k > 0 && ways[k - 1].cost > way.cost; k--)
        ways[k] = ways[k - 1];
    ways[k] = way;
}

static void trace(step_back table[][GREEDY], uint32_t bytes, int rank, es_bias_way *way) {
    uint16_t count = 0, back[ES_BIAS_TEXT + 1];
    way->cost = table[bytes + 1][rank].cost;
    for (uint32_t at = bytes + 1; at > 0;) {
        const step_back *last = &table[at][rank];
        back[count++] = last->label;
        rank = last->rank;
        at = last->from;
    }
    way->count = count;
    for (uint16_t i = 0; i < count; i++)
        way->label[i] = back[count - 1 - i];
}

/* The longest piece at each place; false: it comes to no end. */
static bool greedy(const es_model *model, const uint8_t *text, uint32_t bytes, es_bias_way *way) {
    way->cost = 0;
    way->count = 0;
    for (uint32_t at = 0, most; at <= bytes; at += most) {
        most = 0;
        for (uint16_t label = 1; label <= model->vocabulary; label++) {
            uint32_t length = spells(model, label, text, at, bytes);
            if (length > most) {
                most = length;
                way->label[way->count] = label;
            }
        }
        if (most == 0)
            return false;
        way->cost += cost_of(way->label[way->count++]);
    }
    return true;
}

static bool same_way(const es_bias_way *a, const es_bias_way *b) {
    return a->count == b->count && memcmp(a->label, b->label, a->count * sizeof a->label[0]) == 0;
}

uint32_t es_bias_spell(const es_model *model, const char *name, uint32_t bytes, es_bias_way ways[ES_BIAS_WAYS]) {
    const uint8_t *text = (const uint8_t *)name;
    step_back table[ES_BIAS_TEXT + 2][GREEDY];
    uint32_t found = 0;
    if (bytes == 0 || bytes > ES_BIAS_TEXT)
        return 0;
    for (uint32_t at = 0; at <= bytes + 1; at++)
        for (int k = 0; k < GREEDY; k++)
            table[at][k].cost = at == 0 && k == 0 ? 0 : NEVER;
    for (uint32_t at = 0; at <= bytes; at++) {
        for (uint16_t label = 1; table[at][0].cost != NEVER && label <= model->vocabulary; label++) {
            uint32_t length = spells(model, label, text, at, bytes);
            for (uint8_t k = 0; length > 0 && k < GREEDY && table[at][k].cost != NEVER; k++)
                enter(table[at + length], (step_back){table[at][k].cost + cost_of(label), label, (uint8_t)at, k});
        }
    }
    for (; found < GREEDY && table[bytes + 1][found].cost != NEVER; found++)
        trace(table, bytes, (int)found, &ways[found]);
    es_bias_way *last = &ways[found];
    if (found == 0 || !greedy(model, text, bytes, last))
        return found;
    for (uint32_t i = 0; i < found; i++)
        if (same_way(&ways[i], last))
            return found;
    return found + 1;
}
