/* One intent from all readings of what was said, then its slots. */
#include <string.h>

#include "understanding.h"

#include "../decoder/fixed_log.h"

size_t es_understanding_bytes(void) { return es_arena_need(sizeof(struct es_understanding_memory)); }

es_status es_understanding_init(es_understanding *understanding, es_arena *arena, const es_understanding_model *model) {
    *understanding = (es_understanding){.model = model};
    understanding->memory = es_arena_take(arena, sizeof *understanding->memory);
    return understanding->memory == NULL ? ES_E_MEMORY : ES_OK;
}

bool es_add_slot(es_understood *understood, uint8_t slot, const char *value, size_t bytes) {
    if (understood->slot_count == ES_SLOTS || understood->value_bytes + bytes > sizeof understood->values)
        return false;
    memcpy(understood->values + understood->value_bytes, value, bytes);
    understood->slot[understood->slot_count++] =
        (es_slot){.slot = slot, .at = understood->value_bytes, .bytes = (uint16_t)bytes};
    understood->value_bytes = (uint16_t)(understood->value_bytes + bytes);
    return true;
}

/* A reading that is e^4 times less likely than the first decides nothing about the intent. */
#define LEAST_LIKELY 4096

/* Shares of the readings sum to 1. */
static void share_readings(struct es_understanding_memory *memory) {
    int32_t total = memory->readings[0].score;
    for (uint8_t r = 1; r < memory->reading_count; r++)
        total = es_log_add(total, memory->readings[r].score);
    for (uint8_t r = 0; r < memory->reading_count; r++) {
        int32_t below = total - memory->readings[r].score;
        memory->readings[r].share = es_exp_q30(below > 0 ? below : 0);
    }
}

/* 1024 ln of a Q30 share, and of a share of nothing. */
static int32_t log_of(uint64_t share) { return share == 0 ? -ES_NEVER_Q10 : es_ln_q10(share); }

/* Q15 probability that the decision is right: a straight line over the log-odds, fitted on dev lines. */
static uint16_t confidence_of(const es_understanding_model *model, uint64_t share) {
    uint64_t rest = share < ES_ONE_Q30 ? ES_ONE_Q30 - share : 0;
    int64_t odds = ((int64_t)(log_of(share) - log_of(rest)) * model->slope >> 10) + model->offset;
    int32_t low = (int32_t)(odds < 0 ? -odds : odds);
    uint64_t small = low < ES_NEVER_Q10 ? es_exp_q30(low) : 0;
    uint64_t less = (small << 15) / (ES_ONE_Q30 + small); /* of the two outcomes, the unlikely one */
    return (uint16_t)(odds < 0 ? less : 32768 - less > 32767 ? 32767 : 32768 - less);
}

/* `none` is the last intent. Shares over all readings, Q30. */
static void decide(const es_understanding_model *model, const uint64_t *mass, es_understood *understood) {
    uint16_t none = (uint16_t)(model->intents - 1), best = 0;
    for (uint16_t i = 1; i < none; i++)
        best = mass[i] > mass[best] ? i : best;
    uint16_t second = none;
    for (uint16_t i = 0; i < none; i++)
        second = i != best && mass[i] > mass[second] ? i : second;
    understood->intent = (uint8_t)best;
    understood->second = (uint8_t)second;
    understood->margin = log_of(mass[best]) - log_of(mass[none]) - model->refuse;
    understood->refused = understood->margin < 0;
    understood->confidence = confidence_of(model, understood->refused ? mass[none] : mass[best]);
}

static void sum_intents(es_understanding *understanding, uint64_t mass[MOST_INTENTS]) {
    struct es_understanding_memory *memory = understanding->memory;
    memset(mass, 0, MOST_INTENTS * sizeof *mass);
    for (uint8_t r = 0; r < memory->reading_count; r++) {
        reading *reading = &memory->readings[r];
        es_words words;
        memset(reading->intents, 0, sizeof reading->intents);
        if (reading->score < memory->readings[0].score - LEAST_LIKELY)
            continue;
        if (es_words_split(&words, reading->text, reading->bytes) != ES_OK)
            reading->intents[understanding->model->intents - 1] = ES_ONE_Q30;
        else
            es_score_intents(understanding, &words, reading);
        for (uint16_t i = 0; i < understanding->model->intents; i++)
            mass[i] += (uint64_t)reading->share * reading->intents[i] >> 30;
    }
}

/* An order that the menu has almost word for word is one, whatever stands before it. Leaves its slots. */
static void ask_menu(es_understanding *understanding, uint64_t *mass, es_understood *understood) {
    const es_understanding_model *model = understanding->model;
    uint64_t *order = &mass[model->menu_intent];
    if (*order < ES_ONE_Q30 >> 13)
        return;
    int32_t cost = es_menu_order(understanding, understood);
    if (cost < 0 || cost > model->menu_limit)
        return;
    uint64_t scaled = *order * (uint64_t)model->menu_bonus, total = scaled;
    for (uint16_t i = 0; i < model->intents; i++)
        total += i == model->menu_intent ? 0 : mass[i];
    *order = scaled;
    for (uint16_t i = 0; i < model->intents; i++)
        mass[i] = (mass[i] << 20) / ((total >> 10) + 1);
}

static uint8_t best_reading(const struct es_understanding_memory *memory, uint8_t intent) {
    uint8_t chosen = 0;
    uint64_t best = 0;
    for (uint8_t r = 0; r < memory->reading_count; r++) {
        uint64_t fit = (uint64_t)memory->readings[r].share * memory->readings[r].intents[intent] >> 30;
        if (fit > best) {
            best = fit;
            chosen = r;
        }
    }
    return chosen;
}

static void understand_readings(es_understanding *understanding, es_understood *understood) {
    const es_understanding_model *model = understanding->model;
    struct es_understanding_memory *memory = understanding->memory;
    uint64_t mass[MOST_INTENTS];
    share_readings(memory);
    sum_intents(understanding, mass);
    ask_menu(understanding, mass, understood);
    decide(model, mass, understood);
    if (understood->intent != model->menu_intent) {
        es_words words;
        understood->reading = best_reading(memory, understood->intent);
        reading *chosen = &memory->readings[understood->reading];
        if (es_words_split(&words, chosen->text, chosen->bytes) == ES_OK)
            es_tag_slots(understanding, &words, understood);
    }
    const reading *chosen = &memory->readings[understood->reading];
    understood->readings = memory->reading_count;
    understood->text_bytes = chosen->bytes;
    memcpy(understood->text, chosen->text, chosen->bytes);
}

static void nothing(const es_understanding_model *model, es_understood *understood) {
    understood->intent = understood->second = (uint8_t)(model->intents - 1);
    understood->refused = true;
    understood->confidence = 32767;
}

es_status es_understand_text(es_understanding *understanding, const char *text, size_t bytes,
                             es_understood *understood) {
    struct es_understanding_memory *memory = understanding->memory;
    es_words words;
    memset(understood, 0, sizeof *understood);
    es_status status = es_words_split(&words, text, bytes);
    if (status != ES_OK)
        return status;
    if (words.count == 0) {
        nothing(understanding->model, understood);
        return ES_OK;
    }
    reading *only = &memory->readings[0];
    only->score = 0;
    only->bytes = (uint16_t)bytes;
    memcpy(only->text, text, bytes);
    memory->reading_count = 1;
    understand_readings(understanding, understood);
    return ES_OK;
}

es_status es_understand_lattice(es_understanding *understanding, const uint8_t *coded, size_t bytes,
                                const es_spelling *spelling, es_understood *understood) {
    struct es_understanding_memory *memory = understanding->memory;
    memset(understood, 0, sizeof *understood);
    es_status status = es_lattice_read(&memory->lattice.lattice, coded, (uint32_t)bytes, NULL);
    if (status != ES_OK)
        return status;
    es_readings_of(understanding, spelling);
    if (memory->reading_count == 0)
        nothing(understanding->model, understood);
    else
        understand_readings(understanding, understood);
    return ES_OK;
}
