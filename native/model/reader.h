/* Bounded access to the sections of a packed model. */
#ifndef EARSHOT_MODEL_READER_H
#define EARSHOT_MODEL_READER_H

#include "earshot/model.h"

enum {
    SECTION_CONFIG = 1,
    SECTION_LAYER,
    SECTION_MATRIX,
    SECTION_BIAS,
    SECTION_EMBEDDINGS,
    SECTION_PIECES,
    SECTION_THRESHOLDS,
    SECTION_PROVENANCE,
    SECTION_WEIGHTS,
    SECTION_LANGUAGE,
    SECTION_CONFIDENCE,
    SECTION_OPTIONAL = 0x8000 /* kinds from here on may be skipped */
};

enum { MATRIX_JOINT_ENCODER = 16, MATRIX_PREDICTOR, MATRIX_JOINT_PREDICTOR, MATRIX_OUTPUT };
enum { BIAS_JOINT, BIAS_PREDICTOR, BIAS_OUTPUT };

typedef struct es_reader {
    const uint8_t *data;
    size_t size;
    uint32_t sections;
    size_t where; /* of the first thing that is wrong */
} es_reader;

typedef struct es_section {
    const uint8_t *data;
    size_t at; /* offset in the file */
    size_t bytes;
} es_section;

/* Notes the offset and hands the status back. */
static inline es_status es_reader_fail(es_reader *reader, es_status status, size_t where) {
    reader->where = where;
    return status;
}

/* Header, checksum and section table. */
es_status es_reader_open(es_reader *reader, const void *data, size_t bytes);
bool es_reader_has(const es_reader *reader, unsigned kind, unsigned index);
/* ES_E_CORRUPT when it is missing. */
es_status es_reader_section(es_reader *reader, unsigned kind, unsigned index, es_section *section);
/* The same, of exactly `bytes`. */
es_status es_reader_exact(es_reader *reader, unsigned kind, unsigned index, size_t bytes, es_section *section);
/* Does the file have it? */
bool es_reader_has(const es_reader *reader, unsigned kind, unsigned index);
/* A matrix of the shape that the rest of the model asks for. */
es_status es_reader_matrix(es_reader *reader, unsigned index, uint32_t rows, uint32_t cols, es_matrix *matrix);
/* The word pieces of labels 0..vocabulary. */
es_status es_reader_pieces(es_reader *reader, es_model *model);
/* What the search may have: weights, language model. */
es_status es_reader_weights(es_reader *reader, es_model *model);
es_status es_reader_language(es_reader *reader, es_model *model);

es_status es_reader_thresholds(es_reader *reader, es_model *model);
/* Nothing when the file has none. */
es_status es_reader_confidence(es_reader *reader, es_model *model);

static inline bool es_inside(uint32_t value, uint32_t low, uint32_t high, uint32_t step) {
    return value >= low && value <= high && value % step == 0;
}
static inline uint16_t es_read_u16(const uint8_t *at) { return (uint16_t)(at[0] | at[1] << 8); }
static inline uint32_t es_read_u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}
/* Sections, and the arrays of a matrix, begin at multiples of 64: a block of 32 weights never crosses a cache line. */
static inline size_t es_round64(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

#endif
