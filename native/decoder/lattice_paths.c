/* Exact n-best by A*: partial paths in a heap, ordered by score so far plus the best that can follow. */
#include "earshot/lattice.h"

#include <string.h>

#define NEVER (INT32_MIN / 2)
#define NONE 0xffff
#define MAX_TEXT 1024

typedef struct queue {
    es_nbest *memory;
    uint16_t steps, waiting;
    bool overflow;
} queue;

static bool before(const queue *q, uint16_t a, uint16_t b) {
    const es_nbest_step *x = &q->memory->step[a], *y = &q->memory->step[b];
    return x->estimate != y->estimate ? x->estimate > y->estimate : a < b; /* of equal ones the older */
}

static void push(queue *q, es_nbest_step step) {
    uint16_t *heap = q->memory->heap;
    if (q->steps == ES_NBEST_STEPS) {
        q->overflow = true;
        return;
    }
    q->memory->step[q->steps] = step;
    uint16_t at = q->waiting++, index = q->steps++;
    for (; at > 0 && before(q, index, heap[(at - 1) / 2]); at = (uint16_t)((at - 1) / 2))
        heap[at] = heap[(at - 1) / 2];
    heap[at] = index;
}

static uint16_t pop(queue *q) {
    uint16_t *heap = q->memory->heap, top = heap[0], last = heap[--q->waiting], at = 0;
    for (;;) {
        uint16_t child = (uint16_t)(2 * at + 1);
        if (child >= q->waiting)
            break;
        if (child + 1 < q->waiting && before(q, heap[child + 1], heap[child]))
            child++;
        if (before(q, last, heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

static void best_ahead(const es_lattice *l, int32_t *ahead) {
    ahead[l->nodes - 1] = 0;
    for (uint16_t n = (uint16_t)(l->nodes - 1); n-- > 0;) {
        ahead[n] = NEVER;
        for (uint16_t e = l->first_edge[n]; e < l->first_edge[n + 1]; e++) {
            int32_t score = es_lattice_score(&l->edge[e]) + ahead[l->edge[e].to];
            ahead[n] = score > ahead[n] ? score : ahead[n];
        }
    }
}

static void follow(queue *q, const es_lattice *l, uint16_t index) {
    es_nbest_step from = index == NONE ? (es_nbest_step){.before = NONE} : q->memory->step[index];
    for (uint16_t e = l->first_edge[from.node]; e < l->first_edge[from.node + 1]; e++) {
        es_nbest_step step = {
            .score = from.score + es_lattice_score(&l->edge[e]), .edge = e, .before = index, .node = l->edge[e].to};
        step.estimate = step.score + q->memory->ahead[step.node];
        push(q, step);
    }
}

static void trace(const queue *q, uint16_t index, es_path *path) {
    uint16_t count = 0;
    path->score = q->memory->step[index].score;
    for (uint16_t i = index; i != NONE; i = q->memory->step[i].before)
        count++;
    path->edges = count;
    for (uint16_t i = index; i != NONE; i = q->memory->step[i].before)
        path->edge[--count] = q->memory->step[i].edge;
}

/* The words of a path with single spaces, or its pieces; cut at MAX_TEXT. */
static uint32_t spell(const es_lattice *l, const es_path *path, const es_spelling *spelling, char *out) {
    uint32_t used = 0;
    for (uint16_t i = 0; i < path->edges; i++) {
        const es_lattice_edge *edge = &l->edge[path->edge[i]];
        uint32_t before_word = used;
        if (spelling != NULL) {
            if (used > 0 && used < MAX_TEXT)
                out[used++] = ' ';
            uint32_t text = es_lattice_text(l, edge, spelling, out + used, MAX_TEXT - used);
            used = text == 0 ? before_word : used + text;
            continue;
        }
        for (uint16_t k = 0; k < edge->pieces && used + 2 <= MAX_TEXT; k++) {
            out[used++] = (char)(l->pieces[edge->piece_at + k] & 0xff);
            out[used++] = (char)(l->pieces[edge->piece_at + k] >> 8);
        }
    }
    return used;
}

static bool known(const es_lattice *l, const es_path *paths, uint16_t count, const es_path *path,
                  const es_spelling *spelling) {
    char text[MAX_TEXT], other[MAX_TEXT];
    uint32_t length = spell(l, path, spelling, text);
    for (uint16_t i = 0; i < count; i++)
        if (spell(l, &paths[i], spelling, other) == length && memcmp(text, other, length) == 0)
            return true;
    return false;
}

uint16_t es_lattice_nbest(const es_lattice *l, const es_spelling *spelling, es_nbest *memory, es_path *paths,
                          uint16_t count, bool *complete) {
    queue q = {.memory = memory};
    uint16_t found = 0;
    best_ahead(l, memory->ahead);
    if (count > 0) {
        /* Of paths with equal scores the best path is the first. */
        paths[0].edges = es_lattice_best(l, paths[0].edge);
        paths[0].score = memory->ahead[0];
        found = 1;
    }
    follow(&q, l, NONE);
    while (found < count && q.waiting > 0) {
        uint16_t index = pop(&q);
        if (memory->step[index].node + 1 < l->nodes) {
            follow(&q, l, index);
            continue;
        }
        trace(&q, index, &paths[found]);
        if (!known(l, paths, found, &paths[found], spelling))
            found++;
    }
    if (complete != NULL)
        *complete = !q.overflow || found == count;
    return found;
}
