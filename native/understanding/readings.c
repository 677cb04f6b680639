/* The best readings of a lattice: the ten best ways to each node, then the different texts of those to the last. */
#include <string.h>

#include "understanding.h"

#include "../base/work.h"
#include "../decoder/fixed_log.h"

#define COST_WAY 30
#define COST_LETTER 8

static void keep(lattice_memory *m, uint16_t node, int32_t score, uint16_t back) {
    int32_t *scores = m->score[node];
    if (m->count[node] == WAYS && scores[WAYS - 1] >= score)
        return;
    uint8_t at = m->count[node] < WAYS ? m->count[node]++ : WAYS - 1;
    for (; at > 0 && scores[at - 1] < score; at--) {
        scores[at] = scores[at - 1];
        m->back[node][at] = m->back[node][at - 1];
    }
    scores[at] = score;
    m->back[node][at] = back;
}

static void find_ways(lattice_memory *m) {
    const es_lattice *lattice = &m->lattice;
    memset(m->count, 0, sizeof m->count);
    m->score[0][0] = 0;
    m->count[0] = 1;
    for (uint16_t node = 0; node + 1 < lattice->nodes; node++)
        for (uint16_t e = lattice->first_edge[node]; e < lattice->first_edge[node + 1]; e++) {
            const es_lattice_edge *edge = &lattice->edge[e];
            int32_t score = es_lattice_score(edge);
            for (uint8_t i = 0; i < m->count[node]; i++)
                keep(m, edge->to, m->score[node][i] + score, (uint16_t)(e * RANKS + i));
        }
}

/* The words of a way to the last node; returns their bytes, 0 when they are too long. */
static uint16_t text_of(const lattice_memory *m, uint8_t rank, const es_spelling *spelling, char *text) {
    uint16_t path[ES_LATTICE_NODES], edges = 0;
    uint16_t node = (uint16_t)(m->lattice.nodes - 1);
    while (node > 0) {
        uint16_t back = m->back[node][rank], edge = back / RANKS;
        path[edges++] = edge;
        rank = back % RANKS;
        node = m->lattice.edge[edge].from;
    }
    uint32_t bytes = 0;
    while (edges > 0) {
        char word[ES_UNDERSTANDING_WORD + 1];
        uint32_t length = es_lattice_text(&m->lattice, &m->lattice.edge[path[--edges]], spelling, word, sizeof word);
        if (length == 0)
            continue;
        if (length > ES_UNDERSTANDING_WORD || bytes + length + 1 > ES_UNDERSTANDING_TEXT)
            return 0;
        if (bytes > 0)
            text[bytes++] = ' ';
        memcpy(text + bytes, word, length);
        bytes += length;
    }
    return (uint16_t)bytes;
}

void es_readings_of(es_understanding *understanding, const es_spelling *spelling) {
    struct es_understanding_memory *memory = understanding->memory;
    lattice_memory *m = &memory->lattice;
    find_ways(m);
    uint16_t last = (uint16_t)(m->lattice.nodes - 1);
    memory->reading_count = 0;
    for (uint8_t i = 0; i < m->count[last]; i++) {
        reading candidate;
        candidate.score = m->score[last][i];
        candidate.bytes = text_of(m, i, spelling, candidate.text);
        uint8_t same = 0;
        while (same < memory->reading_count &&
               !(memory->readings[same].bytes == candidate.bytes &&
                 memcmp(memory->readings[same].text, candidate.text, candidate.bytes) == 0))
            same++;
        if (same < memory->reading_count)
            memory->readings[same].score = es_log_add(memory->readings[same].score, candidate.score);
        else if (candidate.bytes > 0 && memory->reading_count < ES_READINGS)
            memory->readings[memory->reading_count++] = candidate;
    }
    es_work_add(&understanding->work, 0, 0,
                (uint64_t)m->lattice.edges * WAYS * COST_WAY + (uint64_t)memory->reading_count * 60 * COST_LETTER);
}
