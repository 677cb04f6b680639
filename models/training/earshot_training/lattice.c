/* The transducer lattice: loss and occupation of every arc, over a window of label positions per frame.
 *
 * In:  natural-log probabilities of the label arc and of the blank arc of each cell, [batch][frames][window], and the
 *      label position of a window's first cell, [batch][frames]. A window as wide as the labels gives the full lattice.
 * Out: loss per utterance (minus log of the sum over all paths) and the posterior of each arc, which is minus the
 *      gradient of the loss with respect to the arc's log probability. Also the choice of windows from posteriors.
 * May not: allocate, keep state, or depend on anything but the C library's maths. */
#include <math.h>
#include <stdint.h>

#define NONE (-1e30f)

static float log_add(float a, float b) {
    float high = a > b ? a : b, low = a > b ? b : a;
    return low <= NONE / 2 ? high : high + log1pf(expf(low - high));
}

/* One utterance; alpha and beta are scratch of frames * window. */
typedef struct lattice {
    int frames, labels, window;
    const float *label, *blank;
    const int32_t *start;
    float *alpha, *beta;
} lattice;

/* The value of a scratch table at (frame, label position), NONE outside the frame's window. */
static float at(const lattice *l, const float *table, int t, int u) {
    int s = u - l->start[t];
    return s < 0 || s >= l->window || u > l->labels ? NONE : table[t * l->window + s];
}

static void forward(lattice *l) {
    for (int t = 0; t < l->frames; t++) {
        for (int s = 0; s < l->window; s++) {
            int u = l->start[t] + s;
            float value = t == 0 && u == 0 ? 0.0f : NONE;
            if (u <= l->labels && t > 0) {
                float before = at(l, l->alpha, t - 1, u);
                if (before > NONE / 2)
                    value = before + l->blank[(t - 1) * l->window + u - l->start[t - 1]];
            }
            if (u <= l->labels && s > 0 && l->alpha[t * l->window + s - 1] > NONE / 2)
                value = log_add(value, l->alpha[t * l->window + s - 1] + l->label[t * l->window + s - 1]);
            l->alpha[t * l->window + s] = value;
        }
    }
}

static void backward(lattice *l) {
    for (int t = l->frames - 1; t >= 0; t--) {
        for (int s = l->window - 1; s >= 0; s--) {
            int u = l->start[t] + s, cell = t * l->window + s;
            float value = NONE;
            if (t == l->frames - 1) {
                if (u == l->labels)
                    value = l->blank[cell];
            } else {
                float after = at(l, l->beta, t + 1, u);
                if (after > NONE / 2)
                    value = after + l->blank[cell];
            }
            if (u < l->labels && s + 1 < l->window && l->beta[cell + 1] > NONE / 2)
                value = log_add(value, l->beta[cell + 1] + l->label[cell]);
            l->beta[cell] = value;
        }
    }
}

static void posteriors(const lattice *l, float total, float *label_out, float *blank_out) {
    for (int t = 0; t < l->frames; t++) {
        for (int s = 0; s < l->window; s++) {
            int u = l->start[t] + s, cell = t * l->window + s;
            float a = l->alpha[cell], after;
            if (u > l->labels || a <= NONE / 2)
                continue;
            after = t + 1 < l->frames ? at(l, l->beta, t + 1, u) : (u == l->labels ? 0.0f : NONE);
            if (after > NONE / 2)
                blank_out[cell] = expf(a + l->blank[cell] + after - total);
            if (u < l->labels && s + 1 < l->window && l->beta[cell + 1] > NONE / 2)
                label_out[cell] = expf(a + l->label[cell] + l->beta[cell + 1] - total);
        }
    }
}

/* Posterior arrays must be zero on entry. Scratch: 2 * frames * window floats. An utterance without any path gets
 * loss 0 and zero posteriors; returns how many had none. */
int es_lattice(int batch, int frames, int window, const float *label, const float *blank, const int32_t *start,
               const int32_t *frame_counts, const int32_t *label_counts, float *scratch, float *loss, float *label_out,
               float *blank_out) {
    int lost = 0;
    for (int b = 0; b < batch; b++) {
        long base = (long)b * frames * window;
        lattice l = {frame_counts[b], label_counts[b], window,  label + base,
                     blank + base,    start + (long)b * frames, scratch, scratch + (long)frames * window};
        forward(&l);
        backward(&l);
        float total = l.start[0] == 0 ? l.beta[0] : NONE;
        if (total <= NONE / 2 || !isfinite(total)) {
            loss[b] = 0.0f;
            lost++;
            continue;
        }
        loss[b] = -total;
        posteriors(&l, total, label_out + base, blank_out + base);
    }
    return lost;
}

/* Where each frame's window of `narrow` positions begins: the best sum of node posteriors of the full lattice, then
 * made monotone, with steps of at most narrow - 1, beginning at 0 and ending on the last label. */
void es_windows(int batch, int frames, int window, int narrow, const float *label_out, const float *blank_out,
                const int32_t *frame_counts, const int32_t *label_counts, int32_t *start) {
    for (int b = 0; b < batch; b++) {
        int count = frame_counts[b], last = label_counts[b] + 1 - narrow;
        int32_t *s = start + (long)b * frames;
        last = last > 0 ? last : 0;
        for (int t = 0; t < count; t++) {
            const float *x = label_out + ((long)b * frames + t) * window, *k = blank_out + ((long)b * frames + t) * window;
            float sum = 0.0f, best;
            for (int u = 0; u < narrow && u < window; u++)
                sum += x[u] + k[u];
            best = sum;
            s[t] = 0;
            for (int u = 1; u <= last; u++) {
                sum += x[u + narrow - 1] + k[u + narrow - 1] - x[u - 1] - k[u - 1];
                if (sum > best)
                    best = sum, s[t] = u;
            }
        }
        s[count - 1] = last;
        for (int t = count - 2; t >= 0; t--) {
            s[t] = s[t] > s[t + 1] ? s[t + 1] : s[t];
            s[t] = s[t] < s[t + 1] - (narrow - 1) ? s[t + 1] - (narrow - 1) : s[t];
        }
        s[0] = 0;
        for (int t = 1; t < count; t++)
            s[t] = s[t] > s[t - 1] + narrow - 1 ? s[t - 1] + narrow - 1 : s[t];
        for (int t = count; t < frames; t++)
            s[t] = last;
    }
}
