/* The automaton of names: its list, what it pays for, its spelling, its exchange. */
#include "earshot/bias.h"

#include "../../native/decoder/bias.h"
#include "bias_list.h"
#include "check.h"

#define OPEN "\xe2\x96\x81"

/* ---- a model of pieces alone ---- */

static const char *const PIECES[] = {
    "",   OPEN, "a",       "b",   "n",      "e",  OPEN "a",    "an", "nn",    OPEN "b",
    "ab", "'",  OPEN "an", "nna", OPEN "e", "be", OPEN "anne", "ba", "annab", OPEN "be" OPEN "a"};
#define LABELS ((uint16_t)(sizeof PIECES / sizeof PIECES[0] - 1))
static uint16_t offsets[LABELS + 2];
static char texts[400];
static es_model model;

static void make_model(void) {
    uint16_t used = 0;
    for (uint16_t label = 0; label <= LABELS; label++) {
        offsets[label] = used;
        memcpy(texts + used, PIECES[label], strlen(PIECES[label]));
        used = (uint16_t)(used + strlen(PIECES[label]));
    }
    offsets[LABELS + 1] = used;
    model = (es_model){.vocabulary = LABELS, .piece_offsets = offsets, .piece_text = texts, .bias_weight = 256};
}

static bias_list list;
static es_arena arena;
static void *memory;
static es_bias *bias;

static void open_bias(void) {
    make_model();
    size_t bytes = es_bias_bytes();
    memory = aligned_alloc(16, bytes);
    es_arena_init(&arena, memory, bytes);
    CHECK_EQ(es_bias_init(&bias, &arena, &model), ES_OK);
    CHECK_EQ(arena.used, bytes);
    bias_list_begin(&list);
}

static void exchange(void) {
    uint32_t where;
    if (!CHECK_EQ(es_bias_set(bias, list.bytes, list.size, &where, NULL), ES_OK))
        printf("    at byte %u\n", where);
    es_work work = {0};
    es_bias_begin(bias);
    CHECK(es_bias_build(bias, 0, &work));
}

/* ---- the plain meaning ---- */

static uint32_t bonus_of(const char *name, uint32_t weight) {
    return (uint32_t)es_bias_value(bias, (uint32_t)strlen(name), weight);
}

/* Does a phrase of the class end right before text[at]? */
static bool class_is_open(uint8_t class, const char *text, size_t at) {
    const uint8_t *bytes = list.bytes;
    uint32_t read = 4;
    char before[4096];
    snprintf(before, sizeof before, " %.*s", (int)at, text);
    for (uint8_t k = 1; k <= bytes[1]; k++) {
        read += 2u + bytes[read + 1];
        uint8_t phrases = bytes[read++];
        bool open = phrases == 0;
        for (uint8_t i = 0; i < phrases; i++) {
            char phrase[100];
            snprintf(phrase, sizeof phrase, " %.*s ", bytes[read], bytes + read + 1);
            size_t length = strlen(phrase), all = strlen(before);
            open |= all >= length && strcmp(before + all - length, phrase) == 0;
            read += 1u + bytes[read];
        }
        if (k == class)
            return open;
    }
    return true;
}

typedef struct plain_name {
    char text[100];
    uint8_t class, weight, classweight;
} plain_name;

static plain_name names[ES_BIAS_NAMES];
static int name_count;

/* Words parted by single spaces: the sum of what the names in it are worth, leftmost and longest first. */
static int64_t plain_bonus(const char *text) {
    int64_t sum = 0;
    size_t at = 0, all = strlen(text);
    while (at < all) {
        size_t longest = 0;
        uint32_t weight = 0;
        for (int i = 0; i < name_count; i++) {
            size_t length = strlen(names[i].text);
            bool here =
                strncmp(text + at, names[i].text, length) == 0 && (text[at + length] == 0 || text[at + length] == ' ');
            if (here && length >= longest && class_is_open(names[i].class, text, at))
                longest = length;
        }
        /* The same name may stand in the list more than once. */
        for (int i = 0; longest > 0 && i < name_count; i++) {
            uint32_t own = (names[i].weight * (uint32_t)names[i].classweight + 8) >> 4;
            own = own < 255 ? own : 255;
            if (strlen(names[i].text) == longest && strncmp(text + at, names[i].text, longest) == 0 && own > weight)
                weight = own;
        }
        if (longest > 0)
            sum += es_bias_value(bias, (uint32_t)longest, weight);
        at += longest;
        while (at < all && text[at] != ' ')
            at++;
        at += at < all;
    }
    return sum;
}

/* Appends a piece as the recogniser's words do: a space opens a word, a second one in a row is none. */
static void append(char *text, const char *piece) {
    for (size_t i = 0; piece[i] != 0;) {
        size_t length = strlen(text);
        if (strncmp(piece + i, OPEN, 3) == 0) {
            if (length > 0 && text[length - 1] != ' ')
                strcpy(text + length, " ");
            i += 3;
        } else {
            text[length] = piece[i++];
            text[length + 1] = 0;
        }
    }
}

static int64_t path_bonus(const uint16_t *labels, int count, uint32_t *state) {
    int64_t sum = 0;
    *state = 0;
    for (int i = 0; i < count; i++) {
        int32_t score;
        uint32_t next;
        es_bias_step(bias, *state, labels[i], &next, &score);
        *state = next;
        sum += score;
    }
    return sum;
}

static int64_t bonus_in(const char *words) {
    uint16_t labels[200];
    uint32_t state;
    int count = 0;
    for (size_t i = 0; words[i] != 0; i++) {
        for (uint16_t label = 1; label <= LABELS; label++)
            if ((words[i] == ' ' && strcmp(PIECES[label], OPEN) == 0) ||
                (words[i] != ' ' && PIECES[label][0] == words[i] && PIECES[label][1] == 0))
                labels[count++] = label;
    }
    int64_t sum = path_bonus(labels, count, &state);
    return sum + es_bias_end(bias, state);
}

/* ---- tests ---- */

static void a_whole_name_is_paid_for_and_a_part_is_not(void) {
    open_bias();
    bias_list_name(&list, 0, 16, "anna");
    bias_list_name(&list, 0, 16, "anne be");
    exchange();
    CHECK_EQ(bonus_in("anna"), bonus_of("anna", 16));
    CHECK_EQ(bonus_in(" anna"), bonus_of("anna", 16));
    CHECK_EQ(bonus_in("be anna be"), bonus_of("anna", 16));
    CHECK_EQ(bonus_in("anna anna"), 2 * bonus_of("anna", 16));
    CHECK_EQ(bonus_in("ann"), 0);
    CHECK_EQ(bonus_in("annab"), 0);
    CHECK_EQ(bonus_in("banna"), 0);
    CHECK_EQ(bonus_in("anne"), 0);
    CHECK_EQ(bonus_in("anne ba"), 0);
    CHECK_EQ(bonus_in("anne be"), bonus_of("anne be", 16));
    CHECK_EQ(bonus_in("anne anne be"), bonus_of("anne be", 16));
    CHECK_EQ(bonus_in("anne anna"), bonus_of("anna", 16));
    free(memory);
}

static void the_longest_name_counts_and_each_letter_once(void) {
    open_bias();
    bias_list_name(&list, 0, 16, "anna");
    bias_list_name(&list, 0, 16, "anna be");
    bias_list_name(&list, 0, 16, "be ba");
    bias_list_name(&list, 0, 32, "ann");
    exchange();
    CHECK_EQ(bonus_in("anna be"), bonus_of("anna be", 16));
    CHECK_EQ(bonus_in("anna be ba"), bonus_of("anna be", 16));
    CHECK_EQ(bonus_in("anna ba"), bonus_of("anna", 16));
    CHECK_EQ(bonus_in("anna bea"), bonus_of("anna", 16));
    CHECK_EQ(bonus_in("ann"), bonus_of("ann", 32));
    CHECK_EQ(bonus_in("be ba anna"), bonus_of("be ba", 16) + bonus_of("anna", 16));
    free(memory);
}

static void a_class_opens_behind_its_phrases_alone(void) {
    open_bias();
    bias_list_class(&list, "contact", 32, "be|be an");
    bias_list_class(&list, "free", 8, "");
    bias_list_name(&list, 1, 16, "anna");
    bias_list_name(&list, 1, 16, "an ab");
    bias_list_name(&list, 2, 16, "nan");
    exchange();
    CHECK_EQ(bonus_in("anna"), 0);
    CHECK_EQ(bonus_in("be anna"), bonus_of("anna", 32));
    CHECK_EQ(bonus_in("abe anna"), 0);
    CHECK_EQ(bonus_in("be be anna"), bonus_of("anna", 32));
    CHECK_EQ(bonus_in("be ba anna"), 0);
    CHECK_EQ(bonus_in("be an anna"), bonus_of("anna", 32)); /* though "an" also begins a name */
    CHECK_EQ(bonus_in("be an ab"), bonus_of("an ab", 32));
    CHECK_EQ(bonus_in("nan"), bonus_of("nan", 8));
    free(memory);
}

/* A name that begins inside a phrase must not hide what the phrase opens. */
static void a_name_that_fails_gives_its_words_back_to_the_phrases(void) {
    open_bias();
    bias_list_class(&list, "device", 16, "be an ba");
    bias_list_name(&list, 1, 16, "nab");
    bias_list_name(&list, 0, 16, "an ba bee");
    exchange();
    CHECK_EQ(bonus_in("be an ba nab"), bonus_of("nab", 16));
    CHECK_EQ(bonus_in("be an ba bee"), bonus_of("an ba bee", 16));
    CHECK_EQ(bonus_in("ba an ba nab"), 0);
    free(memory);
}

static char word_letters[] = "abne";

static void random_words(char *text, int most_words, int most_letters) {
    int words = (int)check_random(1, most_words);
    text[0] = 0;
    for (int w = 0; w < words; w++) {
        if (w > 0)
            strcat(text, " ");
        for (int n = (int)check_random(1, most_letters); n > 0; n--) {
            size_t length = strlen(text);
            text[length] = word_letters[check_random(0, check_random(0, 3))];
            text[length + 1] = 0;
        }
    }
}

static void random_list(void) {
    uint8_t weights[4] = {16};
    int classes = (int)check_random(0, 3);
    name_count = (int)check_random(1, check_random(0, 1) ? 6 : 60);
    bias_list_begin(&list);
    for (int k = 1; k <= classes; k++) {
        char phrases[200] = "";
        for (int n = (int)check_random(0, 3); n > 0; n--) {
            char text[60];
            random_words(text, 3, 2);
            strcat(phrases, text);
            strcat(phrases, n > 1 ? "|" : "");
        }
        weights[k] = (uint8_t)check_random(1, 40);
        bias_list_class(&list, "k", weights[k], phrases);
    }
    for (int i = 0; i < name_count; i++) {
        random_words(names[i].text, (int)check_random(1, 4), 4);
        names[i].class = (uint8_t)check_random(0, classes);
        names[i].weight = (uint8_t)check_random(0, 40);
        names[i].classweight = weights[names[i].class];
        bias_list_name(&list, names[i].class, names[i].weight, names[i].text);
    }
}

/* The reference: whatever pieces come, after each of them the bonus so far and the refund of an end there are what the
 * plain meaning gives for the text so far. So a name begun and not completed costs nothing, and no path is paid twice.
 */
static void every_path_is_paid_what_its_text_is_worth(void) {
    open_bias();
    unsigned completed = 0;
    for (int turn = 0; turn < 1500; turn++) {
        random_list();
        exchange();
        for (int path = 0; path < 8; path++) {
            char text[2000] = "";
            uint32_t state = 0;
            int64_t sum = 0;
            for (int i = 0; i < 30; i++) {
                uint16_t label = (uint16_t)check_random(1, LABELS);
                uint32_t next;
                int32_t score;
                es_bias_step(bias, state, label, &next, &score);
                state = next;
                sum += score;
                append(text, PIECES[label]);
                int64_t expected = plain_bonus(text);
                completed += expected > 0;
                if (!CHECK_EQ(sum + es_bias_end(bias, state), expected)) {
                    printf("    turn %d: '%s'\n", turn, text);
                    break;
                }
            }
        }
    }
    CHECK(completed > 10000);
    free(memory);
}

/* A text's state is one whatever spelled it, so that hypotheses merge. */
static void all_spellings_of_a_text_share_a_state(void) {
    open_bias();
    for (int turn = 0; turn < 2000; turn++) {
        char words[100], one[400] = "";
        es_bias_way ways[ES_BIAS_WAYS];
        if (turn % 10 == 0) {
            random_list();
            exchange();
        }
        random_words(words, 4, 5);
        if (strlen(words) > ES_BIAS_TEXT)
            continue;
        uint32_t found = es_bias_spell(&model, words, (uint32_t)strlen(words), ways), first, state;
        CHECK(found > 0);
        int64_t sum = path_bonus(ways[0].label, ways[0].count, &first);
        for (uint32_t i = 0; i < found; i++) {
            one[0] = 0;
            for (uint16_t k = 0; k < ways[i].count; k++)
                append(one, PIECES[ways[i].label[k]]);
            CHECK(strcmp(one, words) == 0);
            CHECK_EQ(path_bonus(ways[i].label, ways[i].count, &state), sum);
            CHECK_EQ(state, first);
            CHECK(i == 0 || i + 1 == found || ways[i].cost >= ways[i - 1].cost);
        }
    }
    free(memory);
}

/* "turn on the" and "switch on the" open the same classes: what follows must not be kept apart. */
static void phrases_that_open_alike_share_their_states(void) {
    open_bias();
    bias_list_class(&list, "device", 16, "ba an|ba an be|nan an|nan an be");
    bias_list_name(&list, 1, 16, "anna");
    exchange();
    uint32_t one, other;
    const uint16_t first[] = {9, 2, 6, 4, 6, 4}, second[] = {1, 4, 2, 4, 6, 4, 6, 4}; /* ba an an, nan an an */
    path_bonus(first, 6, &one);
    path_bonus(second, 8, &other);
    CHECK_EQ(one, other);
    free(memory);
}

static void bad_lists_are_refused_where_they_are_bad(void) {
    open_bias();
    uint32_t where;
    bias_list_class(&list, "contact", 16, "be|an");
    bias_list_name(&list, 1, 16, "anna be");
    exchange();
    for (uint32_t size = 0; size < list.size; size++) {
        CHECK_EQ(es_bias_set(bias, list.bytes, size, &where, NULL), ES_E_SHORT);
        CHECK_EQ(where, size);
    }
    const struct {
        uint32_t at;
        uint8_t value;
        es_status status;
        uint32_t where;
    } bad[] = {{0, 2, ES_E_VERSION, 1},
               {1, 16, ES_E_FULL, 4},
               {3, 4, ES_E_FULL, 4},
               {list.size - 8, 0, ES_E_CORRUPT, list.size - 8},   /* no letters */
               {list.size - 8, 65, ES_E_CORRUPT, list.size - 8},  /* too many */
               {list.size - 10, 2, ES_E_CORRUPT, list.size - 10}, /* no such class */
               {list.size - 7, ' ', ES_E_CORRUPT, list.size - 7},
               {list.size - 1, ' ', ES_E_CORRUPT, list.size - 1},
               {list.size - 4, ' ', ES_E_CORRUPT, list.size - 3}, /* two spaces */
               {list.size - 1, 7, ES_E_CORRUPT, list.size - 1},
               {2, 0, ES_E_CORRUPT, list.size - 10}}; /* something behind the last name */
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bias_list changed = list;
        changed.bytes[bad[i].at] = bad[i].value;
        CHECK_EQ(es_bias_set(bias, changed.bytes, changed.size, &where, NULL), bad[i].status);
        if (!CHECK_EQ(where, bad[i].where))
            printf("    case %u\n", i);
    }
    es_bias_counts counts;
    es_bias_count(bias, &counts);
    CHECK_EQ(counts.names, 1);
    CHECK(!es_bias_waits(bias));
    CHECK_EQ(bonus_in("be anna be"), bonus_of("anna be", 16)); /* the old list is still in use */
    free(memory);
}

static void what_the_pieces_cannot_spell_is_left_out(void) {
    open_bias();
    bias_list_name(&list, 0, 16, "anna");
    bias_list_name(&list, 0, 16, "otto");
    bias_list_name(&list, 0, 16, "an\xc3\xa9");
    bias_list_name(&list, 0, 16, "abba");
    exchange();
    es_bias_counts counts;
    es_bias_count(bias, &counts);
    CHECK_EQ(counts.names, 4);
    CHECK_EQ(counts.unspelled, 2);
    CHECK_EQ(es_bias_unspelled(bias, 0), 1);
    CHECK_EQ(es_bias_unspelled(bias, 2), 2);
    CHECK_EQ(es_bias_unspelled(bias, 3), -1);
    es_bias_way ways[ES_BIAS_WAYS];
    CHECK_EQ(es_bias_spell(&model, "otto", 4, ways), 0);
    CHECK_EQ(bonus_in("abba"), bonus_of("abba", 16));
    free(memory);
}

static void a_name_is_spelled_by_the_likeliest_pieces_and_by_the_longest(void) {
    open_bias();
    es_bias_way ways[ES_BIAS_WAYS];
    uint32_t found = es_bias_spell(&model, "annab", 5, ways);
    CHECK_EQ(found, ES_BIAS_WAYS);
    CHECK_EQ(ways[0].count, 2); /* ▁ annab, or ▁a nn ab … */
    CHECK(strcmp(PIECES[ways[0].label[1]], "annab") == 0);
    /* ▁anne is no beginning of annab: ▁an is the longest */
    CHECK(strcmp(PIECES[ways[found - 1].label[0]], OPEN "an") == 0);
    free(memory);
}

static void a_thousand_names_fit_and_are_exchanged_in_slices(void) {
    open_bias();
    CHECK(es_bias_bytes() <= 65536);
    CHECK(es_bias_ready(bias) == NULL);
    char name[ES_BIAS_TEXT + 1];
    for (int i = 0; i < ES_BIAS_NAMES; i++) {
        int length = (int)check_random(3, 28);
        for (int k = 0; k < length; k++)
            name[k] = word_letters[check_random(0, 3)];
        name[length] = 0;
        if (list.size + 3 + (uint32_t)length <= ES_BIAS_LIST)
            bias_list_name(&list, 0, 16, name);
    }
    CHECK_EQ(list.names, ES_BIAS_NAMES);
    CHECK_EQ(es_bias_set(bias, list.bytes, list.size, NULL, NULL), ES_OK);
    CHECK(es_bias_waits(bias) && es_bias_ready(bias) == NULL);
    es_bias_begin(bias);
    int slices = 0;
    for (bool done = false; !done; slices++) {
        es_work work = {0};
        done = es_bias_build(bias, 5000, &work);
        CHECK(work.instructions < 5000 + 3000);
        CHECK((es_bias_ready(bias) != NULL) == done);
    }
    CHECK(slices > 20);
    CHECK(!es_bias_waits(bias));
    for (uint32_t at = 4; at < list.size; at += 3u + list.bytes[at + 2]) {
        memcpy(name, list.bytes + at + 3, list.bytes[at + 2]);
        name[list.bytes[at + 2]] = 0;
        CHECK_EQ(bonus_in(name), bonus_of(name, 16));
    }
    /* An empty list takes them all away. */
    bias_list_begin(&list);
    exchange();
    CHECK(es_bias_ready(bias) == NULL);
    free(memory);
}

static void more_than_fits_is_refused(void) {
    open_bias();
    uint32_t where;
    for (int i = 0; i <= ES_BIAS_NAMES; i++)
        bias_list_name(&list, 0, 16, "an");
    CHECK_EQ(es_bias_check(list.bytes, list.size, &where), ES_E_FULL);
    bias_list_begin(&list);
    for (int i = 0; i < ES_BIAS_NAMES; i++)
        bias_list_name(&list, 0, 16, "abababababababababab");
    CHECK_EQ(es_bias_check(list.bytes, list.size, &where), ES_E_FULL);
    bias_list_begin(&list);
    for (int k = 1; k <= ES_BIAS_CLASSES; k++) {
        char phrases[200];
        snprintf(phrases, sizeof phrases, "%c%s", 'a' + k, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
        bias_list_class(&list, "k", 16, phrases);
    }
    CHECK_EQ(es_bias_check(list.bytes, list.size, &where), ES_E_FULL); /* 15 * 42 letters of phrases */
    bias_list_begin(&list);
    for (int k = 1; k <= ES_BIAS_CLASSES; k++)
        bias_list_class(&list, "k", 16, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb|bbbbbbbbbbbb|b");
    CHECK_EQ(es_bias_check(list.bytes, list.size, &where), ES_OK); /* common beginnings count once */
    exchange();
    free(memory);
}

static void a_small_arena_is_refused(void) {
    make_model();
    size_t need = es_bias_bytes();
    memory = aligned_alloc(16, need);
    for (size_t bytes = 0; bytes < need; bytes += 512) {
        es_arena_init(&arena, memory, bytes);
        CHECK_EQ(es_bias_init(&bias, &arena, &model), ES_E_MEMORY);
    }
    free(memory);
}

int main(void) {
    RUN(a_whole_name_is_paid_for_and_a_part_is_not);
    RUN(the_longest_name_counts_and_each_letter_once);
    RUN(a_class_opens_behind_its_phrases_alone);
    RUN(a_name_that_fails_gives_its_words_back_to_the_phrases);
    RUN(every_path_is_paid_what_its_text_is_worth);
    RUN(all_spellings_of_a_text_share_a_state);
    RUN(phrases_that_open_alike_share_their_states);
    RUN(bad_lists_are_refused_where_they_are_bad);
    RUN(what_the_pieces_cannot_spell_is_left_out);
    RUN(a_name_is_spelled_by_the_likeliest_pieces_and_by_the_longest);
    RUN(a_thousand_names_fit_and_are_exchanged_in_slices);
    RUN(more_than_fits_is_refused);
    RUN(a_small_arena_is_refused);
    DONE();
}
