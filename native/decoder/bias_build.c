/* From the list to the automaton, a little at a time: phrases into their trie, failure links, equal nodes, then one
 * name after the other into the trie of names. */
#include "../base/work.h"
#include "bias.h"

/* Nominal instructions, fitted to what valgrind counts in an exchange of a thousand names. */
#define COST_PHRASE_LETTER 40
#define COST_LINK 60
#define COST_SAME 14 /* one pair of nodes */
#define COST_NAME 300
#define COST_NAME_LETTER 34

/* ---- phrases ---- */

static uint16_t new_phrase(es_bias *bias, uint16_t parent, uint8_t letter) {
    uint16_t made = bias->phrase_count++;
    bias->phrases[made] = (es_bias_phrase){.sibling = bias->phrases[parent].first, .letter = letter};
    bias->phrases[parent].first = made;
    return made;
}

static uint16_t child_of(const es_bias *bias, uint16_t node, uint8_t letter) {
    uint16_t child = bias->phrases[node].first;
    while (child != 0 && bias->phrases[child].letter != letter)
        child = bias->phrases[child].sibling;
    return child;
}

static void add_phrase(es_bias *bias, const uint8_t *text, uint32_t letters, uint16_t class_bit) {
    uint16_t node = ES_BIAS_SPACE;
    for (uint32_t i = 0; i <= letters; i++) {
        uint8_t letter = i < letters ? text[i] : ' ';
        uint16_t child = child_of(bias, node, letter);
        node = child != 0 ? child : new_phrase(bias, node, letter);
    }
    bias->phrases[node].classes |= class_bit;
}

/* One class: its weight, its phrases. Returns counted instructions. */
static uint32_t add_class(es_bias *bias) {
    const uint8_t *list = bias->list[bias->used];
    uint8_t class = (uint8_t)(list[1] - bias->left + 1), phrases;
    uint32_t letters = 0;
    bias->class_weight[class] = list[bias->at];
    bias->at += 2u + list[bias->at + 1];
    phrases = list[bias->at++];
    bias->class_bit[class] = phrases == 0 ? ES_BIAS_EVERYWHERE : (uint16_t)(1u << class);
    for (; phrases > 0; phrases--) {
        uint32_t count = list[bias->at];
        add_phrase(bias, list + bias->at + 1, count, bias->class_bit[class]);
        bias->at += 1 + count;
        letters += count + 1;
    }
    return letters * COST_PHRASE_LETTER;
}

/* Nearest the root first: a link leads to a shorter text. */
static void link_phrases(es_bias *bias) {
    uint16_t queue[ES_BIAS_PHRASES + 2], count = 0;
    es_bias_phrase *phrases = bias->phrases;
    phrases[ES_BIAS_SPACE].fail = ES_BIAS_LOST;
    queue[count++] = ES_BIAS_SPACE;
    for (uint16_t i = 0; i < count; i++) {
        for (uint16_t k = phrases[queue[i]].first; k != 0; k = phrases[k].sibling) {
            phrases[k].fail = es_bias_follow(bias, phrases[queue[i]].fail, phrases[k].letter);
            phrases[k].classes |= phrases[phrases[k].fail].classes;
            queue[count++] = k;
        }
    }
}

static bool goes_on_alike(const es_bias *bias, uint16_t a, uint16_t b) {
    const es_bias_phrase *one = &bias->phrases[a], *other = &bias->phrases[b];
    int more = 0;
    if (one->classes != other->classes || one->fail != other->fail)
        return false;
    for (uint16_t k = one->first; k != 0; k = bias->phrases[k].sibling, more++) {
        uint16_t match = child_of(bias, b, bias->phrases[k].letter);
        if (match == 0 || bias->phrases[match].same != bias->phrases[k].same)
            return false;
    }
    for (uint16_t k = other->first; k != 0; k = bias->phrases[k].sibling)
        more--;
    return more == 0;
}

/* Children have larger numbers than their parents, so theirs is known. Returns counted instructions. */
static uint32_t find_same(es_bias *bias, uint16_t node) {
    uint16_t other = (uint16_t)(bias->phrase_count - 1);
    while (other > node && !(bias->phrases[other].same == other && goes_on_alike(bias, node, other)))
        other--;
    bias->phrases[node].same = other;
    return (uint32_t)(bias->phrase_count - other) * COST_SAME;
}

/* ---- names ---- */

static uint16_t new_node(es_bias *bias, es_bias_node node) {
    bias->nodes[bias->node_count] = node;
    return bias->node_count++;
}

static uint8_t letter_at(const es_bias *bias, uint16_t node, uint32_t at) {
    return bias->list[bias->used][bias->nodes[node].text + at];
}

static void widen(es_bias_node *node, const es_bias_node *name) {
    node->classes |= name->classes;
    node->weight = name->weight > node->weight ? name->weight : node->weight;
}

/* The child of `node` that goes on with the name's next letter, or that is its end. */
static uint16_t child_for(const es_bias *bias, uint16_t node, const es_bias_node *name) {
    uint8_t depth = bias->nodes[node].depth;
    for (uint16_t k = bias->nodes[node].first; k != 0; k = bias->nodes[k].sibling) {
        bool end = bias->nodes[k].depth == depth;
        if (depth == name->depth ? end
                                 : !end && letter_at(bias, k, depth) == bias->list[bias->used][name->text + depth])
            return k;
    }
    return 0;
}

/* A name's end is its node's first child; all others come behind that. */
static void hang(es_bias *bias, uint16_t node, uint16_t child) {
    uint16_t *first = &bias->nodes[node].first;
    bool end = *first != 0 && bias->nodes[*first].depth == bias->nodes[node].depth;
    uint16_t *link = end ? &bias->nodes[*first].sibling : first;
    bias->nodes[child].sibling = *link;
    *link = child;
}

/* Cuts the edge to `node` after `depth` letters: `node` becomes the upper part, its old self the child of that. */
static void cut(es_bias *bias, uint16_t node, uint8_t depth) {
    es_bias_node lower = bias->nodes[node];
    lower.sibling = 0;
    uint16_t child = new_node(bias, lower);
    bias->nodes[node].depth = depth;
    bias->nodes[node].first = child;
}

/* A name that ends at `node` and has had no children gets a node of its own. */
static void part_end(es_bias *bias, uint16_t node) {
    es_bias_node end = bias->nodes[node];
    end.sibling = 0;
    bias->nodes[node].first = new_node(bias, end);
}

static void insert(es_bias *bias, const es_bias_node *name) {
    const uint8_t *text = bias->list[bias->used] + name->text;
    uint16_t node = 0;
    for (;;) {
        widen(&bias->nodes[node], name);
        uint16_t child = child_for(bias, node, name);
        if (child == 0) {
            hang(bias, node, new_node(bias, *name));
            return;
        }
        uint8_t depth = bias->nodes[node].depth, most = bias->nodes[child].depth;
        while (depth < most && depth < name->depth && letter_at(bias, child, depth) == text[depth])
            depth++;
        if (depth < most)
            cut(bias, child, depth);
        bool leaf = bias->nodes[child].first == 0;
        if (leaf && depth == name->depth) { /* the same name again */
            widen(&bias->nodes[child], name);
            return;
        }
        if (leaf)
            part_end(bias, child);
        node = child;
    }
}

/* One name. Returns counted instructions. */
static uint32_t add_name(es_bias *bias) {
    const uint8_t *list = bias->list[bias->used];
    es_bias_entry entry;
    bias->at = es_bias_entry_at(list, bias->at, &entry);
    if (!es_bias_can_spell(bias->model, bias->singles, list + entry.text, entry.bytes))
        return COST_NAME;
    uint32_t weight = ((uint32_t)entry.weight * bias->class_weight[entry.class] + 8) >> 4;
    weight = weight < 255 ? weight : 255;
    bias->heaviest = weight > bias->heaviest ? (uint16_t)weight : bias->heaviest;
    insert(bias, &(es_bias_node){.text = entry.text,
                                 .classes = bias->class_bit[entry.class],
                                 .depth = entry.bytes,
                                 .weight = (uint8_t)weight});
    return COST_NAME + entry.bytes * COST_NAME_LETTER;
}

/* ---- the stages ---- */

void es_bias_begin(es_bias *bias) {
    const uint8_t *list = bias->list[bias->newest];
    bias->used = bias->newest;
    bias->waits = false;
    bias->stage = BIAS_PHRASES;
    bias->at = 4;
    bias->left = list[1];
    bias->heaviest = 0;
    bias->class_weight[0] = 16;
    bias->class_bit[0] = ES_BIAS_EVERYWHERE;
    bias->nodes[0] = (es_bias_node){0};
    bias->node_count = 1;
    bias->phrases[ES_BIAS_SPACE] = (es_bias_phrase){.same = ES_BIAS_SPACE};
    bias->phrases[ES_BIAS_LOST] = (es_bias_phrase){.same = ES_BIAS_LOST};
    bias->phrase_count = 2;
}

static void enter(es_bias *bias, es_bias_stage stage, uint16_t left) {
    bias->stage = stage;
    bias->left = left;
}

static uint32_t build_one(es_bias *bias) {
    uint16_t names;
    switch (bias->stage) {
    case BIAS_PHRASES:
        if (bias->left > 0) {
            uint32_t cost = add_class(bias);
            bias->left--;
            return cost;
        }
        enter(bias, BIAS_LINKS, 0);
        return 0;
    case BIAS_LINKS:
        link_phrases(bias);
        enter(bias, BIAS_SAME, bias->phrase_count);
        return bias->phrase_count * COST_LINK;
    case BIAS_SAME:
        if (bias->left > 0)
            return find_same(bias, --bias->left);
        bias->at = es_bias_first(bias->list[bias->used], &names);
        enter(bias, BIAS_NAMES, names);
        return 0;
    case BIAS_NAMES:
        if (bias->left > 0) {
            bias->left--;
            return add_name(bias);
        }
        bias->hook.most = es_bias_value(bias, bias->longest, bias->heaviest);
        enter(bias, BIAS_READY, 0);
        return 0;
    default:
        return 0;
    }
}

bool es_bias_build(es_bias *bias, uint32_t instructions, es_work *work) {
    uint64_t done = ES_COST_SLICE, until = instructions == 0 ? UINT64_MAX : instructions;
    while (bias->stage != BIAS_READY && done < until)
        done += build_one(bias);
    es_work_add(work, 0, 0, done);
    return bias->stage == BIAS_READY;
}
