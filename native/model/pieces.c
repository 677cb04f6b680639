/* Checks of the word pieces: offsets, and text that can be shown. */
#include "reader.h"

#define MAX_PIECE 64

/* Length of the well-formed UTF-8 sequence at `at`, or 0: no overlong forms, surrogates, control characters, space. */
static size_t sequence(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    if (first < 0x80)
        return first > 0x20 && first != 0x7f ? 1 : 0;
    size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                    : (first & 0xf0) == 0xe0         ? 3
                    : first >= 0xf0 && first <= 0xf4 ? 4
                                                     : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((first == 0xc2 && at[1] < 0xa0) || (first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f) ||
        (first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

es_status es_reader_pieces(es_reader *reader, es_model *model) {
    es_section s;
    es_status status = es_reader_section(reader, SECTION_PIECES, 0, &s);
    if (status != ES_OK)
        return status;
    size_t start = es_round64((model->vocabulary + (size_t)2) * sizeof(uint16_t));
    if (s.bytes < start)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    const uint16_t *offsets = (const uint16_t *)(const void *)s.data;
    const uint8_t *text = s.data + start;
    size_t bytes = s.bytes - start;
    if (offsets[0] != 0 || offsets[1] != 0 || offsets[model->vocabulary + 1] != bytes)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    for (uint32_t label = 1; label <= model->vocabulary; label++) {
        size_t from = offsets[label], to = offsets[label + 1];
        if (to <= from || to > bytes || to - from > MAX_PIECE)
            return es_reader_fail(reader, ES_E_CORRUPT, s.at + label * sizeof(uint16_t));
        while (from < to) {
            size_t length = sequence(text + from, to - from);
            if (length == 0)
                return es_reader_fail(reader, ES_E_CORRUPT, s.at + start + from);
            from += length;
        }
    }
    model->piece_offsets = offsets;
    model->piece_text = (const char *)text;
    return ES_OK;
}
