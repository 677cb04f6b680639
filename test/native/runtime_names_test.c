/* Names in the runtime: exchanged between two utterances, in slices, and no frame or block of music is lost by it. */
#include "earshot/runtime.h"

#include "bias_list.h"
#include "runtime_bench.h"

static bias_list list;
static uint16_t offsets[] = {0, 0, 3, 4, 5};
static char texts[] = "\xe2\x96\x81"
                      "ab";

static void open_with_names(uint32_t mips) {
    open_bench(mips);
    fake_names = NULL;
    b.config.names = true;
    b.model.vocabulary = 3;
    b.model.piece_offsets = offsets;
    b.model.piece_text = texts;
    b.model.bias_weight = 256;
    size_t bytes = es_runtime_bytes(&b.config);
    free(b.arena.base);
    es_arena_init(&b.arena, aligned_alloc(16, bytes), bytes);
    start();
}

static void thousand_names(void) {
    bias_list_begin(&list);
    for (int i = 0; i < ES_BIAS_NAMES; i++) {
        char name[16] = "";
        for (int k = 0; k < 12; k++)
            name[k] = i >> k & 1 ? 'a' : 'b';
        bias_list_name(&list, 0, 16, name);
    }
}

static void names_wait_for_the_next_utterance(void) {
    open_with_names(0);
    thousand_names();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    run(30, LOUD);
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
    run(30, LOUD);
    run(30, 0);
    CHECK(count(ES_EVENT_PARTIAL) > 0 && count(ES_EVENT_FINAL) == 0);
    CHECK(fake_names == NULL);
    run(2 * SECOND, 0);
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
    CHECK(fake_names != NULL);
    /* Taken away again, and kept over a reset. */
    es_runtime_reset(b.runtime);
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    CHECK(fake_names != NULL);
    bias_list_begin(&list);
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
    es_runtime_listen(b.runtime, false);
    run(SECOND, 0);
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    CHECK(fake_names == NULL);
}

static void names_given_before_any_sound_hold_for_the_first_utterance(void) {
    for (int listen_first = 0; listen_first < 2; listen_first++) {
        open_with_names(0);
        thousand_names();
        if (listen_first)
            es_runtime_listen(b.runtime, true);
        CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
        if (!listen_first)
            es_runtime_listen(b.runtime, true);
        run(30, LOUD);
        CHECK(count(ES_EVENT_PARTIAL) > 0 && count(ES_EVENT_LISTEN) == 1);
        CHECK(fake_names != NULL);
        /* So after a reset too, as between two files: what a file's script gives is exchanged anew. */
        bias_list_begin(&list);
        es_runtime_reset(b.runtime);
        CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
        es_runtime_listen(b.runtime, true);
        run(30, LOUD);
        CHECK(fake_names == NULL);
    }
}

static void a_list_that_comes_with_the_first_sound_waits(void) {
    open_with_names(0);
    thousand_names();
    es_runtime_listen(b.runtime, true);
    run(5, 0); /* the third hop makes a frame, six are a step: nothing is decoded yet */
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
    run(30, LOUD);
    CHECK(count(ES_EVENT_PARTIAL) > 0);
    CHECK(fake_names == NULL);
}

static void an_exchange_delays_nothing_that_has_a_deadline(void) {
    open_with_names(60);
    thousand_names();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    for (int turn = 0; turn < 3; turn++) {
        CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
        one_utterance();
    }
    es_runtime_stats s = stats();
    CHECK_EQ(count(ES_EVENT_FINAL), 3);
    CHECK_EQ(s.underruns, 0);
    CHECK_EQ(s.microphone_lost, 0);
    CHECK_EQ(s.shed, 0);
    CHECK(s.longest_slice <= 120000); /* 2 ms */
    CHECK(fake_names != NULL);
}

static void a_list_may_be_made_in_the_room_for_the_next_one(void) {
    open_with_names(0);
    thousand_names();
    for (int turn = 0; turn < 2; turn++) {
        uint8_t *room = es_runtime_names_room(b.runtime);
        memcpy(room, list.bytes, list.size);
        CHECK_EQ(es_runtime_names(b.runtime, room, list.size, NULL), ES_OK);
        es_runtime_listen(b.runtime, true);
        run(SECOND, 0);
        CHECK(fake_names != NULL);
        /* Not made: what is in use stays in use. */
        memset(es_runtime_names_room(b.runtime), 0xff, ES_BIAS_LIST);
        es_runtime_listen(b.runtime, false);
        run(SECOND, 0);
        es_runtime_listen(b.runtime, true);
        run(SECOND, 0);
        CHECK(fake_names != NULL);
        es_runtime_listen(b.runtime, false);
        run(SECOND, 0);
    }
}

static void a_bad_list_changes_nothing(void) {
    uint32_t where;
    open_with_names(0);
    thousand_names();
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_OK);
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size - 1, &where), ES_E_SHORT);
    CHECK_EQ(where, list.size - 1);
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    CHECK(fake_names != NULL);
    open_bench(0);
    start();
    CHECK_EQ(es_runtime_names(b.runtime, list.bytes, list.size, NULL), ES_E_UNSUPPORTED);
    CHECK(es_runtime_names_given(b.runtime) == NULL);
}

int main(void) {
    RUN(names_wait_for_the_next_utterance);
    RUN(names_given_before_any_sound_hold_for_the_first_utterance);
    RUN(a_list_that_comes_with_the_first_sound_waits);
    RUN(an_exchange_delays_nothing_that_has_a_deadline);
    RUN(a_list_may_be_made_in_the_room_for_the_next_one);
    RUN(a_bad_list_changes_nothing);
    close_bench();
    DONE();
}
