/* Header, checksum and section table of a packed model. */
#include "reader.h"

#include <string.h>

#include "../base/crc32.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "models are used in place and are little-endian");

#define VERSION 1
#define HEADER 32
#define ENTRY 16
#define VERSION_AT 8
#define LENGTH_AT 12
#define COUNT_AT 16
#define CRC_AT 20
#define MAX_SECTIONS 64

static const uint8_t MAGIC[8] = {0x89, 'E', 'S', 'M', '\r', '\n', 0x1a, '\n'};

static es_status check_header(es_reader *reader) {
    const uint8_t *data = reader->data;
    size_t size = reader->size;
    for (size_t i = 0; i < sizeof MAGIC && i < size; i++)
        if (data[i] != MAGIC[i])
            return es_reader_fail(reader, ES_E_MAGIC, i);
    if (size < HEADER)
        return es_reader_fail(reader, ES_E_SHORT, size);
    if (es_read_u16(data + VERSION_AT) != VERSION)
        return es_reader_fail(reader, ES_E_VERSION, VERSION_AT);
    uint32_t length = es_read_u32(data + LENGTH_AT);
    if (length > size)
        return es_reader_fail(reader, ES_E_SHORT, size);
    if (length < size)
        return es_reader_fail(reader, ES_E_CORRUPT, LENGTH_AT);
    static const uint8_t zero[4] = {0};
    uint32_t crc = es_crc32(0, data, CRC_AT);
    crc = es_crc32(crc, zero, sizeof zero);
    crc = es_crc32(crc, data + CRC_AT + 4, size - CRC_AT - 4);
    if (crc != es_read_u32(data + CRC_AT))
        return es_reader_fail(reader, ES_E_CHECKSUM, CRC_AT);
    if (es_read_u16(data + VERSION_AT + 2) != HEADER)
        return es_reader_fail(reader, ES_E_CORRUPT, VERSION_AT + 2);
    reader->sections = es_read_u32(data + COUNT_AT);
    if (reader->sections < 1 || reader->sections > MAX_SECTIONS || es_round64(HEADER + reader->sections * ENTRY) > size)
        return es_reader_fail(reader, ES_E_CORRUPT, COUNT_AT);
    return ES_OK;
}

static uint32_t key_of(const uint8_t *entry) { return (uint32_t)es_read_u16(entry) << 16 | es_read_u16(entry + 2); }

es_status es_reader_open(es_reader *reader, const void *data, size_t bytes) {
    *reader = (es_reader){.data = data, .size = bytes};
    if (data == NULL || ((uintptr_t)data & 15) != 0)
        return es_reader_fail(reader, ES_E_ARGUMENT, 0);
    es_status status = check_header(reader);
    if (status != ES_OK)
        return status;
    size_t end = es_round64(HEADER + reader->sections * ENTRY);
    uint32_t last = 0;
    for (uint32_t i = 0; i < reader->sections; i++) {
        size_t place = HEADER + i * ENTRY;
        const uint8_t *entry = reader->data + place;
        uint32_t kind = es_read_u16(entry), at = es_read_u32(entry + 4), size = es_read_u32(entry + 8);
        /* Sections follow one another without gaps, so that a size alone decides where the next one begins. */
        if (key_of(entry) <= last || at != end || size > bytes - end || es_round64(size) > bytes - end)
            return es_reader_fail(reader, ES_E_CORRUPT, place);
        if ((kind < SECTION_CONFIG || kind > SECTION_CONFIDENCE) && kind < SECTION_OPTIONAL)
            return es_reader_fail(reader, ES_E_UNSUPPORTED, place);
        last = key_of(entry);
        end += es_round64(size);
    }
    return end == bytes ? ES_OK : es_reader_fail(reader, ES_E_CORRUPT, LENGTH_AT);
}

static const uint8_t *find(const es_reader *reader, unsigned kind, unsigned index) {
    for (uint32_t i = 0; i < reader->sections; i++) {
        const uint8_t *entry = reader->data + HEADER + i * ENTRY;
        if (es_read_u16(entry) == kind && es_read_u16(entry + 2) == index)
            return entry;
    }
    return NULL;
}

bool es_reader_has(const es_reader *reader, unsigned kind, unsigned index) { return find(reader, kind, index) != NULL; }

es_status es_reader_section(es_reader *reader, unsigned kind, unsigned index, es_section *section) {
    const uint8_t *entry = find(reader, kind, index);
    if (entry == NULL)
        return es_reader_fail(reader, ES_E_CORRUPT, HEADER);
    section->at = es_read_u32(entry + 4);
    section->bytes = es_read_u32(entry + 8);
    section->data = reader->data + section->at;
    return ES_OK;
}

es_status es_reader_exact(es_reader *reader, unsigned kind, unsigned index, size_t bytes, es_section *section) {
    es_status status = es_reader_section(reader, kind, index, section);
    if (status == ES_OK && section->bytes != bytes)
        status = es_reader_fail(reader, ES_E_CORRUPT, section->at);
    return status;
}
