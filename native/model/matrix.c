/* Checks of one block-sparse matrix. */
#include "reader.h"

#define MATRIX_HEADER 64
#define BLOCK_ROWS 8
#define BLOCK_COLUMNS 4
#define BLOCK_BYTES (BLOCK_ROWS * BLOCK_COLUMNS)

/* Column blocks ascend inside each row group and lie inside the matrix; the counts sum to the number of blocks. */
static es_status check_columns(es_reader *reader, const es_matrix *m) {
    uint32_t wide = m->cols / BLOCK_COLUMNS, at = 0;
    for (uint32_t g = 0; g < m->rows / BLOCK_ROWS; g++) {
        if (m->counts[g] > wide || m->counts[g] > m->block_count - at)
            return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&m->counts[g] - reader->data));
        int32_t last = -1;
        for (uint32_t end = at + m->counts[g]; at < end; at++) {
            if (m->columns[at] >= wide || m->columns[at] <= last)
                return es_reader_fail(reader, ES_E_CORRUPT, (size_t)(&m->columns[at] - reader->data));
            last = m->columns[at];
        }
    }
    if (at != m->block_count)
        return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)m->counts - reader->data));
    return ES_OK;
}

static es_status check_numbers(es_reader *reader, const es_matrix *m) {
    for (uint32_t r = 0; r < m->rows; r++)
        if (m->multipliers[r] < 0)
            return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&m->multipliers[r] - reader->data));
    for (size_t i = 0; i < (size_t)m->block_count * BLOCK_BYTES; i++)
        if (m->blocks[i] == -128) /* the tuned kernels could not give it its sign */
            return es_reader_fail(reader, ES_E_CORRUPT, (size_t)((const uint8_t *)&m->blocks[i] - reader->data));
    return ES_OK;
}

es_status es_reader_matrix(es_reader *reader, unsigned index, uint32_t rows, uint32_t cols, es_matrix *matrix) {
    es_section s;
    es_status status = es_reader_section(reader, SECTION_MATRIX, index, &s);
    if (status != ES_OK)
        return status;
    if (s.bytes < MATRIX_HEADER || es_read_u16(s.data) != rows || es_read_u16(s.data + 2) != cols)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    if (s.data[4] != BLOCK_ROWS || s.data[5] != BLOCK_COLUMNS)
        return es_reader_fail(reader, ES_E_UNSUPPORTED, s.at + 4);
    *matrix = (es_matrix){.rows = (uint16_t)rows, .cols = (uint16_t)cols, .shift = s.data[6]};
    matrix->block_count = es_read_u32(s.data + 8);
    if (matrix->shift < 1 || matrix->shift > 62)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 6);
    if (matrix->block_count > rows / BLOCK_ROWS * (cols / BLOCK_COLUMNS))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 8);
    size_t counts = MATRIX_HEADER, columns = counts + es_round64(rows / BLOCK_ROWS * sizeof(uint16_t));
    size_t multipliers = columns + es_round64(matrix->block_count);
    size_t blocks = multipliers + es_round64(rows * sizeof(int32_t));
    if (s.bytes != blocks + (size_t)matrix->block_count * BLOCK_BYTES)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    /* Sections and arrays begin at multiples of 64 of aligned bytes, so these casts keep alignment. */
    matrix->counts = (const uint16_t *)(const void *)(s.data + counts);
    matrix->columns = s.data + columns;
    matrix->multipliers = (const int32_t *)(const void *)(s.data + multipliers);
    matrix->blocks = (const int8_t *)(s.data + blocks);
    status = check_columns(reader, matrix);
    return status == ES_OK ? check_numbers(reader, matrix) : status;
}
