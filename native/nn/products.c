/* Block-sparse int8 matrix times two to four vectors, plain C: one pass over the weights serves all of them, each
 * weight is loaded once. Two vectors keep the sums of eight rows each in registers, three and four those of half a
 * block. As product.c, build it with -fno-schedule-insns on 32-bit cores. */
#include "nn.h"

/* Column c of a block for two vectors, row r. */
#define ROW2(r, a, b)                                                                                                  \
    do {                                                                                                               \
        int32_t weight = w[4 * (r) + c];                                                                               \
        a += weight * v0;                                                                                              \
        b += weight * v1;                                                                                              \
    } while (0)
#define COLUMN2(column)                                                                                                \
    do {                                                                                                               \
        enum { c = column };                                                                                           \
        int32_t v0 = in[c], v1 = in[4 + c];                                                                            \
        ROW2(0, s0, t0);                                                                                               \
        ROW2(1, s1, t1);                                                                                               \
        ROW2(2, s2, t2);                                                                                               \
        ROW2(3, s3, t3);                                                                                               \
        ROW2(4, s4, t4);                                                                                               \
        ROW2(5, s5, t5);                                                                                               \
        ROW2(6, s6, t6);                                                                                               \
        ROW2(7, s7, t7);                                                                                               \
    } while (0)

static void group2(const int8_t *w, const uint8_t *column, const uint8_t *end, const int8_t *x, int32_t *s,
                   int32_t *t) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int32_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0;
    for (; column < end; column++, w += 32) {
        const int8_t *in = x + 8 * (size_t)*column;
        COLUMN2(0);
        COLUMN2(1);
        COLUMN2(2);
        COLUMN2(3);
    }
    s[0] = s0, s[1] = s1, s[2] = s2, s[3] = s3, s[4] = s4, s[5] = s5, s[6] = s6, s[7] = s7;
    t[0] = t0, t[1] = t1, t[2] = t2, t[3] = t3, t[4] = t4, t[5] = t5, t[6] = t6, t[7] = t7;
}

/* Column c of half a block for three or four vectors, row r. */
#define ROW3(r, a, b, d)                                                                                               \
    do {                                                                                                               \
        int32_t weight = w[4 * (r) + c];                                                                               \
        a += weight * v0;                                                                                              \
        b += weight * v1;                                                                                              \
        d += weight * v2;                                                                                              \
    } while (0)
#define COLUMN3(column)                                                                                                \
    do {                                                                                                               \
        enum { c = column };                                                                                           \
        int32_t v0 = in[c], v1 = in[4 + c], v2 = in[8 + c];                                                            \
        ROW3(0, s0, t0, u0);                                                                                           \
        ROW3(1, s1, t1, u1);                                                                                           \
        ROW3(2, s2, t2, u2);                                                                                           \
        ROW3(3, s3, t3, u3);                                                                                           \
    } while (0)

static void half3(const int8_t *w, const uint8_t *column, const uint8_t *end, const int8_t *x, int32_t *s, int32_t *t,
                  int32_t *u) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0, u0 = 0, u1 = 0, u2 = 0, u3 = 0;
    for (; column < end; column++, w += 32) {
        const int8_t *in = x + 12 * (size_t)*column;
        COLUMN3(0);
        COLUMN3(1);
        COLUMN3(2);
        COLUMN3(3);
    }
    s[0] = s0, s[1] = s1, s[2] = s2, s[3] = s3;
    t[0] = t0, t[1] = t1, t[2] = t2, t[3] = t3;
    u[0] = u0, u[1] = u1, u[2] = u2, u[3] = u3;
}

#define ROW4(r, a, b, d, e)                                                                                            \
    do {                                                                                                               \
        int32_t weight = w[4 * (r) + c];                                                                               \
        a += weight * v0;                                                                                              \
        b += weight * v1;                                                                                              \
        d += weight * v2;                                                                                              \
        e += weight * v3;                                                                                              \
    } while (0)
#define COLUMN4(column)                                                                                                \
    do {                                                                                                               \
        enum { c = column };                                                                                           \
        int32_t v0 = in[c], v1 = in[4 + c], v2 = in[8 + c], v3 = in[12 + c];                                           \
        ROW4(0, s0, t0, u0, q0);                                                                                       \
        ROW4(1, s1, t1, u1, q1);                                                                                       \
        ROW4(2, s2, t2, u2, q2);                                                                                       \
        ROW4(3, s3, t3, u3, q3);                                                                                       \
    } while (0)

static void half4(const int8_t *w, const uint8_t *column, const uint8_t *end, const int8_t *x, int32_t *s, int32_t *t,
                  int32_t *u, int32_t *q) {
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    int32_t u0 = 0, u1 = 0, u2 = 0, u3 = 0, q0 = 0, q1 = 0, q2 = 0, q3 = 0;
    for (; column < end; column++, w += 32) {
        const int8_t *in = x + 16 * (size_t)*column;
        COLUMN4(0);
        COLUMN4(1);
        COLUMN4(2);
        COLUMN4(3);
    }
    s[0] = s0, s[1] = s1, s[2] = s2, s[3] = s3;
    t[0] = t0, t[1] = t1, t[2] = t2, t[3] = t3;
    u[0] = u0, u[1] = u1, u[2] = u2, u[3] = u3;
    q[0] = q0, q[1] = q1, q[2] = q2, q[3] = q3;
}

void es_products_c(const es_matrix *matrix, uint32_t first, uint32_t groups, uint32_t block, const int8_t *x,
                   uint32_t count, int32_t *sums) {
    const uint8_t *column = matrix->columns + block;
    const int8_t *w = matrix->blocks + (size_t)block * 32;
    size_t next = 8 * (size_t)groups; /* from one vector's sums to the next one's */
    for (uint32_t g = first; g < first + groups; g++, sums += 8) {
        const uint8_t *end = column + matrix->counts[g];
        if (count == 2) {
            group2(w, column, end, x, sums, sums + next);
        } else if (count == 3) {
            half3(w, column, end, x, sums, sums + next, sums + 2 * next);
            half3(w + 16, column, end, x, sums + 4, sums + next + 4, sums + 2 * next + 4);
        } else {
            half4(w, column, end, x, sums, sums + next, sums + 2 * next, sums + 3 * next);
            half4(w + 16, column, end, x, sums + 4, sums + next + 4, sums + 2 * next + 4, sums + 3 * next + 4);
        }
        w += 32 * (size_t)(end - column);
        column = end;
    }
}
