/* What the search asks of the network between two labels: logits for pairs of last labels. It asks in batches, so that
 * one pass over the weights serves several hypotheses: predictor and its way into the joint for the pairs that are not
 * cached, then the output layer for all. What a batch holds decides what the work costs, never what the search finds.
 */
#include <string.h>

#include "../base/work.h"
#include "decoder.h"

static bool same_labels(const uint16_t a[2], const uint16_t b[2]) { return a[0] == b[0] && a[1] == b[1]; }

void es_joint_clear(es_joint *joint) {
    /* What is kept changes no result, but the work that is counted: that must not depend on what was heard before. */
    for (unsigned i = 0; i < joint->cache_count; i++)
        joint->cache[i].used = 0;
    joint->clock = 0;
}

int es_joint_find(const es_joint *joint, const uint16_t labels[2]) {
    for (int k = 0; k < joint->ready; k++)
        if (same_labels(joint->column[k].labels, labels))
            return k;
    return -1;
}

const int16_t *es_joint_logits(const es_recognizer *r, int column) {
    return r->logits + (size_t)column * r->model->output.rows;
}

/* The predictor's part for these labels: where it is, or the place of the one unused longest. */
static bool find_cached(es_joint *joint, const uint16_t labels[2], uint16_t *place) {
    uint16_t oldest = 0;
    joint->clock++;
    for (uint16_t i = 0; i < joint->cache_count; i++) {
        es_cached *entry = &joint->cache[i];
        if (entry->used != 0 && same_labels(entry->labels, labels)) {
            entry->used = joint->clock;
            *place = i;
            return true;
        }
        if (entry->used < joint->cache[oldest].used)
            oldest = i;
    }
    joint->cache[oldest].used = joint->clock;
    memcpy(joint->cache[oldest].labels, labels, sizeof joint->cache[oldest].labels);
    *place = oldest;
    return false;
}

void es_joint_begin(es_joint *joint) { joint->count = joint->missing = joint->ready = 0; }

bool es_joint_add(es_recognizer *r, const uint16_t labels[2], es_work *work) {
    es_joint *joint = &r->joint;
    for (unsigned k = 0; k < joint->count; k++)
        if (same_labels(joint->column[k].labels, labels))
            return true;
    /* A cache smaller than the batch would lose what the batch needs. */
    if (joint->count == ES_KERNEL_VECTORS || joint->count == joint->cache_count)
        return false;
    es_column *column = &joint->column[joint->count];
    memcpy(column->labels, labels, sizeof column->labels);
    if (find_cached(joint, labels, &column->place)) {
        r->beam.stats.cache_hits++;
    } else {
        r->beam.stats.cache_misses++;
        joint->miss[joint->missing++] = column->place;
    }
    es_work_add(work, 0, 0, 6u * joint->cache_count);
    joint->count++;
    return true;
}

/* ---- the phases of a batch, in their order ---- */

void es_joint_embed(es_recognizer *r, es_work *work) {
    es_joint *joint = &r->joint;
    size_t bytes = r->model->embedding;
    for (unsigned k = 0; k < joint->missing; k++) {
        const uint16_t *labels = joint->cache[joint->miss[k]].labels;
        for (size_t i = 0; i < 2 * bytes; i++)
            r->context_bytes[es_nn_interleave(i, k, joint->missing)] =
                r->model->embeddings[i < bytes ? labels[0] * bytes + i : labels[1] * bytes + i - bytes];
    }
    es_work_add(work, 0, 2 * bytes * joint->missing, 2 * bytes * joint->missing * ES_COST_COPY);
}

void es_joint_predicted(es_recognizer *r, es_work *work) {
    uint32_t rows = r->model->predictor.rows;
    for (unsigned k = 0; k < r->joint.missing; k++)
        es_nn_tanh8(r->predictor_sums + k * rows, NULL, rows, k, r->joint.missing, r->predictor_out, work);
}

/* The predictor's parts wait where the logits will be. */
void es_joint_keep(es_recognizer *r, es_work *work) {
    size_t rows = r->model->joint_predictor.rows;
    for (unsigned k = 0; k < r->joint.missing; k++)
        memcpy(r->joint.cache[r->joint.miss[k]].part, r->logits + k * rows, rows * sizeof(int16_t));
    es_work_add(work, 0, 0, r->joint.missing * rows * sizeof(int16_t) * ES_COST_COPY);
}

void es_joint_combine(es_recognizer *r, es_work *work) {
    const es_joint *joint = &r->joint;
    for (unsigned k = 0; k < joint->count; k++)
        es_nn_tanh8(r->encoder_part, joint->cache[joint->column[k].place].part, r->model->joint_encoder.rows, k,
                    joint->count, r->joint_out, work);
}

void es_joint_done(es_recognizer *r) {
    r->joint.ready = r->joint.count;
    r->beam.stats.passes++;
    r->beam.stats.outputs += r->joint.count;
}
