/* Understanding's promises with the released file: texts to intents and slots, a right second hypothesis that wins,
 * words near a closed menu, what is too long or no text, damaged files, bounded work. */
#include "check.h"
#include "earshot/understanding.h"

#define MOST_INSTRUCTIONS 1250000 /* 5 ms at 250 MIPS */

static es_understanding_model model;
static es_understanding understanding;
static es_understood understood;

static void open_released(void) {
    static _Alignas(16) uint8_t memory[1 << 18];
    static uint8_t *file;
    size_t bytes, where = 0;
    es_arena arena;
    file = check_load(ES_MODELS "/understanding.esu", &bytes);
    CHECK_EQ(es_understanding_open(&model, file, bytes, &where), ES_OK);
    CHECK(bytes <= 150 * 1024);
    CHECK(es_understanding_bytes() <= sizeof memory);
    es_arena_init(&arena, memory, sizeof memory);
    CHECK_EQ(es_understanding_init(&understanding, &arena, &model), ES_OK);
}

static bool understands(const char *text, const char *intent, const char *const *slots) {
    understanding.work = (es_work){0};
    if (es_understand_text(&understanding, text, strlen(text), &understood) != ES_OK)
        return false;
    if (strcmp(understood.refused ? "none" : es_intent_name(&model, understood.intent), intent) != 0)
        return false;
    for (; slots != NULL && *slots != NULL; slots += 2) {
        bool found = false;
        for (uint8_t i = 0; i < understood.slot_count; i++) {
            const es_slot *slot = &understood.slot[i];
            found =
                found || (strcmp(es_slot_name(&model, slot->slot), slots[0]) == 0 && strlen(slots[1]) == slot->bytes &&
                          memcmp(slots[1], understood.values + slot->at, slot->bytes) == 0);
        }
        if (!found)
            return false;
    }
    return understanding.work.instructions <= MOST_INSTRUCTIONS;
}

#define SLOTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void texts_become_intents_with_slots(void) {
    CHECK(understands("set a timer for ten minutes", "timerSet", SLOTS("duration", "ten minutes")));
    CHECK(understands("turn on the kitchen light", "deviceOn", SLOTS("room", "kitchen", "device", "light")));
    CHECK(understands("stop", "stop", NULL));
    CHECK(understands("volume up", "volumeChange", SLOTS("direction", "up")));
    CHECK(understands("set the volume to thirty percent", "volumeSet", SLOTS("level", "thirty percent")));
    CHECK(understands("wake me up at seven thirty tomorrow", "alarmSet",
                      SLOTS("time", "seven thirty", "day", "tomorrow")));
    CHECK(understands("what's the weather in london", "weather", SLOTS("place", "london")));
    CHECK(understands("add milk to my shopping list", "listAdd", SLOTS("item", "milk", "list", "shopping")));
    CHECK(understands("what is my bank balance", "none", NULL));
    CHECK(understands("snooze the alarm for five minutes", "none", NULL));
}

static void orders_snap_to_the_menu(void) {
    CHECK(understands("can i get a triple shot light roast iced coffee with a bit of brown sugar", "orderDrink",
                      SLOTS("numberOfShots", "triple shot", "roast", "light roast", "coffeeDrink", "iced coffee",
                            "sugarAmount", "a bit of brown sugar")));
    CHECK(understands("get me a doble shot latty with soy milk", "orderDrink",
                      SLOTS("numberOfShots", "double shot", "coffeeDrink", "latte", "milkAmount", "soy milk")));
    CHECK(understands("i want a twelve ounce capo chino with some almond milk and sweetener", "orderDrink",
                      SLOTS("size", "twelve ounce", "coffeeDrink", "cappuccino", "milkAmount", "some almond milk",
                            "sugarAmount", "sweetener")));
}

/* Words as pieces; each place has one or two. */
static const char *const WORDS[] = {"brew", "a", "single", "shot", "small", "double", "mocha", "with", "milk"};
static char spelled[128];
static uint16_t offsets[12];

static es_spelling spelling_of_words(void) {
    size_t at = 0;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        offsets[i + 1] = (uint16_t)at;
        at += (size_t)sprintf(spelled + at, "\u2581%s", WORDS[i]);
        offsets[i + 2] = (uint16_t)at;
    }
    return (es_spelling){offsets, spelled, sizeof WORDS / sizeof *WORDS};
}

/* "brew a single shot small [double shot] mocha": two ways of unequal weight around the bracket. */
static int32_t two_readings(uint8_t *coded, int32_t with, int32_t without) {
    static es_lattice l;
    static const uint8_t words[][4] = {{0, 1, 1, 0}, {1, 2, 2, 0}, {2, 3, 3, 0}, {3, 4, 4, 0},
                                       {4, 5, 5, 0}, {5, 6, 6, 1}, {5, 7, 7, 2}, {6, 7, 7, 0}};
    memset(&l, 0, sizeof l);
    l.nodes = 8;
    for (uint16_t e = 0; e < 8; e++) {
        const uint8_t *w = words[e];
        l.edge[l.edges] = (es_lattice_edge){.from = w[0],
                                            .to = w[1],
                                            .piece_at = l.piece_count,
                                            .pieces = 1,
                                            .acoustic = w[3] == 1   ? with
                                                        : w[3] == 2 ? without
                                                                    : 0};
        l.pieces[l.piece_count++] = w[2];
        l.edges++;
    }
    for (uint16_t n = 0, e = 0; n < 8; n++) {
        l.time[n] = 30 * n;
        while (e < l.edges && l.edge[e].from < n)
            e++;
        l.first_edge[n] = e;
    }
    l.first_edge[8] = l.edges;
    for (uint16_t e = 0; e < l.edges; e++) {
        l.edge[e].start = l.time[l.edge[e].from];
        l.edge[e].end = l.time[l.edge[e].to];
    }
    es_lattice_sort(&l);
    return es_lattice_write(&l, coded, ES_LATTICE_BYTES);
}

static void a_right_second_hypothesis_wins(void) {
    uint8_t coded[ES_LATTICE_BYTES];
    es_spelling spelling = spelling_of_words();
    int32_t bytes = two_readings(coded, -523, -938); /* 60 % and 40 % */
    CHECK(bytes > 0);
    CHECK_EQ(es_understand_lattice(&understanding, coded, (size_t)bytes, &spelling, &understood), ES_OK);
    CHECK_EQ(understood.reading, 1);
    CHECK_EQ(understood.readings, 2);
    CHECK(memcmp(understood.text, "brew a single shot small mocha", understood.text_bytes) == 0);
    CHECK_EQ(understood.slot_count, 3);
}

static void what_is_no_request_has_a_status(void) {
    char text[ES_UNDERSTANDING_TEXT + 8];
    CHECK_EQ(es_understand_text(&understanding, "", 0, &understood), ES_OK);
    CHECK(understood.refused);
    CHECK_EQ(es_understand_text(&understanding, "Play", 4, &understood), ES_E_ARGUMENT);
    CHECK_EQ(es_understand_text(&understanding, "a  b", 4, &understood), ES_E_ARGUMENT);
    CHECK_EQ(es_understand_text(&understanding, " a", 2, &understood), ES_E_ARGUMENT);
    memset(text, 'a', sizeof text);
    CHECK_EQ(es_understand_text(&understanding, text, 31, &understood), ES_E_ARGUMENT);
    CHECK_EQ(es_understand_text(&understanding, text, sizeof text, &understood), ES_E_FULL);
    for (size_t i = 1; i < 2 * 49; i += 2)
        text[i] = ' ';
    CHECK_EQ(es_understand_text(&understanding, text, 2 * 48 - 1, &understood), ES_OK);
    CHECK_EQ(es_understand_text(&understanding, text, 2 * 49 - 1, &understood), ES_E_FULL);
    uint8_t junk[16] = {9};
    es_spelling spelling = spelling_of_words();
    CHECK(es_understand_lattice(&understanding, junk, sizeof junk, &spelling, &understood) != ES_OK);
}

static void slots_are_words_of_the_text(void) {
    static const char *const words[] = {"turn", "on",   "the",  "play", "light", "ten",     "minutes",
                                        "call", "anna", "to",   "list", "zyx",   "weather", "in",
                                        "at",   "with", "milk", "a",    "latte", "alarm"};
    for (int n = 0; n < 3000; n++) {
        char text[400];
        size_t at = 0;
        for (int64_t i = check_random(1, 40); i > 0; i--)
            at += (size_t)sprintf(text + at, "%s%s", at > 0 ? " " : "", words[check_random(0, 19)]);
        if (!CHECK_EQ(es_understand_text(&understanding, text, at, &understood), ES_OK))
            return;
        CHECK(memcmp(understood.text, text, at) == 0);
        bool menu = strcmp(es_intent_name(&model, understood.intent), "orderDrink") == 0;
        for (uint8_t i = 0; i < understood.slot_count && !menu; i++) {
            char value[400];
            snprintf(value, sizeof value, "%.*s", understood.slot[i].bytes, understood.values + understood.slot[i].at);
            CHECK(strstr(text, value) != NULL);
        }
    }
}

static void a_damaged_file_is_refused_whole(void) {
    size_t bytes;
    uint8_t *file = check_load(ES_GOLDEN "/tiny.esu", &bytes);
    es_understanding_model other;
    CHECK_EQ(es_understanding_open(&other, file, bytes, NULL), ES_OK);
    for (size_t cut = 0; cut < bytes; cut += 97)
        CHECK(es_understanding_open(&other, file, cut, NULL) != ES_OK);
    for (size_t at = 0; at < bytes; at += 31) {
        file[at] ^= 0x41;
        CHECK(es_understanding_open(&other, file, bytes, NULL) != ES_OK);
        CHECK(other.names == NULL);
        file[at] ^= 0x41;
    }
    CHECK_EQ(es_understanding_open(&other, file + 1, bytes - 1, NULL), ES_E_ARGUMENT);
    free(file);
}

int main(void) {
    open_released();
    RUN(texts_become_intents_with_slots);
    RUN(orders_snap_to_the_menu);
    RUN(a_right_second_hypothesis_wins);
    RUN(what_is_no_request_has_a_status);
    RUN(slots_are_words_of_the_text);
    RUN(a_damaged_file_is_refused_whole);
    DONE();
}
