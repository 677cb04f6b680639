/* The list of names as bytes: everything is bounded before it is used. */
#include "bias.h"

#define HEAD 4

typedef struct reader {
    const uint8_t *list;
    uint32_t bytes, at;
    es_status status;
    uint16_t phrase[ES_BIAS_PHRASES]; /* offsets of those so far */
    uint16_t phrases;
    uint32_t letters; /* nodes that the phrases so far take */
} reader;

static bool fail(reader *r, es_status status) {
    r->status = r->status == ES_OK ? status : r->status;
    return false;
}

static bool byte(reader *r, uint8_t *value) {
    if (r->at == r->bytes)
        return fail(r, ES_E_SHORT);
    *value = r->list[r->at++];
    return true;
}

/* One text: a length, then words parted by single spaces. */
static bool text(reader *r) {
    uint8_t length, before = ' ';
    if (!byte(r, &length))
        return false;
    if (length == 0 || length > ES_BIAS_TEXT) {
        r->at--;
        return fail(r, ES_E_CORRUPT);
    }
    for (uint8_t i = 0; i < length; i++) {
        uint8_t letter;
        if (!byte(r, &letter))
            return false;
        bool bad = letter < 0x20 || letter == 0x7f || (letter == ' ' && (before == ' ' || i + 1 == length));
        if (bad) {
            r->at--;
            return fail(r, ES_E_CORRUPT);
        }
        before = letter;
    }
    return true;
}

/* Letters in which two phrases begin alike, the space behind each counted. */
static uint32_t alike(const uint8_t *list, uint32_t a, uint32_t b) {
    uint32_t n = 0, one = list[a], other = list[b];
    while (n <= one && n <= other) {
        uint8_t left = n < one ? list[a + 1 + n] : ' ', right = n < other ? list[b + 1 + n] : ' ';
        if (left != right)
            break;
        n++;
    }
    return n;
}

/* Counts the nodes that one more phrase takes. */
static bool phrase(reader *r) {
    uint32_t at = r->at, known = 0;
    if (!text(r))
        return false;
    for (uint16_t i = 0; i < r->phrases; i++) {
        uint32_t same = alike(r->list, r->phrase[i], at);
        known = same > known ? same : known;
    }
    r->letters += r->list[at] + 1u - known;
    if (r->letters > ES_BIAS_PHRASES) {
        r->at = at;
        return fail(r, ES_E_FULL);
    }
    if (known <= r->list[at]) /* else it is there already */
        r->phrase[r->phrases++] = (uint16_t)at;
    return true;
}

static bool class_record(reader *r) {
    uint8_t weight, phrases;
    if (!byte(r, &weight) || !text(r) || !byte(r, &phrases))
        return false;
    for (uint8_t i = 0; i < phrases; i++)
        if (!phrase(r))
            return false;
    return true;
}

static bool name_record(reader *r, uint8_t classes) {
    uint8_t class, weight;
    if (!byte(r, &class))
        return false;
    if (class > classes) {
        r->at--;
        return fail(r, ES_E_CORRUPT);
    }
    return byte(r, &weight) && text(r);
}

static bool whole(reader *r) {
    uint8_t version, classes, low, high;
    if (!byte(r, &version))
        return false;
    if (version != ES_BIAS_VERSION)
        return fail(r, ES_E_VERSION);
    if (!byte(r, &classes) || !byte(r, &low) || !byte(r, &high))
        return false;
    uint32_t names = low | (uint32_t)high << 8;
    if (classes > ES_BIAS_CLASSES || names > ES_BIAS_NAMES || r->bytes > ES_BIAS_LIST)
        return fail(r, ES_E_FULL);
    for (uint8_t i = 0; i < classes; i++)
        if (!class_record(r))
            return false;
    for (uint32_t i = 0; i < names; i++)
        if (!name_record(r, classes))
            return false;
    return r->at == r->bytes || fail(r, ES_E_CORRUPT);
}

es_status es_bias_check(const uint8_t *list, uint32_t bytes, uint32_t *where) {
    reader r;
    r.list = list;
    r.bytes = bytes;
    r.at = r.phrases = 0;
    r.letters = 0;
    r.status = ES_OK;
    whole(&r);
    if (where != NULL)
        *where = r.at;
    return r.status;
}

uint32_t es_bias_first(const uint8_t *list, uint16_t *names) {
    uint32_t at = HEAD;
    *names = (uint16_t)(list[2] | list[3] << 8);
    for (uint8_t k = 0; k < list[1]; k++) {
        at += 2u + list[at + 1];
        uint8_t phrases = list[at++];
        for (; phrases > 0; phrases--)
            at += 1u + list[at];
    }
    return at;
}

uint32_t es_bias_entry_at(const uint8_t *list, uint32_t at, es_bias_entry *entry) {
    *entry =
        (es_bias_entry){.class = list[at], .weight = list[at + 1], .bytes = list[at + 2], .text = (uint16_t)(at + 3)};
    return at + 3u + entry->bytes;
}
