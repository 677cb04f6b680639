/* The intents' network for Python: features of texts, training by AdaGrad line by line, prediction.
 * h = relu(sum of the features' rows / sqrt(their number)), logits = W h + b. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../../../native/understanding/ngrams.h"

/* Features of texts laid end to end; `ends[i]` is where text i ends. Returns how many, -1 when `room` is too small. */
int64_t text_features(int64_t texts, const char *bytes, const int64_t *ends, int64_t *offsets, uint32_t *out,
                      int64_t room) {
    int64_t at = 0, begin = 0;
    static uint32_t features[NGRAMS_MOST];
    offsets[0] = 0;
    for (int64_t i = 0; i < texts; i++) {
        es_words words;
        uint32_t count = 0;
        if (es_words_split(&words, bytes + begin, (size_t)(ends[i] - begin)) == ES_OK)
            count = es_intent_features(&words, features);
        if (at + count > room)
            return -1;
        memcpy(out + at, features, count * sizeof *features);
        at += count;
        offsets[i + 1] = at;
        begin = ends[i];
    }
    return at;
}

/* Features of each word of texts; `words[i]` words a text, ES_TAG_FEATURES places a word, 0 where there is none. */
int64_t tag_features(int64_t texts, const char *bytes, const int64_t *ends, int64_t *words_of, uint32_t *out,
                     int64_t room) {
    int64_t at = 0, begin = 0;
    for (int64_t i = 0; i < texts; i++) {
        es_words words;
        words_of[i] = 0;
        if (es_words_split(&words, bytes + begin, (size_t)(ends[i] - begin)) == ES_OK) {
            if (at + words.count > room)
                return -1;
            for (uint16_t w = 0; w < words.count; w++, at++) {
                memset(out + at * ES_TAG_FEATURES, 0, ES_TAG_FEATURES * sizeof *out);
                es_tag_features(&words, w, out + at * ES_TAG_FEATURES);
            }
            words_of[i] = words.count;
        }
        begin = ends[i];
    }
    return at;
}

typedef struct net {
    int32_t width, classes;
    float *rows, *matrix, *bias;    /* weights */
    float *rows2, *matrix2, *bias2; /* sums of squared gradients */
    float grid;                     /* step of the rows on the device; 0: free */
    float most;                     /* of the grid */
} net;

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static float on_grid(const net *n, float w) {
    if (n->grid == 0)
        return w;
    float q = rintf(w / n->grid);
    q = q > n->most ? n->most : q < -n->most ? -n->most : q;
    return q * n->grid;
}

static void hidden_of(const net *n, const int32_t *ids, int64_t count, float *h) {
    for (int j = 0; j < n->width; j++)
        h[j] = 0;
    for (int64_t i = 0; i < count; i++) {
        const float *row = n->rows + (int64_t)ids[i] * n->width;
        if (n->grid == 0)
            for (int j = 0; j < n->width; j++)
                h[j] += row[j];
        else
            for (int j = 0; j < n->width; j++)
                h[j] += on_grid(n, row[j]);
    }
    float scale = count ? 1 / sqrtf((float)count) : 0;
    for (int j = 0; j < n->width; j++)
        h[j] = h[j] > 0 ? h[j] * scale : 0;
}

static void logits_of(const net *n, const float *h, float *z) {
    for (int c = 0; c < n->classes; c++) {
        const float *w = n->matrix + (int64_t)c * n->width;
        float sum = n->bias[c];
        for (int j = 0; j < n->width; j++)
            sum += w[j] * h[j];
        z[c] = sum;
    }
}

static void softmax(float *z, int count) {
    float top = z[0], sum = 0;
    for (int c = 1; c < count; c++)
        top = z[c] > top ? z[c] : top;
    for (int c = 0; c < count; c++)
        sum += z[c] = expf(z[c] - top);
    for (int c = 0; c < count; c++)
        z[c] /= sum;
}

static void step(float *w, float *square, float gradient, float rate) {
    *square += gradient * gradient;
    *w -= rate * gradient / sqrtf(*square + 1e-6f);
}

/* One pass over the lines in `order`. Targets are sparse: target_offsets, classes, probabilities. Returns the loss. */
double train_pass(net *n, int64_t lines, const int64_t *order, const int64_t *offsets, const int32_t *ids,
                  const int64_t *target_offsets, const int32_t *target_class, const float *target_share,
                  const float *weights, float rate_begin, float rate_end, float drop, uint64_t seed) {
    float h[256], *z = malloc(sizeof *z * (size_t)n->classes), dh[256];
    int32_t *kept = malloc(sizeof *kept * NGRAMS_MOST);
    double loss = 0;
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int64_t l = 0; l < lines; l++) {
        int64_t line = order[l], count = 0;
        float rate = rate_begin + (rate_end - rate_begin) * (float)l / (float)lines, weight = weights[line];
        for (int64_t i = offsets[line]; i < offsets[line + 1] && count < NGRAMS_MOST; i++)
            if (ids[i] >= 0 && (next_random(&state) >> 40) * (1.0f / 16777216) >= drop)
                kept[count++] = ids[i];
        if (count == 0)
            continue;
        hidden_of(n, kept, count, h);
        logits_of(n, h, z);
        softmax(z, n->classes);
        for (int64_t t = target_offsets[line]; t < target_offsets[line + 1]; t++) {
            loss -= weight * target_share[t] * logf(z[target_class[t]] + 1e-9f);
            z[target_class[t]] -= target_share[t];
        }
        memset(dh, 0, sizeof dh);
        for (int c = 0; c < n->classes; c++) {
            float g = weight * z[c];
            if (g < 1e-6f && g > -1e-6f)
                continue;
            float *w = n->matrix + (int64_t)c * n->width, *w2 = n->matrix2 + (int64_t)c * n->width;
            for (int j = 0; j < n->width; j++) {
                dh[j] += g * w[j];
                step(w + j, w2 + j, g * h[j], rate);
            }
            step(n->bias + c, n->bias2 + c, g, rate);
        }
        float scale = 1 / sqrtf((float)count);
        for (int j = 0; j < n->width; j++)
            dh[j] = h[j] > 0 ? dh[j] * scale : 0;
        for (int64_t i = 0; i < count; i++) {
            float *w = n->rows + (int64_t)kept[i] * n->width, *w2 = n->rows2 + (int64_t)kept[i] * n->width;
            for (int j = 0; j < n->width; j++)
                step(w + j, w2 + j, dh[j], rate);
        }
    }
    free(z);
    free(kept);
    return loss;
}

/* Logits of lines, [lines, classes]. */
void predict(net *n, int64_t lines, const int64_t *offsets, const int32_t *ids, float *out) {
    float h[256];
    int32_t *kept = malloc(sizeof *kept * NGRAMS_MOST);
    for (int64_t l = 0; l < lines; l++) {
        int64_t count = 0;
        for (int64_t i = offsets[l]; i < offsets[l + 1] && count < NGRAMS_MOST; i++)
            if (ids[i] >= 0)
                kept[count++] = ids[i];
        hidden_of(n, kept, count, h);
        logits_of(n, h, out + l * n->classes);
    }
    free(kept);
}
