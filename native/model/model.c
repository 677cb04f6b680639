/* Puts the checked sections of a packed model together. Bounds of every field: models/FORMAT.md. */
#include "earshot/model.h"

#include <string.h>

#include "earshot/features.h"
#include "reader.h"

#define FEATURE_REVISION 1
#define CONFIG_BYTES 32
#define LAYER_HEADER 16

typedef struct shape {
    uint16_t predictor;
    uint16_t joint;
} shape;

static es_status read_config(es_reader *reader, es_model *model, shape *sizes) {
    es_section s;
    es_status status = es_reader_exact(reader, SECTION_CONFIG, 0, CONFIG_BYTES, &s);
    if (status != ES_OK)
        return status;
    if (es_read_u16(s.data) != FEATURE_REVISION)
        return es_reader_fail(reader, ES_E_UNSUPPORTED, s.at);
    model->stack = es_read_u16(s.data + 8);
    model->layers = es_read_u16(s.data + 10);
    model->vocabulary = es_read_u16(s.data + 12);
    model->embedding = es_read_u16(s.data + 14);
    sizes->predictor = es_read_u16(s.data + 16);
    sizes->joint = es_read_u16(s.data + 18);
    const struct {
        uint32_t low, high, step;
    } bounds[] = {
        {ES_FEATURE_BINS, ES_FEATURE_BINS, 1},
        {ES_FEATURE_HOP, ES_FEATURE_HOP, 1},
        {ES_FEATURE_WINDOW, ES_FEATURE_WINDOW, 1},
        {1, 16, 1},            /* stack */
        {1, ES_MAX_LAYERS, 1}, /* layers */
        {1, ES_MAX_PIECES, 1}, /* vocabulary */
        {2, 512, 2},           /* embedding */
        {8, 1024, 8},          /* predictor units */
        {8, ES_MAX_JOINT, 8},  /* joint units */
    };
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        size_t at = 2 + 2 * i;
        if (!es_inside(es_read_u16(s.data + at), bounds[i].low, bounds[i].high, bounds[i].step))
            return es_reader_fail(reader, ES_E_CORRUPT, s.at + at);
    }
    return ES_OK;
}

static es_status read_layer(es_reader *reader, unsigned index, uint32_t inputs, es_lstm_layer *layer) {
    es_section s;
    es_status status = es_reader_section(reader, SECTION_LAYER, index, &s);
    if (status != ES_OK)
        return status;
    if (s.bytes < LAYER_HEADER)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    layer->units = es_read_u16(s.data);
    layer->output_scale = es_read_u16(s.data + 2);
    if (!es_inside(layer->units, 4, 1024, 4) || s.bytes != LAYER_HEADER + (size_t)layer->units * 4 * sizeof(int16_t))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    if (!es_inside(layer->output_scale, 64, 2047, 1))
        return es_reader_fail(reader, ES_E_CORRUPT, s.at + 2);
    layer->bias = (const int16_t *)(const void *)(s.data + LAYER_HEADER);
    uint32_t rows = 4 * (uint32_t)layer->units;
    status = es_reader_matrix(reader, 2 * index, rows, inputs, &layer->input);
    if (status == ES_OK)
        status = es_reader_matrix(reader, 2 * index + 1, rows, layer->units, &layer->recurrent);
    return status;
}

static es_status read_bias(es_reader *reader, unsigned index, uint32_t rows, const int16_t **bias) {
    es_section s;
    es_status status = es_reader_exact(reader, SECTION_BIAS, index, rows * sizeof(int16_t), &s);
    if (status == ES_OK)
        *bias = (const int16_t *)(const void *)s.data;
    return status;
}

static es_status read_joint(es_reader *reader, es_model *model, const shape *sizes) {
    uint32_t rows = (model->vocabulary + 2u + 7u) & ~7u;
    uint32_t units = model->lstm[model->layers - 1].units;
    es_status status = es_reader_matrix(reader, MATRIX_JOINT_ENCODER, sizes->joint, units, &model->joint_encoder);
    if (status == ES_OK)
        status = es_reader_matrix(reader, MATRIX_PREDICTOR, sizes->predictor, 2u * model->embedding, &model->predictor);
    if (status == ES_OK)
        status =
            es_reader_matrix(reader, MATRIX_JOINT_PREDICTOR, sizes->joint, sizes->predictor, &model->joint_predictor);
    if (status == ES_OK)
        status = es_reader_matrix(reader, MATRIX_OUTPUT, rows, sizes->joint, &model->output);
    if (status == ES_OK)
        status = read_bias(reader, BIAS_JOINT, sizes->joint, &model->joint_bias);
    if (status == ES_OK)
        status = read_bias(reader, BIAS_PREDICTOR, sizes->predictor, &model->predictor_bias);
    if (status == ES_OK)
        status = read_bias(reader, BIAS_OUTPUT, rows, &model->output_bias);
    return status;
}

static es_status read_embeddings(es_reader *reader, es_model *model) {
    es_section s;
    size_t bytes = (model->vocabulary + (size_t)1) * model->embedding;
    es_status status = es_reader_exact(reader, SECTION_EMBEDDINGS, 0, bytes, &s);
    if (status != ES_OK)
        return status;
    model->embeddings = (const int8_t *)s.data;
    for (size_t i = 0; i < bytes; i++)
        if (model->embeddings[i] == -128)
            return es_reader_fail(reader, ES_E_CORRUPT, s.at + i);
    return ES_OK;
}

static es_status read_provenance(es_reader *reader, es_model *model) {
    es_section s;
    es_status status = es_reader_section(reader, SECTION_PROVENANCE, 0, &s);
    if (status != ES_OK)
        return status;
    /* One zero, at the end. */
    if (s.bytes == 0 || memchr(s.data, 0, s.bytes) != s.data + s.bytes - 1)
        return es_reader_fail(reader, ES_E_CORRUPT, s.at);
    model->provenance = (const char *)s.data;
    return ES_OK;
}

static es_status read_all(es_reader *reader, es_model *model) {
    shape sizes = {0, 0};
    es_status status = read_config(reader, model, &sizes);
    uint32_t inputs = ES_FEATURE_BINS * (uint32_t)model->stack;
    for (unsigned l = 0; status == ES_OK && l < model->layers; l++) {
        status = read_layer(reader, l, inputs, &model->lstm[l]);
        inputs = model->lstm[l].units;
    }
    if (status == ES_OK)
        status = read_joint(reader, model, &sizes);
    if (status == ES_OK)
        status = read_embeddings(reader, model);
    if (status == ES_OK)
        status = es_reader_pieces(reader, model);
    if (status == ES_OK)
        status = es_reader_thresholds(reader, model);
    if (status == ES_OK)
        status = es_reader_confidence(reader, model);
    if (status == ES_OK)
        status = es_reader_weights(reader, model);
    if (status == ES_OK)
        status = es_reader_language(reader, model);
    return status == ES_OK ? read_provenance(reader, model) : status;
}

es_status es_model_open(es_model *model, const void *data, size_t bytes, size_t *where) {
    es_reader reader;
    *model = (es_model){.data = data, .size = bytes};
    es_status status = es_reader_open(&reader, data, bytes);
    if (status == ES_OK)
        status = read_all(&reader, model);
    if (where != NULL)
        *where = reader.where;
    if (status != ES_OK)
        *model = (es_model){0};
    return status;
}
