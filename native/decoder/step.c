/* One encoder step as a walk over row groups. */
#include <string.h>

#include "../base/work.h"
#include "decoder.h"

/* Row groups of one kernel call: up to the first boundary at which the work reaches `until`. */
static uint32_t groups_until(const es_matrix *matrix, uint32_t vectors, uint32_t group, uint64_t done, uint64_t until) {
    uint32_t left = matrix->rows / 8 - group, count = 0;
    do {
        done += es_nn_cost(matrix, group + count, vectors);
        count++;
    } while (count < left && (count + 1) * vectors <= ES_NN_CHUNK && done < until);
    return count;
}

static uint32_t lstm_groups_until(const es_lstm_layer *layer, uint32_t group, uint64_t done, uint64_t until) {
    uint32_t left = layer->input.rows / 8 - group, count = 0;
    do {
        done += es_nn_lstm_cost(layer, group + count);
        count++;
    } while (count < left && count < ES_NN_CHUNK && done < until);
    return count;
}

static void enter(es_recognizer *r, es_phase phase) {
    r->phase = phase;
    r->at = (es_nn_cursor){0};
}

static void follow_background(es_recognizer *r, const int8_t *bins) {
    for (int b = 0; b < ES_FEATURE_BINS; b++) {
        int32_t level = r->heard ? r->background_q7[b] : bins[b] * 128;
        int32_t gap = bins[b] * 128 - level;
        r->background_q7[b] = (int16_t)(level + (gap < 0 ? gap >> 2 : gap >> 9));
    }
    r->heard = true;
}

/* Mean over the bins of all frames of a step: how far its sound is above the background. */
static int16_t sound_above(const es_recognizer *r, uint32_t frames) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < frames * ES_FEATURE_BINS; i++)
        sum += r->input[i] * 128 - r->background_q7[i % ES_FEATURE_BINS];
    return es_sat16(sum / (int32_t)(frames * ES_FEATURE_BINS * 16)); /* Q7 to Q3 */
}

/* Fills the encoder's input from the queue; what is missing at the end of the sound is background. */
static void gather(es_recognizer *r, es_work *work) {
    uint32_t stack = r->model->stack, real = r->waiting < stack ? r->waiting : stack;
    int8_t *out = r->input;
    r->padding = real < stack;
    r->first_frame = real > 0 ? r->slots[r->oldest].index : r->last_frame;
    for (uint32_t i = 0; i < real; i++, out += ES_FEATURE_BINS) {
        const es_slot *slot = &r->slots[r->oldest];
        memcpy(out, slot->bins, ES_FEATURE_BINS);
        follow_background(r, slot->bins);
        r->last_frame = slot->index;
        r->oldest = (uint16_t)(r->oldest + 1 == r->slot_count ? 0 : r->oldest + 1);
        r->waiting--;
    }
    r->sound_q3 = real > 0 ? sound_above(r, real) : 0;
    for (uint32_t i = real; i < stack; i++, out += ES_FEATURE_BINS)
        for (int b = 0; b < ES_FEATURE_BINS; b++)
            out[b] = es_sat8((r->background_q7[b] + 64) >> 7);
    if (real == 0)
        r->finish_left--;
    /* moved, and compared with the background */
    es_work_add(work, 0, 0, (uint64_t)stack * ES_FEATURE_BINS * (ES_COST_COPY + 9));
    if (r->utterance_steps == 0)
        r->start_frame = r->first_frame;
    es_beam_begin_step(r, work);
    r->layer = 0;
    enter(r, PHASE_LSTM);
}

static void run_lstm(es_recognizer *r, uint64_t until, es_work *work) {
    const es_lstm_layer *layer = &r->model->lstm[r->layer];
    uint8_t before = r->now, after = r->now ^ 1;
    const int8_t *x = r->layer == 0 ? r->input : r->h[r->layer - 1][after];
    uint32_t groups = lstm_groups_until(layer, r->at.group, work->instructions, until);
    es_nn_lstm(r->kernels, layer, &r->at, groups, x, r->h[r->layer][before], r->c[r->layer], r->h[r->layer][after],
               &r->scratch, work);
    if (r->at.group < layer->input.rows / 8u)
        return;
    r->layer++;
    enter(r, PHASE_LSTM);
    if (r->layer == r->model->layers) {
        r->now = after;
        enter(r, PHASE_JOINT_ENCODER);
    }
}

/* Goes on with a plain matrix; true when its last row group is done. */
static bool run_linear(es_recognizer *r, const es_matrix *matrix, const int8_t *x, uint32_t vectors,
                       const int16_t *bias, int16_t *out, uint64_t until, es_work *work) {
    uint32_t groups = groups_until(matrix, vectors, r->at.group, work->instructions, until);
    es_nn_linear(r->kernels, matrix, &r->at, groups, x, vectors, bias, out, &r->scratch, work);
    return r->at.group == matrix->rows / 8u;
}

static void enter_output(es_recognizer *r, es_work *work) {
    es_joint_combine(r, work);
    enter(r, PHASE_OUTPUT);
}

/* Between two batches of logits. False when the step is over; it may wait for a lattice. */
static bool search(es_recognizer *r, uint64_t until, es_work *work) {
    es_beam_state state = es_beam_run(r, until, work);
    if (state == ES_BEAM_PAUSED) {
        r->paused = true;
        return true;
    }
    if (state == ES_BEAM_DONE) {
        enter(r, PHASE_GATHER);
        es_endpoint_step(r, work);
        return r->phase != PHASE_GATHER;
    }
    if (r->joint.missing == 0) {
        enter_output(r, work);
        return true;
    }
    es_joint_embed(r, work);
    enter(r, PHASE_PREDICTOR);
    return true;
}

/* One kernel call, or one of the small things between matrices. True when the step is over. */
static bool advance(es_recognizer *r, uint64_t until, es_work *work) {
    const es_model *m = r->model;
    switch (r->phase) {
    case PHASE_GATHER:
        gather(r, work);
        break;
    case PHASE_LSTM:
        run_lstm(r, until, work);
        break;
    case PHASE_JOINT_ENCODER:
        if (!run_linear(r, &m->joint_encoder, r->h[m->layers - 1][r->now], 1, m->joint_bias, r->encoder_part, until,
                        work))
            break;
        enter(r, PHASE_SEARCH);
        break;
    case PHASE_SEARCH:
        if (!search(r, until, work))
            return true;
        break;
    case PHASE_PREDICTOR:
        if (!run_linear(r, &m->predictor, r->context_bytes, r->joint.missing, m->predictor_bias, r->predictor_sums,
                        until, work))
            break;
        es_joint_predicted(r, work);
        enter(r, PHASE_JOINT_PREDICTOR);
        break;
    case PHASE_JOINT_PREDICTOR:
        if (!run_linear(r, &m->joint_predictor, r->predictor_out, r->joint.missing, NULL, r->logits, until, work))
            break;
        es_joint_keep(r, work);
        enter_output(r, work);
        break;
    case PHASE_OUTPUT:
        if (!run_linear(r, &m->output, r->joint_out, r->joint.count, m->output_bias, r->logits, until, work))
            break;
        es_joint_done(r, work);
        enter(r, PHASE_SEARCH);
        break;
    case PHASE_LATTICE:
        if (!es_lattice_run(r, until, work))
            break;
        enter(r, PHASE_GATHER);
        es_endpoint_frozen(r, work);
        return true;
    }
    return false;
}

bool es_step_run(es_recognizer *r, uint64_t until, es_work *work) {
    do {
        if (advance(r, until, work))
            return true;
    } while (work->instructions < until && !r->paused);
    r->paused = false;
    return false;
}
