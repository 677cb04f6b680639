/* What the search asks of the network between two labels: logits for pairs of last labels. It asks in batches, so that
 * one pass over the weights serves several hypotheses: predictor and its way into the joint for the pairs that are not
 * cached, then the output layer for all. What a batch holds decides what the work costs, never what the search finds.
 */
#include <string.h>

#include "../base/work.h"
#include "decoder.h"
#include "fixed_log.h"

#define COST_EXP 16 /* one term of the sum of a softmax: two look-ups, 64-bit product */
#define COST_KEEP 8 /* one number kept */

static bool same_labels(const uint16_t a[2], const uint16_t b[2]) { return a[0] == b[0] && a[1] == b[1]; }

void es_joint_clear(es_joint *joint) {
    /* What is kept changes no result, but the work that is counted: that must not depend on what was heard before. */
    for (unsigned i = 0; i < joint->cache_count; i++)
        joint->cache[i].used = 0;
    joint->clock = 0;
}

/* Does the search ask what the network expects without hearing? */
static bool asks_internal(const es_recognizer *r) {
    return r->beam.ngram != NULL && r->beam.ngram->internal > 0 && r->joint.cache[0].internal != NULL;
}

int es_joint_find(const es_recognizer *r, const uint16_t labels[2]) {
    const es_joint *joint = &r->joint;
    for (int k = 0; k < joint->ready; k++)
        if (!joint->column[k].internal && same_labels(joint->column[k].labels, labels))
            return asks_internal(r) && !joint->cache[joint->column[k].place].knows ? -1 : k;
    return -1;
}

const uint8_t *es_joint_internal(const es_recognizer *r, int column) {
    return asks_internal(r) ? r->joint.cache[r->joint.column[column].place].internal : NULL;
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
    joint->cache[oldest].knows = false;
    *place = oldest;
    return false;
}

void es_joint_begin(es_joint *joint) { joint->count = joint->missing = joint->ready = 0; }

/* Is there room for one more pair? One that is new needs a column more, for the network's own language model. */
static bool room(const es_recognizer *r, const uint16_t labels[2]) {
    const es_joint *joint = &r->joint;
    unsigned needs = asks_internal(r) ? 2 : 1;
    for (unsigned i = 0; needs == 2 && i < joint->cache_count; i++)
        if (joint->cache[i].used != 0 && joint->cache[i].knows && same_labels(joint->cache[i].labels, labels))
            needs = 1;
    return joint->count + needs <= joint->most;
}

bool es_joint_add(es_recognizer *r, const uint16_t labels[2], es_work *work) {
    es_joint *joint = &r->joint;
    for (unsigned k = 0; k < joint->count; k++)
        if (same_labels(joint->column[k].labels, labels))
            return true;
    if (!room(r, labels))
        return false;
    es_column *column = &joint->column[joint->count++];
    memcpy(column->labels, labels, sizeof column->labels);
    column->internal = false;
    if (find_cached(joint, labels, &column->place)) {
        r->beam.stats.cache_hits++;
    } else {
        r->beam.stats.cache_misses++;
        joint->miss[joint->missing++] = column->place;
    }
    es_work_add(work, 0, 0, 6u * joint->cache_count);
    if (asks_internal(r) && !joint->cache[column->place].knows) {
        joint->column[joint->count] = *column;
        joint->column[joint->count++].internal = true;
    }
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
    for (unsigned k = 0; k < joint->count; k++) {
        const es_column *column = &joint->column[k];
        /* The encoder's term is zero: what is left of its part is the joint's bias. */
        const int16_t *heard = column->internal ? r->model->joint_bias : r->encoder_part;
        es_nn_tanh8(heard, joint->cache[column->place].part, r->model->joint_encoder.rows, k, joint->count,
                    r->joint_out, work);
    }
}

/* Log-probabilities of the labels alone, blank left out (Meng and others, 2020). */
static void keep_internal(es_recognizer *r, unsigned k, es_work *work) {
    es_cached *entry = &r->joint.cache[r->joint.column[k].place];
    const int16_t *logits = es_joint_logits(r, (int)k) + 1;
    int32_t total = es_log_total(logits, r->model->vocabulary, 0);
    for (uint32_t i = 0; i < r->model->vocabulary; i++) {
        int32_t cost = (total - logits[i] + 32) >> 6;
        entry->internal[i] = (uint8_t)(cost < 0 ? 0 : cost > 255 ? 255 : cost);
    }
    entry->knows = true;
    es_work_add(work, 0, 0, (uint64_t)r->model->vocabulary * (COST_EXP + COST_KEEP));
    r->beam.stats.internal++;
}

void es_joint_done(es_recognizer *r, es_work *work) {
    r->joint.ready = r->joint.count;
    r->beam.stats.passes++;
    for (unsigned k = 0; k < r->joint.count; k++) {
        if (r->joint.column[k].internal)
            keep_internal(r, k, work);
        else
            r->beam.stats.outputs++;
    }
}
