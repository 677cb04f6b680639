/* The coded form of a lattice (include/earshot/lattice.h): writer and reader. */
#include "earshot/lattice.h"

#include <string.h>

#include "fixed_log.h"

#define VERSION 1
#define WIDE 1 /* flag: pieces are u16 */
#define NARROW_PIECES 256
#define SUM_TOLERANCE (ES_ONE_Q30 / 1000) /* of the probabilities of a node's edges */
#define TIME_BOUND (1 << 24)
#define SCORE_BOUND (1 << 24)

typedef struct sink {
    uint8_t *at, *end;
    bool full;
} sink;

static void put_byte(sink *s, uint32_t value) {
    if (s->at == s->end) {
        s->full = true;
        return;
    }
    *s->at++ = (uint8_t)value;
}

static void put(sink *s, uint32_t value) {
    for (; value > 0x7f; value >>= 7)
        put_byte(s, (value & 0x7f) | 0x80);
    put_byte(s, value);
}

static void put_signed(sink *s, int32_t value) {
    put(s, value < 0 ? ((uint32_t) - (value + 1) << 1) | 1 : (uint32_t)value << 1);
}

static void put_edge(sink *s, const es_lattice *l, const es_lattice_edge *edge, bool wide) {
    put(s, (uint32_t)(edge->to - edge->from));
    put(s, edge->pieces);
    for (uint16_t i = 0; i < edge->pieces; i++) {
        uint32_t id = l->pieces[edge->piece_at + i] - 1u;
        put_byte(s, id & 0xff);
        if (wide)
            put_byte(s, id >> 8);
    }
    put_signed(s, edge->start - l->time[edge->from]);
    put_signed(s, edge->end - l->time[edge->to]);
    put_signed(s, edge->acoustic);
    put_signed(s, edge->language);
    put_signed(s, edge->bias);
}

static bool is_wide(const es_lattice *l) {
    for (uint16_t e = 0; e < l->edges; e++)
        for (uint16_t i = 0; i < l->edge[e].pieces; i++)
            if (l->pieces[l->edge[e].piece_at + i] > NARROW_PIECES)
                return true;
    return false;
}

int32_t es_lattice_write(const es_lattice *l, uint8_t *out, uint32_t capacity) {
    sink s = {out, out + capacity, false};
    bool wide = is_wide(l);
    put_byte(&s, VERSION);
    put_byte(&s, wide ? WIDE : 0);
    for (int i = 0; i < 4; i++)
        put_byte(&s, l->model >> (8 * i) & 0xff);
    put(&s, l->utterance);
    put(&s, l->revision);
    put(&s, l->start);
    put(&s, l->nodes);
    put(&s, l->edges);
    for (uint16_t n = 0; n < l->nodes; n++) {
        if (n > 0)
            put(&s, (uint32_t)(l->time[n] - l->time[n - 1]));
        if (n + 1 == l->nodes)
            break;
        put(&s, (uint32_t)(l->first_edge[n + 1] - l->first_edge[n]));
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++)
            put_edge(&s, l, &l->edge[e], wide);
    }
    return s.full ? ES_E_FULL : (int32_t)(s.at - out);
}

/* ---- reader ---- */

typedef struct source {
    const uint8_t *begin, *at, *end;
    es_status status;
} source;

static uint32_t fail(source *s, es_status status) {
    if (s->status == ES_OK)
        s->status = status;
    return 0;
}

static uint32_t get_byte(source *s) {
    if (s->status != ES_OK || s->at == s->end)
        return fail(s, ES_E_SHORT);
    return *s->at++;
}

static uint32_t get(source *s) {
    uint32_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
        uint32_t byte = get_byte(s);
        if (s->status != ES_OK || (shift == 28 && byte > 15) || (shift > 0 && byte == 0))
            return fail(s, ES_E_CORRUPT); /* more than 32 bits, or longer than needed */
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    return fail(s, ES_E_CORRUPT);
}

static uint32_t get_bounded(source *s, uint32_t low, uint32_t high) {
    uint32_t value = get(s);
    return value < low || value > high ? fail(s, ES_E_CORRUPT) : value;
}

static int32_t get_signed(source *s, int32_t bound) {
    uint32_t value = get(s);
    int32_t result = value & 1 ? -(int32_t)(value >> 1) - 1 : (int32_t)(value >> 1);
    return result < -bound || result > bound ? (int32_t)fail(s, ES_E_CORRUPT) : result;
}

/* `end` is kept relative: the time of the last node is not known yet. */
static void get_edge(source *s, es_lattice *l, uint16_t from, bool wide) {
    es_lattice_edge *edge = &l->edge[l->edges];
    *edge = (es_lattice_edge){.from = from, .piece_at = l->piece_count};
    uint32_t step = get_bounded(s, 1, l->nodes - 1u - from);
    edge->to = (uint16_t)(from + step);
    edge->pieces = (uint16_t)get_bounded(s, 0, ES_LATTICE_WORD);
    if (l->piece_count + edge->pieces > ES_LATTICE_PIECES)
        fail(s, ES_E_UNSUPPORTED);
    if (edge->pieces == 0 && (from != 0 || edge->to != l->nodes - 1))
        fail(s, ES_E_CORRUPT);
    for (uint16_t i = 0; i < edge->pieces && s->status == ES_OK; i++) {
        uint32_t id = get_byte(s);
        id |= wide ? get_byte(s) << 8 : 0;
        if (id == 0xffff)
            fail(s, ES_E_CORRUPT);
        l->pieces[l->piece_count++] = (uint16_t)(id + 1);
    }
    edge->start = l->time[from] + get_signed(s, TIME_BOUND);
    edge->end = get_signed(s, TIME_BOUND);
    edge->acoustic = get_signed(s, SCORE_BOUND);
    edge->language = get_signed(s, SCORE_BOUND);
    edge->bias = get_signed(s, SCORE_BOUND);
    if (es_lattice_score(edge) > 0)
        fail(s, ES_E_CORRUPT);
    if (s->status == ES_OK)
        l->edges++;
}

static void get_nodes(source *s, es_lattice *l, uint16_t edges, bool wide) {
    l->time[0] = 0;
    for (uint16_t n = 0; n < l->nodes && s->status == ES_OK; n++) {
        if (n > 0)
            l->time[n] = l->time[n - 1] + (int32_t)get_bounded(s, 0, TIME_BOUND / ES_LATTICE_NODES);
        l->first_edge[n] = l->edges;
        if (n + 1 == l->nodes)
            break;
        uint64_t sum = 0;
        uint32_t count = get_bounded(s, 1, (uint32_t)(edges - l->edges));
        for (; count > 0 && s->status == ES_OK; count--) {
            get_edge(s, l, n, wide);
            if (s->status == ES_OK)
                sum += es_exp_q30(-es_lattice_score(&l->edge[l->edges - 1]));
        }
        if (s->status == ES_OK && (sum > ES_ONE_Q30 + SUM_TOLERANCE || sum < ES_ONE_Q30 - SUM_TOLERANCE))
            fail(s, ES_E_CORRUPT);
    }
    l->first_edge[l->nodes] = l->edges;
}

/* Times rise along every edge, something leads to every node, and the order is the canonical one: the bytes that the
 * writer would make are these bytes. */
static es_status check_order(es_lattice *l, const uint8_t *bytes, uint32_t size) {
    bool reached[ES_LATTICE_NODES] = {true};
    uint8_t again[ES_LATTICE_BYTES];
    for (uint16_t e = 0; e < l->edges; e++) {
        es_lattice_edge *edge = &l->edge[e];
        if (l->time[edge->from] >= l->time[edge->to])
            return ES_E_CORRUPT;
        edge->end += l->time[edge->to];
        reached[edge->to] = true;
        if (edge->start > edge->end)
            return ES_E_CORRUPT;
    }
    for (uint16_t n = 0; n < l->nodes; n++)
        if (!reached[n])
            return ES_E_CORRUPT;
    es_lattice_sort(l);
    int32_t written = es_lattice_write(l, again, sizeof again);
    return written == (int32_t)size && memcmp(again, bytes, size) == 0 ? ES_OK : ES_E_CORRUPT;
}

es_status es_lattice_read(es_lattice *l, const uint8_t *bytes, uint32_t size, uint32_t *where) {
    source s = {bytes, bytes, bytes + size, ES_OK};
    l->edges = l->piece_count = 0;
    if (size > ES_LATTICE_BYTES)
        fail(&s, ES_E_UNSUPPORTED);
    if (get_byte(&s) != VERSION)
        fail(&s, ES_E_VERSION);
    uint32_t flags = get_byte(&s);
    if (flags > WIDE)
        fail(&s, ES_E_UNSUPPORTED);
    l->model = 0;
    for (int i = 0; i < 4; i++)
        l->model |= get_byte(&s) << (8 * i);
    l->utterance = get(&s);
    l->revision = get(&s);
    l->start = get(&s);
    uint32_t nodes = get_bounded(&s, 2, UINT32_MAX), edges = get_bounded(&s, 1, UINT32_MAX);
    if (nodes > ES_LATTICE_NODES || edges > ES_LATTICE_EDGES)
        fail(&s, ES_E_UNSUPPORTED);
    if (s.status == ES_OK) {
        l->nodes = (uint16_t)nodes;
        get_nodes(&s, l, (uint16_t)edges, flags & WIDE);
    }
    if (s.status == ES_OK && (l->edges != edges || s.at != s.end))
        fail(&s, ES_E_CORRUPT);
    if (where != NULL)
        *where = (uint32_t)(s.at - bytes);
    if (s.status == ES_OK)
        fail(&s, check_order(l, bytes, size));
    if (s.status == ES_OK)
        es_lattice_posteriors(l);
    return s.status;
}
