/* The recogniser's memory, its queue of frames and its life: start, push, finish, step, poll. */
#include "earshot/recognizer.h"

#include <string.h>

#include "../base/work.h"
#include "decoder.h"

#define MAX_FRAME_QUEUE 4096
#define MAX_WORDS 1024
#define TEXT_PER_WORD 12 /* bytes, space included; English takes 5.5 on average */

/* Memory is listed once: the same walk counts what is needed (arena NULL) and takes it. */
typedef struct plan {
    es_arena *arena;
    size_t bytes;
    bool failed;
} plan;

static void *take(plan *p, size_t bytes) {
    p->bytes += es_arena_need(bytes);
    void *block = p->arena == NULL ? NULL : es_arena_take(p->arena, bytes);
    p->failed |= p->arena != NULL && block == NULL;
    return block;
}

/* Fields of 0 take their default. False: out of bounds. */
static bool settle_options(es_search_options *o) {
    o->width = o->width == 0 ? 4 : o->width;
    o->beam = o->beam == 0 ? 6144 : o->beam;
    o->quiet = o->quiet == 0 ? 4 : o->quiet;
    o->labels = o->labels == 0 ? 3072 : o->labels;
    o->cache = o->cache == 0 ? 16 : o->cache;
    o->nodes = o->nodes == 0 ? 384 : o->nodes;
    o->arcs = o->arcs == 0 ? 576 : o->arcs;
    o->lattice = o->lattice == 0 ? 1200 : o->lattice;
    o->prune = o->prune == 0 ? 5632 : o->prune;
    return o->width <= ES_MAX_BEAM && o->beam > 0 && o->beam <= 20000 && o->labels > 0 && o->labels <= 20000 &&
           o->quiet > 0 && o->quiet <= 1024 && o->cache >= 2 && o->cache <= 256 && o->nodes >= 64 && o->nodes <= 8192 &&
           o->arcs >= 128 && o->arcs <= 16384 && o->lattice >= 64 && o->lattice <= ES_LATTICE_BYTES && o->prune > 0 &&
           o->prune <= 14000;
}

static void lay_out_search(plan *p, es_recognizer *r, const es_model *m, const es_search_options *options) {
    es_beam *beam = &r->beam;
    beam->open = take(p, options->width * sizeof(es_hypothesis));
    beam->closed = take(p, 2u * options->width * sizeof(es_hypothesis));
    beam->next = take(p, options->width * sizeof(es_candidate));
    es_ngram_hook own;
    bool asked = !options->no_language && es_ngram_hook_of(m, &own) && own.internal > 0;
    r->joint.cache_count = options->cache;
    r->joint.cache = take(p, options->cache * sizeof(es_cached));
    for (unsigned i = 0; i < options->cache; i++) {
        int16_t *part = take(p, m->joint_encoder.rows * sizeof(int16_t));
        uint8_t *internal = asked ? take(p, m->vocabulary) : NULL;
        if (p->arena != NULL && r->joint.cache != NULL) {
            r->joint.cache[i].part = part;
            r->joint.cache[i].internal = internal;
        }
    }
    es_trellis *t = &beam->trellis;
    t->max_nodes = options->nodes;
    t->max_arcs = options->arcs;
    t->nodes = take(p, options->nodes * sizeof(es_node));
    t->arcs = take(p, options->arcs * sizeof(es_arc));
    t->beta = take(p, options->nodes * sizeof(int32_t));
    t->moved = take(p, ((size_t)options->nodes + options->arcs) * sizeof(uint16_t));
    if (options->no_lattice)
        return;
    r->lattice = take(p, sizeof(es_lattice));
    r->build = take(p, es_lattice_work_bytes(options));
    r->lattice_bytes = take(p, options->lattice);
}

static void lay_out(plan *p, es_recognizer *r, const es_model *m, const es_recognizer_config *config) {
    es_search_options options = config->search;
    settle_options(&options);
    r->beam.options = options;
    r->beam.most = r->beam.wanted = options.width;
    r->slots = take(p, config->frame_queue * sizeof(es_slot));
    r->input = take(p, (size_t)m->stack * ES_FEATURE_BINS);
    for (unsigned l = 0; l < m->layers; l++) {
        size_t units = m->lstm[l].units;
        r->h[l][0] = take(p, units);
        r->h[l][1] = take(p, units);
        r->c[l] = take(p, units * sizeof(int16_t));
    }
    size_t joint = m->joint_encoder.rows, predictor = m->predictor.rows;
    size_t outputs = m->output.rows > joint ? m->output.rows : joint; /* the predictor's parts wait there as well */
    /* One hypothesis may need its logits and the network's own language model. A cache smaller than the batch would
     * lose what the batch needs. */
    size_t vectors = options.width < 2 ? 2 : options.width < ES_KERNEL_VECTORS ? options.width : ES_KERNEL_VECTORS;
    vectors = options.cache < vectors ? options.cache : vectors;
    r->joint.most = (uint8_t)vectors;
    r->encoder_part = take(p, joint * sizeof(int16_t));
    r->context_bytes = take(p, vectors * 2 * m->embedding);
    r->predictor_sums = take(p, vectors * predictor * sizeof(int16_t));
    r->predictor_out = take(p, vectors * predictor);
    r->joint_out = take(p, vectors * joint);
    r->logits = take(p, vectors * outputs * sizeof(int16_t));
    lay_out_search(p, r, m, &options);
    r->words.words = take(p, config->max_words * sizeof(es_word));
    r->words.max_text = (uint16_t)(config->max_words * TEXT_PER_WORD + 64);
    r->words.text = take(p, r->words.max_text);
    r->said = take(p, config->max_words * sizeof(es_said));
}

size_t es_recognizer_bytes(const es_model *model, const es_recognizer_config *config) {
    es_recognizer unused;
    es_search_options options = config->search;
    if (!settle_options(&options))
        return SIZE_MAX; /* no arena is as large */
    plan p = {.bytes = es_arena_need(sizeof unused)};
    lay_out(&p, &unused, model, config);
    return p.bytes;
}

es_status es_recognizer_init(es_recognizer **recognizer, es_arena *arena, const es_model *model,
                             const es_recognizer_config *config) {
    if (config->frame_queue < model->stack || config->frame_queue > MAX_FRAME_QUEUE || config->max_words < 1 ||
        config->max_words > MAX_WORDS || es_recognizer_bytes(model, config) == SIZE_MAX)
        return ES_E_ARGUMENT;
    es_recognizer *r = es_arena_take(arena, sizeof *r);
    if (r == NULL)
        return ES_E_MEMORY;
    plan p = {.arena = arena};
    lay_out(&p, r, model, config);
    if (p.failed)
        return ES_E_MEMORY;
    r->model = model;
    if (!config->search.no_language && es_ngram_hook_of(model, &r->own))
        r->next_ngram = &r->own;
    r->kernels = config->kernels != NULL ? config->kernels : es_kernels_at(0);
    r->slot_count = config->frame_queue;
    r->words.max_words = config->max_words;
    for (uint32_t label = 1; label <= model->vocabulary; label++) {
        uint32_t bytes = (uint32_t)model->piece_offsets[label + 1] - model->piece_offsets[label];
        r->longest = bytes > r->longest ? bytes : r->longest;
    }
    es_recognizer_start(r, 1);
    *recognizer = r;
    return ES_OK;
}

void es_recognizer_start(es_recognizer *r, uint32_t utterance) {
    r->oldest = r->waiting = 0;
    r->pushed = 0;
    r->steps = 0;
    r->heard = false;
    memset(r->background_q7, 0, sizeof r->background_q7);
    r->first_frame = r->last_frame = 0;
    r->finishing = false;
    r->beam.stats = (es_search_stats){0};
    r->beam.trellis.pruned = 0;
    es_joint_clear(&r->joint);
    es_recognizer_continue(r, utterance);
}

void es_recognizer_continue(es_recognizer *r, uint32_t utterance) {
    for (unsigned l = 0; l < r->model->layers; l++) {
        size_t units = r->model->lstm[l].units;
        memset(r->h[l][0], 0, units);
        memset(r->h[l][1], 0, units);
        memset(r->c[l], 0, units * sizeof(int16_t));
    }
    r->now = 0;
    r->phase = PHASE_GATHER;
    r->freeze = FREEZE_NONE;
    r->at = (es_nn_cursor){0};
    r->padding = false;
    r->beam.bias = r->next_bias;
    r->beam.ngram = r->next_ngram;
    es_beam_clear(&r->beam);
    es_words_clear(&r->words);
    r->labels_hash = r->text_hash = ES_HASH_EMPTY;
    r->signs = (es_end_signs){0};
    r->lattice_size = 0;
    r->said_count = 0;
    r->said_mean = r->said_mass = 0;
    r->sure = r->sure_mean = 0;
    r->foreign = 0;
    r->run = 0;
    r->held = r->doubted = false;
    r->utterance = utterance;
    r->utterance_steps = 0;
    r->revision = 0;
    r->speculated = r->ended = r->giving_up = false;
    r->pending_count = r->pending_at = 0;
    if (r->finishing)
        r->finish_left = r->model->finish_frames;
}

es_status es_recognizer_push(es_recognizer *r, const int8_t frame[ES_FEATURE_BINS]) {
    uint32_t index = r->pushed++;
    if (r->waiting == r->slot_count)
        return ES_E_FULL;
    uint32_t place = (uint32_t)r->oldest + r->waiting;
    es_slot *slot = &r->slots[place < r->slot_count ? place : place - r->slot_count];
    slot->index = index;
    memcpy(slot->bins, frame, ES_FEATURE_BINS);
    r->waiting++;
    return ES_OK;
}

void es_recognizer_skip(es_recognizer *r) { r->pushed++; }

void es_recognizer_finish(es_recognizer *r) {
    r->finishing = true;
    r->finish_left = r->model->finish_frames;
}

uint32_t es_recognizer_give_up(es_recognizer *r) {
    uint32_t dropped = r->waiting;
    r->oldest = (uint16_t)(((uint32_t)r->oldest + r->waiting) % r->slot_count);
    r->waiting = 0;
    r->giving_up = true;
    return dropped;
}

bool es_recognizer_busy(const es_recognizer *r) {
    if (r->phase == PHASE_LATTICE)
        return true; /* the step's events come together, when it is over */
    if (r->pending_count > 0 || r->ended)
        return false;
    return r->phase != PHASE_GATHER || r->waiting >= r->model->stack || r->finishing || r->giving_up;
}

/* Everything that was heard has been said: no frame waits, and the background was heard out. An utterance that has
 * heard nothing has nothing to bring out. */
static bool used_up(const es_recognizer *r) {
    return r->finishing && r->phase == PHASE_GATHER && r->waiting == 0 &&
           (r->finish_left == 0 || r->utterance_steps == 0);
}

void es_recognizer_step(es_recognizer *r, uint32_t instructions, es_work *work) {
    if (!es_recognizer_busy(r))
        return;
    es_work own = {.instructions = ES_COST_SLICE};
    uint64_t until = instructions == 0 ? UINT64_MAX : instructions;
    do {
        if (r->giving_up && r->phase == PHASE_GATHER)
            es_endpoint_give_up(r, &own);
        else if (used_up(r))
            es_endpoint_input(r, &own);
        else if (!es_step_run(r, until, &own))
            break;
    } while ((instructions != 0 || r->phase == PHASE_LATTICE) && own.instructions < until && es_recognizer_busy(r));
    es_work_add(work, own.macs, own.weight_bytes, own.instructions);
}

bool es_recognizer_poll(es_recognizer *r, es_recognizer_event *event) {
    if (r->phase == PHASE_LATTICE)
        return false;
    if (r->pending_at == r->pending_count) {
        r->pending_at = r->pending_count = 0;
        return false;
    }
    const es_pending *pending = &r->pending[r->pending_at++];
    *event = (es_recognizer_event){
        .type = pending->type,
        .reason = pending->reason,
        .t = pending->t,
        .utterance = r->utterance,
        .revision = pending->revision,
    };
    if (pending->type != ES_RESET && pending->type != ES_TIMEOUT) {
        event->word_count = es_words_visible(&r->words, &event->text_length);
        event->text = r->words.text;
        event->words = r->words.words;
    }
    event->confidence = ES_CONFIDENCE_UNKNOWN;
    if ((pending->type == ES_SPECULATIVE || pending->type == ES_FINAL) && r->lattice_size > 0) {
        event->confidence = r->sure;
        event->lattice = r->lattice_bytes;
        event->lattice_bytes = r->lattice_size;
    }
    if (r->pending_at == r->pending_count)
        r->pending_at = r->pending_count = 0;
    return true;
}

uint32_t es_recognizer_backlog(const es_recognizer *r) { return r->waiting; }

uint32_t es_recognizer_frames(const es_recognizer *r) { return r->steps; }

void es_recognizer_hooks(es_recognizer *r, const es_bias_hook *bias, const es_ngram_hook *ngram) {
    r->next_bias = bias;
    if (ngram != NULL)
        r->next_ngram = ngram;
    if (r->utterance_steps == 0 && r->phase == PHASE_GATHER) {
        r->beam.bias = bias;
        r->beam.ngram = r->next_ngram;
        es_beam_clear(&r->beam);
    }
}

bool es_recognizer_hold(es_recognizer *r, uint32_t utterance, uint16_t revision) {
    bool fits = r->speculated && !r->ended && r->utterance == utterance && r->revision == revision;
    r->held = r->held || fits;
    return fits;
}

void es_recognizer_width(es_recognizer *r, uint8_t width) {
    r->beam.wanted = width < 1 ? 1 : width > r->beam.most ? r->beam.most : width;
}

void es_recognizer_end_signs(const es_recognizer *r, es_end_signs *signs) {
    *signs = r->signs;
    signs->mass = r->said_mass;
}

void es_recognizer_search_stats(const es_recognizer *r, es_search_stats *stats) { *stats = r->beam.stats; }
