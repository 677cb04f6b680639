/* Reader of the packed file (models/UNDERSTANDING.md): every count and index is checked before its first use. */
#include <string.h>

#include "../base/crc32.h"
#include "understanding.h"

#define VERSION 1
#define HEADER 128
#define COUNTS_AT 24
#define COUNTS 15
#define NUMBERS_AT 56
#define NUMBERS 13

static const uint8_t MAGIC[8] = {0x89, 'E', 'S', 'U', '\r', '\n', 0x1a, '\n'};

typedef struct source {
    const uint8_t *data;
    size_t size, at, where;
} source;

static es_status fail(source *in, es_status status, size_t where) {
    in->where = where;
    return status;
}

static es_status check_header(source *in) {
    for (size_t i = 0; i < sizeof MAGIC && i < in->size; i++)
        if (in->data[i] != MAGIC[i])
            return fail(in, ES_E_MAGIC, i);
    if (in->size < HEADER)
        return fail(in, ES_E_SHORT, in->size);
    if (get_u16(in->data + 8) != VERSION)
        return fail(in, ES_E_VERSION, 8);
    if (get_u16(in->data + 10) != HEADER)
        return fail(in, ES_E_CORRUPT, 10);
    uint32_t length = get_u32(in->data + 12);
    if (length != in->size)
        return fail(in, length > in->size ? ES_E_SHORT : ES_E_CORRUPT, length > in->size ? in->size : 12);
    static const uint8_t zero[4] = {0};
    uint32_t crc = es_crc32(0, in->data, 16);
    crc = es_crc32(crc, zero, sizeof zero);
    crc = es_crc32(crc, in->data + 20, in->size - 20);
    return crc == get_u32(in->data + 16) ? ES_OK : fail(in, ES_E_CHECKSUM, 16);
}

static es_status read_counts(source *in, es_understanding_model *m, uint16_t *names, uint16_t *menu_text) {
    const struct {
        uint16_t *count;
        uint16_t low, high, step;
    } counts[COUNTS] = {
        {&m->intents, 2, MOST_INTENTS, 1},
        {&m->classes, 2, 512, 1},
        {&m->width, 2, MOST_WIDTH, 2},
        {&m->rows, 1, 16384, 1},
        {&m->bucket_bits, 1, 14, 1},
        {&m->slots, 1, MOST_SLOTS - 1, 1},
        {&m->tag_slots, 1, MOST_SLOTS - 1, 1},
        {&m->tag_rows, 2, 8192, 2},
        {&m->tag_width, 2, MOST_TAG_WIDTH, 2},
        {&m->tag_hidden, 1, MOST_HIDDEN, 1},
        {&m->menu_states, 1, MOST_STATES, 1},
        {&m->menu_arcs, 1, 1024, 1},
        {&m->menu_words, 1, MOST_MENU_WORDS, 1},
        {names, 1, 4096, 1},
        {menu_text, 1, 2048, 1},
    };
    for (int i = 0; i < COUNTS; i++) {
        size_t at = COUNTS_AT + 2u * (unsigned)i;
        uint16_t value = get_u16(in->data + at);
        if (value < counts[i].low || value > counts[i].high || value % counts[i].step != 0)
            return fail(in, ES_E_CORRUPT, at);
        *counts[i].count = value;
    }
    if (m->tag_slots > m->slots || (m->tag_rows & (m->tag_rows - 1)) != 0)
        return fail(in, ES_E_CORRUPT, COUNTS_AT + 12);
    int32_t *const numbers[NUMBERS] = {
        &m->logit_scale, &m->logit_shift, &m->refuse,      &m->slope,        &m->offset,
        &m->trust,       &m->first_scale, &m->first_shift, &m->second_scale, &m->second_shift,
        &m->menu_bonus,  &m->menu_limit,  &m->menu_intent,
    };
    for (int i = 0; i < NUMBERS; i++) {
        *numbers[i] = get_i32(in->data + NUMBERS_AT + 4 * i);
        if (*numbers[i] < -(1 << 24) || *numbers[i] > 1 << 24)
            return fail(in, ES_E_CORRUPT, NUMBERS_AT + 4u * (unsigned)i);
    }
    const int32_t shifts[] = {m->logit_shift, m->first_shift, m->second_shift};
    for (int i = 0; i < 3; i++)
        if (shifts[i] < 1 || shifts[i] > 40)
            return fail(in, ES_E_CORRUPT, NUMBERS_AT);
    if (m->menu_intent < 0 || m->menu_intent >= m->intents || m->slope < 0 || m->trust < 0 || m->menu_bonus < 1 ||
        m->menu_bonus > 4096)
        return fail(in, ES_E_CORRUPT, NUMBERS_AT);
    return ES_OK;
}

/* The next section, or NULL when the file is too short for it. */
static const uint8_t *take(source *in, size_t bytes) {
    size_t end = (in->at + bytes + 15) & ~(size_t)15;
    if (end > in->size)
        return NULL;
    const uint8_t *section = in->data + in->at;
    in->at = end;
    return section;
}

static es_status place_sections(source *in, es_understanding_model *m, uint16_t names, uint16_t menu_text) {
    size_t hidden = m->tag_hidden, tags = m->tag_slots + 1u;
    const struct {
        const void *where;
        size_t bytes;
    } sections[] = {
        {&m->names, names},
        {&m->class_intent, m->classes},
        {&m->bias, 4u * m->classes},
        {&m->matrix, (size_t)m->classes * m->width},
        {&m->buckets, 2u * ((1u << m->bucket_bits) + 1)},
        {&m->keys, 2u * m->rows},
        {&m->row, (size_t)m->rows * m->width / 2},
        {&m->intent_slots, 4u * m->intents},
        {&m->tag_row, (size_t)m->tag_rows * m->tag_width / 2},
        {&m->first, hidden * 5 * m->tag_width},
        {&m->first_bias, 4u * m->intents * hidden},
        {&m->second, hidden * 3 * hidden},
        {&m->second_bias, 4 * hidden},
        {&m->out, tags * hidden},
        {&m->out_bias, 4 * tags},
        {&m->transition, 4 * (tags + 1) * tags},
        {&m->menu_text, menu_text},
        {&m->menu_delete, m->menu_words},
        {&m->menu_arc, 4u * m->menu_arcs},
        {&m->menu_state, 2u * m->menu_states},
    };
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const uint8_t *section = take(in, sections[i].bytes);
        if (section == NULL)
            return fail(in, ES_E_CORRUPT, in->at);
        memcpy((void *)sections[i].where, &section, sizeof section);
    }
    return in->at == in->size ? ES_OK : fail(in, ES_E_CORRUPT, in->at);
}

/* `count` texts of lower-case or upper-case letters and at most `longest` bytes, each ended by 0, filling the section.
 */
static bool texts_are_sound(const char *text, size_t bytes, size_t count, size_t longest) {
    size_t found = 0, begin = 0;
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (c == '\0') {
            if (i == begin || i - begin > longest)
                return false;
            begin = i + 1;
            found++;
        } else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'')) {
            return false;
        }
    }
    return found == count && begin == bytes;
}

static size_t offset_of(const source *in, const void *at) { return (size_t)((const uint8_t *)at - in->data); }

static es_status check_tables(source *in, const es_understanding_model *m, uint16_t names, uint16_t menu_text) {
    if (!texts_are_sound(m->names, names, (size_t)m->intents + m->slots, 31))
        return fail(in, ES_E_CORRUPT, offset_of(in, m->names));
    for (uint32_t i = 0; i < m->classes; i++)
        if (m->class_intent[i] >= m->intents)
            return fail(in, ES_E_CORRUPT, offset_of(in, m->class_intent + i));
    uint32_t before = 0, buckets = 1u << m->bucket_bits;
    for (uint32_t i = 0; i <= buckets; i++) {
        uint32_t at = get_u16(m->buckets + 2 * i);
        if (at < before || at > m->rows || (i == buckets && at != m->rows))
            return fail(in, ES_E_CORRUPT, offset_of(in, m->buckets + 2 * i));
        before = at;
    }
    for (uint32_t i = 0; i < m->intents; i++)
        if (get_u32(m->intent_slots + 4 * i) >> m->slots != 0)
            return fail(in, ES_E_CORRUPT, offset_of(in, m->intent_slots + 4 * i));
    uint32_t tags = m->tag_slots + 1u;
    for (uint32_t i = 0; i < (tags + 1) * tags; i++) {
        int32_t step = get_i32(m->transition + 4 * i);
        if (step < -(1 << 27) || step > 1 << 27)
            return fail(in, ES_E_CORRUPT, offset_of(in, m->transition + 4 * i));
    }
    if (!texts_are_sound(m->menu_text, menu_text, m->menu_words, ES_UNDERSTANDING_WORD))
        return fail(in, ES_E_CORRUPT, offset_of(in, m->menu_text));
    /* Arcs lead to higher states, in order of their first state: one pass finds every way. Slot 255: of the next slot.
     */
    uint8_t last = 0;
    for (uint32_t i = 0; i < m->menu_arcs; i++) {
        const uint8_t *arc = m->menu_arc + 4 * i;
        bool slot = arc[3] == 0 || arc[3] == 255 || arc[3] <= m->slots;
        if (arc[0] < last || arc[1] <= arc[0] || arc[1] >= m->menu_states || arc[2] >= m->menu_words || !slot)
            return fail(in, ES_E_CORRUPT, offset_of(in, arc));
        last = arc[0];
    }
    return ES_OK;
}

es_status es_understanding_open(es_understanding_model *model, const void *data, size_t bytes, size_t *where) {
    source in = {.data = data, .size = bytes, .at = HEADER};
    uint16_t names = 0, menu_text = 0;
    *model = (es_understanding_model){0};
    es_status status = data == NULL || ((uintptr_t)data & 15) != 0 ? fail(&in, ES_E_ARGUMENT, 0) : check_header(&in);
    if (status == ES_OK)
        status = read_counts(&in, model, &names, &menu_text);
    if (status == ES_OK)
        status = place_sections(&in, model, names, menu_text);
    if (status == ES_OK)
        status = check_tables(&in, model, names, menu_text);
    if (where != NULL)
        *where = in.where;
    if (status != ES_OK)
        *model = (es_understanding_model){0};
    return status;
}

static const char *name_at(const char *names, uint16_t index) {
    for (; index > 0; index--)
        names += strlen(names) + 1;
    return names;
}

const char *es_intent_name(const es_understanding_model *model, uint16_t intent) {
    return name_at(model->names, intent < model->intents ? intent : 0);
}

const char *es_slot_name(const es_understanding_model *model, uint16_t slot) {
    return name_at(model->names, (uint16_t)(model->intents + (slot < model->slots ? slot : 0)));
}
