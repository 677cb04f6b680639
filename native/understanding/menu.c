/* Closed menus: the order that fits best what was heard, by weighted edit distance over words and letters.
 *
 * The menu is a graph of words whose arcs lead to higher states: its ways are all orders there are, each slot once. A
 * reading is laid beside it word by word: a heard word stands for a menu word that looks like it, two heard words may
 * stand for one, words may be too many or missing. Costs are in sixteenths; a reading that the recogniser believes less
 * costs more. */
#include <string.h>

#include "understanding.h"

#include "../base/work.h"

#define NEVER 30000
#define LEAST_ALIKE 150 /* of 256 letters' worth of change: beyond, a word is another one */
#define MOST_ARCS_A_WAY MOST_STATES
#define COST_CELL 12 /* counted instructions of one letter against one letter */
#define COST_ARC 7   /* of an arc whose first state nothing leads to */
#define COST_LIVE 22 /* more, of another one */
#define COST_STATE 12
#define BEAM                                                                                                           \
    130 /* ways that cost so much more than the best one are given up: more than a missing word and two changed */

enum { STEP_EXTRA, STEP_WORD, STEP_MISSING, STEP_TWO };

static bool vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

/* Letters that sound alike are half as far apart. */
static int letter_cost(char a, char b) {
    static const char *const alike[] = {"ck", "sz", "td", "bp", "gk", "fv", "mn", "rl", "wv", "cs"};
    if (a == b)
        return 0;
    if (vowel(a) && vowel(b))
        return 8;
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if ((a == alike[i][0] && b == alike[i][1]) || (a == alike[i][1] && b == alike[i][0]))
            return 8;
    return 16;
}

/* 0: the same word; 255: another one; else what taking one for the other costs. */
static uint8_t word_cost(es_work *work, const char *heard, int heard_bytes, const char *menu, int menu_bytes) {
    uint16_t row[ES_UNDERSTANDING_WORD + 1];
    int longest = heard_bytes > menu_bytes ? heard_bytes : menu_bytes;
    int apart = heard_bytes > menu_bytes ? heard_bytes - menu_bytes : menu_bytes - heard_bytes;
    es_work_add(work, 0, (uint64_t)menu_bytes, COST_STATE + 2 * (uint64_t)longest);
    if (apart == 0 && memcmp(heard, menu, (size_t)menu_bytes) == 0)
        return 0;
    if (apart * 14 * 16 > LEAST_ALIKE * longest)
        return 255;
    for (int j = 0; j <= menu_bytes; j++)
        row[j] = (uint16_t)(14 * j);
    for (int i = 1; i <= heard_bytes; i++) {
        int diagonal = row[0];
        row[0] = (uint16_t)(14 * i);
        for (int j = 1; j <= menu_bytes; j++) {
            int best = diagonal + letter_cost(heard[i - 1], menu[j - 1]);
            diagonal = row[j];
            best = row[j] + 14 < best ? row[j] + 14 : best;
            best = row[j - 1] + 14 < best ? row[j - 1] + 14 : best;
            row[j] = (uint16_t)best;
        }
    }
    es_work_add(work, 0, 0, (uint64_t)heard_bytes * (uint64_t)menu_bytes * COST_CELL);
    int share = 16 * row[menu_bytes] / longest;
    return (uint8_t)(share > LEAST_ALIKE ? 255 : 8 + share / 2);
}

static uint32_t hash_of(const char *text, int bytes) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < bytes; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    return hash;
}

/* Costs of one heard text (a word, or two without the space between) against every menu word. Other readings have most
 * of the words too. */
static const uint8_t *costs_of(es_understanding *understanding, const char *text, int bytes) {
    const es_understanding_model *model = understanding->model;
    menu_memory *m = &understanding->memory->menu;
    uint32_t hash = hash_of(text, bytes);
    uint16_t at = 0;
    while (at < m->known_count && m->known[at] != hash)
        at++;
    if (at < m->known_count)
        return m->distance[at];
    if (m->known_count < MENU_CACHE)
        m->known_count++;
    else
        at = MENU_CACHE - 1;
    m->known[at] = hash;
    for (uint16_t w = 0; w < model->menu_words; w++) {
        int menu_bytes = m->start[w + 1] - m->start[w] - 1;
        const char *menu = model->menu_text + m->start[w];
        m->distance[at][w] = word_cost(&understanding->work, text, bytes, menu, menu_bytes);
    }
    return m->distance[at];
}

/* The menu's word that is this very word, or as many as there are words: then it is none of them. */
static uint16_t same_word(const es_understanding_model *model, const uint8_t *costs) {
    uint16_t w = 0;
    while (w < model->menu_words && costs[w] != 0)
        w++;
    return w;
}

static void begin(es_understanding *understanding) {
    const es_understanding_model *model = understanding->model;
    menu_memory *m = &understanding->memory->menu;
    m->known_count = 0;
    uint16_t at = 0;
    for (uint16_t w = 0; w < model->menu_words; w++) {
        m->start[w] = at;
        at = (uint16_t)(at + strlen(model->menu_text + at) + 1);
    }
    m->start[model->menu_words] = at;
}

static void improve(menu_memory *m, uint16_t column, uint8_t state, int cost, uint32_t back) {
    int16_t *best = &m->cost[column % 3][state];
    if (cost < *best) {
        *best = (int16_t)cost;
        m->back[column][state] = (uint16_t)back;
    }
}

/* Words that were heard and the order leaves out. One of the menu's own was hardly said in passing: "doble shot" is no
 * opening like "can i get". */
static void step_extra(const es_understanding_model *model, menu_memory *m, uint16_t column, uint16_t same) {
    int more = same < model->menu_words ? model->menu_delete[same] / 2 : 0;
    for (uint8_t s = 0; s < model->menu_states; s++) {
        int cost = m->cost[(column - 1) % 3][s];
        if (cost < NEVER)
            improve(m, column, s, cost + model->menu_state[2 * s] + more, STEP_EXTRA);
    }
}

/* Words that the menu has and nobody heard: arcs lead upwards, so one pass in their order is enough. Returns how many
 * arcs had to be looked at closely. */
static uint32_t step_missing(const es_understanding_model *model, menu_memory *m, uint16_t column) {
    uint32_t live = 0;
    for (uint16_t a = 0; a < model->menu_arcs; a++) {
        const uint8_t *arc = model->menu_arc + 4 * a;
        int cost = m->cost[column % 3][arc[0]];
        if (cost >= NEVER)
            continue;
        improve(m, column, arc[1], cost + model->menu_delete[arc[2]], 4u * a + STEP_MISSING);
        live++;
    }
    int best = NEVER;
    for (uint8_t s = 0; s < model->menu_states; s++)
        best = m->cost[column % 3][s] < best ? m->cost[column % 3][s] : best;
    for (uint8_t s = 0; s < model->menu_states; s++)
        if (m->cost[column % 3][s] > best + BEAM)
            m->cost[column % 3][s] = NEVER;
    return live;
}

static void start_column(const es_understanding_model *model, menu_memory *m, uint16_t column) {
    for (uint8_t s = 0; s < model->menu_states; s++)
        m->cost[column % 3][s] = NEVER;
}

static uint32_t step_words(const es_understanding_model *model, menu_memory *m, uint16_t column, uint16_t before,
                           const uint8_t *costs, int extra, uint32_t step) {
    uint32_t live = 0;
    for (uint16_t a = 0; a < model->menu_arcs; a++) {
        const uint8_t *arc = model->menu_arc + 4 * a;
        int cost = m->cost[before % 3][arc[0]];
        if (cost >= NEVER)
            continue;
        if (costs[arc[2]] < 255)
            improve(m, column, arc[1], cost + costs[arc[2]] + extra, 4u * a + step);
        live++;
    }
    return live;
}

/* Lays one text beside the menu; returns the least cost, `*end` is the state in which that way ends. */
static int align(es_understanding *understanding, const es_words *words, uint8_t *end) {
    const es_understanding_model *model = understanding->model;
    menu_memory *m = &understanding->memory->menu;
    start_column(model, m, 0);
    m->cost[0][0] = 0;
    uint32_t live = step_missing(model, m, 0), passes = 1;
    bool known_before = false;
    for (uint16_t i = 0; i < words->count; i++) {
        uint16_t column = (uint16_t)(i + 1);
        start_column(model, m, column);
        const char *word = words->text + words->at[i];
        const uint8_t *own = costs_of(understanding, word, words->bytes[i]);
        uint16_t same = same_word(model, own);
        bool known = same < model->menu_words; /* then it needs no neighbor to become one */
        step_extra(model, m, column, same);
        live += step_words(model, m, column, i, own, 0, STEP_WORD);
        if (i > 0 && !(known && known_before) && words->bytes[i - 1] + words->bytes[i] <= ES_UNDERSTANDING_WORD) {
            char joined[ES_UNDERSTANDING_WORD];
            memcpy(joined, words->text + words->at[i - 1], words->bytes[i - 1]);
            memcpy(joined + words->bytes[i - 1], word, words->bytes[i]);
            const uint8_t *costs = costs_of(understanding, joined, words->bytes[i - 1] + words->bytes[i]);
            live += step_words(model, m, column, (uint16_t)(i - 1), costs, 8, STEP_TWO);
            passes++;
        }
        live += step_missing(model, m, column);
        passes += 2;
        known_before = known;
    }
    int best = NEVER;
    for (uint8_t s = 0; s < model->menu_states; s++)
        if (model->menu_state[2 * s + 1] != 0 && m->cost[words->count % 3][s] < best) {
            best = m->cost[words->count % 3][s];
            *end = s;
        }
    es_work_add(&understanding->work, 0, (uint64_t)4 * model->menu_arcs * passes,
                (uint64_t)passes * model->menu_arcs * COST_ARC + (uint64_t)live * COST_LIVE +
                    (uint64_t)words->count * model->menu_states * 3 * COST_STATE);
    return best;
}

/* The arcs of the best way, last first; returns their number. */
static uint16_t way_back(const es_understanding_model *model, const menu_memory *m, uint16_t column, uint8_t state,
                         uint16_t arcs[MOST_ARCS_A_WAY]) {
    uint16_t count = 0;
    while ((column > 0 || state > 0) && count < MOST_ARCS_A_WAY) {
        uint16_t back = m->back[column][state];
        uint8_t step = back & 3;
        if (step != STEP_EXTRA) {
            arcs[count++] = back >> 2;
            state = model->menu_arc[4 * (back >> 2)];
        }
        column = (uint16_t)(column - (step == STEP_MISSING ? 0 : step == STEP_TWO ? 2 : 1));
    }
    return count;
}

/* Words of one slot follow one another; those of slot 255 belong to the next. */
static void slots_of(es_understanding *understanding, const uint16_t *arcs, uint16_t count, es_understood *understood) {
    const es_understanding_model *model = understanding->model;
    const menu_memory *m = &understanding->memory->menu;
    char value[ES_UNDERSTANDING_TEXT];
    size_t bytes = 0;
    understood->slot_count = 0;
    understood->value_bytes = 0;
    for (uint16_t i = count; i-- > 0;) {
        const uint8_t *arc = model->menu_arc + 4 * arcs[i];
        if (arc[3] == 0)
            continue;
        size_t length = (size_t)(m->start[arc[2] + 1] - m->start[arc[2]] - 1);
        if (bytes + length + 1 > sizeof value)
            return;
        if (bytes > 0)
            value[bytes++] = ' ';
        memcpy(value + bytes, model->menu_text + m->start[arc[2]], length);
        bytes += length;
        bool more = i > 0 && (arc[3] == 255 || model->menu_arc[4 * arcs[i - 1] + 3] == arc[3]);
        if (more)
            continue;
        if (arc[3] != 255)
            es_add_slot(understood, (uint8_t)(arc[3] - 1), value, bytes);
        bytes = 0;
    }
}

int32_t es_menu_order(es_understanding *understanding, es_understood *understood) {
    const es_understanding_model *model = understanding->model;
    struct es_understanding_memory *memory = understanding->memory;
    int32_t least = NEVER;
    uint16_t best_words = 1;
    begin(understanding);
    for (uint8_t r = 0; r < memory->reading_count; r++) {
        reading *reading = &memory->readings[r];
        es_words words;
        uint8_t end = 0;
        if (es_words_split(&words, reading->text, reading->bytes) != ES_OK || words.count == 0)
            continue;
        int32_t doubt = (int32_t)(((int64_t)(memory->readings[0].score - reading->score) * model->trust) >> 16);
        if (doubt >= least)
            continue;
        int32_t cost = align(understanding, &words, &end) + (doubt > 0 ? doubt : 0);
        if (cost >= least)
            continue;
        least = cost;
        best_words = words.count;
        understood->reading = r;
        uint16_t arcs[MOST_ARCS_A_WAY];
        slots_of(understanding, arcs, way_back(model, &memory->menu, words.count, end, arcs), understood);
    }
    return least < NEVER ? least / best_words : -1;
}
