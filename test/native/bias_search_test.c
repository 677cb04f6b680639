/* Names in the search of a random network: every path of every lattice carries just the bonus that its pieces earn. */
#include "earshot/bias.h"
#include "earshot/lattice.h"
#include "earshot/recognizer.h"

#include "../../native/decoder/bias.h"
#include "bias_list.h"
#include "check.h"

static es_model model;
static es_bias *bias;
static es_recognizer *recognizer;
static es_lattice lattice;
static es_nbest memory;
static void *data, *room;

static void open_search(uint8_t width) {
    size_t bytes;
    es_arena arena;
    data = check_load(ES_GOLDEN "/small.esm", &bytes);
    CHECK_EQ(es_model_open(&model, data, bytes, NULL), ES_OK);
    model.blank_penalty = 1500;
    es_recognizer_config config = {.frame_queue = 64, .max_words = 200, .search = {.width = width}};
    size_t need = es_recognizer_bytes(&model, &config) + es_bias_bytes();
    room = aligned_alloc(16, need);
    es_arena_init(&arena, room, need);
    CHECK_EQ(es_recognizer_init(&recognizer, &arena, &model, &config), ES_OK);
    CHECK_EQ(es_bias_init(&bias, &arena, &model), ES_OK);
}

static void close_search(void) {
    free(room);
    free(data);
}

/* A name of what some pieces spell, without their spaces. */
static bool random_name(char *name) {
    size_t used = 0;
    for (int k = (int)check_random(1, 3); k > 0; k--) {
        uint16_t label = (uint16_t)check_random(1, model.vocabulary);
        for (uint32_t i = model.piece_offsets[label]; i < model.piece_offsets[label + 1] && used < 30; i++) {
            if ((uint8_t)model.piece_text[i] == 0xe2)
                i += 2;
            else
                name[used++] = model.piece_text[i];
        }
    }
    name[used] = 0;
    return used > 0;
}

static void take_names(int count, uint8_t weight) {
    static bias_list list;
    es_work work = {0};
    bias_list_begin(&list);
    for (int i = 0; i < count; i++) {
        char name[64];
        if (random_name(name))
            bias_list_name(&list, 0, weight, name);
    }
    CHECK_EQ(es_bias_set(bias, list.bytes, list.size, NULL, NULL), ES_OK);
    es_bias_begin(bias);
    CHECK(es_bias_build(bias, 0, &work));
    es_recognizer_hooks(recognizer, es_bias_ready(bias), NULL);
}

static int64_t earned(const es_path *path) {
    int64_t sum = 0;
    uint32_t state = 0;
    for (uint16_t i = 0; i < path->edges; i++) {
        const es_lattice_edge *edge = &lattice.edge[path->edge[i]];
        for (uint16_t k = 0; k < edge->pieces; k++) {
            int32_t score;
            uint32_t next;
            es_bias_step(bias, state, lattice.pieces[edge->piece_at + k], &next, &score);
            state = next;
            sum += score;
        }
    }
    return sum + es_bias_end(bias, state);
}

static unsigned paths_seen, paths_paid;

static void check_lattice(const es_recognizer_event *event) {
    static es_path paths[ES_NBEST];
    if (!CHECK(event->lattice != NULL) ||
        !CHECK_EQ(es_lattice_read(&lattice, event->lattice, event->lattice_bytes, NULL), ES_OK))
        return;
    uint16_t found = es_lattice_nbest(&lattice, NULL, &memory, paths, ES_NBEST, NULL);
    for (uint16_t i = 0; i < found; i++) {
        int64_t sum = 0;
        for (uint16_t k = 0; k < paths[i].edges; k++)
            sum += lattice.edge[paths[i].edge[k]].bias;
        CHECK_EQ(sum, earned(&paths[i]));
        paths_seen++;
        paths_paid += sum > 0;
    }
}

/* Finals of random frames; the text of the last one. */
static void hear(int frames, char text[4096]) {
    es_work work = {0};
    es_recognizer_start(recognizer, 1);
    text[0] = 0;
    for (int i = 0; i <= frames; i++) {
        int8_t frame[ES_FEATURE_BINS];
        es_recognizer_event event;
        for (int k = 0; k < ES_FEATURE_BINS; k++)
            frame[k] = (int8_t)check_random(-127, 127);
        if (i == frames)
            es_recognizer_finish(recognizer);
        else
            es_recognizer_push(recognizer, frame);
        while (es_recognizer_busy(recognizer)) {
            es_recognizer_step(recognizer, 0, &work);
            while (es_recognizer_poll(recognizer, &event)) {
                if (event.type != ES_FINAL || event.text_length == 0)
                    continue;
                check_lattice(&event);
                snprintf(text, 4096, "%.*s", event.text_length, event.text);
            }
        }
    }
}

static void every_path_of_a_lattice_carries_what_it_earns(void) {
    char text[4096];
    for (uint8_t width = 1; width <= 8; width *= 2) {
        open_search(width);
        for (int turn = 0; turn < 12; turn++) {
            take_names((int)check_random(1, 60), (uint8_t)check_random(4, 60));
            hear(120, text);
        }
        close_search();
    }
    CHECK(paths_seen > 200);
    CHECK(paths_paid > 20);
}

/* The heavier the names, the more of them are heard; the same frames each time. */
static void heavier_names_are_heard_more_often(void) {
    unsigned paid[2] = {0, 0};
    char text[4096];
    open_search(4);
    for (int turn = 0; turn < 8; turn++) {
        uint64_t before = check_state;
        for (int heavy = 0; heavy < 2; heavy++) {
            check_state = before;
            paths_paid = 0;
            take_names(40, heavy ? 64 : 2);
            hear(120, text);
            paid[heavy] += paths_paid;
        }
    }
    if (!CHECK(paid[1] > paid[0]))
        printf("    %u with light names, %u with heavy ones\n", paid[0], paid[1]);
    close_search();
}

int main(void) {
    RUN(every_path_of_a_lattice_carries_what_it_earns);
    RUN(heavier_names_are_heard_more_often);
    DONE();
}
