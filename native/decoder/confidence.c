/* How sure the words of a frozen hypothesis are: from what the search and the network say of them, by the weights and
 * maps of the model file (models/FORMAT.md, section 11), and whether they are words at all. */
#include "../base/work.h"
#include "decoder.h"
#include "fixed_log.h"

#define FAR 3 /* words in a row in which the lattice's best path may differ from the best hypothesis */
#define SURE 65534
#define LOGIT_BOUND 439 /* of 65536: logit of -5 */
#define LOW_SCORE -4096 /* Q10: a word of exp(-4) is as bad as any */
#define MAP_LOW -4096   /* first knot of the map of words; knots are half a nat apart */
#define UTTERANCE_LOW -8192
#define KNOT 512
#define COST_WORD 200

static int32_t within(int32_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : value;
}

static uint32_t hash_of(const es_words *words, uint16_t n) {
    uint32_t h = ES_HASH_EMPTY;
    for (uint16_t i = 0; i < words->words[n].text_length; i++)
        h = (h ^ (uint8_t)words->text[words->words[n].text_offset + i]) * 16777619u;
    return h;
}

/* Logarithm of all probability that the network gives to what the beam kept, a word: far below 0 when what was heard is
 * nothing that it knows. Language model and biasing do not count, as far as the best hypothesis tells. */
static int32_t mass_a_word(const es_recognizer *r, uint16_t words) {
    const es_beam *beam = &r->beam;
    int32_t sum = beam->closed[0].score;
    for (unsigned i = 1; i < beam->closed_count; i++)
        sum = es_log_add(sum, beam->closed[i].score);
    return within((sum - r->foreign) / words, LOW_SCORE, 0);
}

void es_confidence_note(es_recognizer *r) {
    uint16_t length, count = es_words_visible(&r->words, &length);
    int32_t sum = 0;
    for (uint16_t i = 0; i < count; i++) {
        r->said[i] = (es_said){hash_of(&r->words, i), r->words.words[i].acoustic};
        sum += r->said[i].acoustic;
    }
    r->said_count = count;
    r->said_mean = (int16_t)(count > 0 ? sum / count : 0);
    r->said_mass = (int16_t)(count > 0 ? mass_a_word(r, count) : 0);
}

/* `knots` values at `low`, `low` + KNOT, ...; straight lines between. */
static uint16_t look_up(const uint16_t *knots, int32_t low, int32_t value) {
    int32_t at = within(value - low, 0, (ES_CONFIDENCE_KNOTS - 1) * KNOT - 1), k = at / KNOT, part = at % KNOT;
    return (uint16_t)(knots[k] + ((int32_t)knots[k + 1] - knots[k]) * part / KNOT);
}

static uint16_t word_confidence(const es_model *m, uint32_t posterior, int32_t acoustic, int32_t mass) {
    uint32_t p = (uint32_t)within((int32_t)posterior, LOGIT_BOUND, 65536 - LOGIT_BOUND);
    int32_t logit = es_ln_q10((uint64_t)p << 14) - es_ln_q10((uint64_t)(65536 - p) << 14);
    int64_t sum = (int64_t)m->confidence_posterior * logit +
                  (int64_t)m->confidence_acoustic * within(acoustic, LOW_SCORE, 0) + (int64_t)m->confidence_mass * mass;
    return look_up(m->confidence_words, MAP_LOW, m->confidence_offset + (int32_t)(sum >> 10));
}

void es_confidence_words(es_recognizer *r, es_work *work) {
    const es_model *m = r->model;
    uint16_t length, count = es_words_visible(&r->words, &length), at = 0;
    uint32_t sum = 0;
    int32_t all = 0;
    for (uint16_t i = 0; i < count; i++) {
        es_word *word = &r->words.words[i];
        uint32_t h = hash_of(&r->words, i);
        word->acoustic = r->said_mean;
        for (uint16_t j = at; j < r->said_count && j < at + FAR; j++) {
            if (r->said[j].hash != h)
                continue;
            word->acoustic = r->said[j].acoustic;
            at = (uint16_t)(j + 1);
            break;
        }
        if (m->confidence_words != NULL)
            word->confidence = word_confidence(m, word->confidence, word->acoustic, r->said_mass);
        sum += word->confidence;
        all += es_ln_q10(((uint64_t)word->confidence + 1) << 14);
    }
    r->sure_mean = (uint16_t)(count > 0 ? sum / count : 0);
    r->sure = ES_CONFIDENCE_UNKNOWN;
    if (m->confidence_words != NULL)
        r->sure = look_up(m->confidence_utterance, UTTERANCE_LOW, all);
    es_work_add(work, 0, 0, (uint64_t)count * COST_WORD);
}

bool es_confidence_rejects(const es_recognizer *r) {
    return r->lattice_size > 0 && r->model->confidence_words != NULL && r->sure_mean < r->model->confidence_least;
}

bool es_confidence_hopeless(const es_recognizer *r, es_work *work) {
    const es_model *m = r->model;
    uint16_t length, count = es_words_visible(&r->words, &length);
    if (m->confidence_words == NULL || m->confidence_least == 0 || count == 0 || r->lattice == NULL)
        return false;
    uint32_t sum = 0;
    int32_t mass = mass_a_word(r, count);
    for (uint16_t i = 0; i < count; i++)
        sum += word_confidence(m, 65535, r->words.words[i].acoustic, mass);
    es_work_add(work, 0, 0, (uint64_t)count * COST_WORD);
    return sum / count < m->confidence_least;
}
