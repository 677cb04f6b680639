/* The pipeline from the microphone to events, and its life: listening, mute, end of the sound, reset. */
#include "earshot/runtime.h"
#include "runtime_bench.h"

static void an_utterance_gives_its_events_in_order(void) {
    static const es_event_type order[] = {ES_EVENT_MUSIC_START, ES_EVENT_LISTEN};
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    one_utterance();
    for (int k = 0; k < 2; k++) {
        CHECK(b.heard.event[k].type == order[0] || b.heard.event[k].type == order[1]);
        CHECK_EQ(b.heard.event[k].t, 0);
    }
    CHECK(count(ES_EVENT_PARTIAL) >= 10);
    CHECK_EQ(count(ES_EVENT_SPECULATIVE), 1);
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
    CHECK_EQ(count(ES_EVENT_LISTEN), 1 + count(ES_EVENT_FINAL) + count(ES_EVENT_TIMEOUT));
    CHECK_EQ(find(ES_EVENT_LISTEN, 1)->t, find(ES_EVENT_FINAL, 0)->t);
    CHECK_EQ(find(ES_EVENT_LISTEN, 1)->utterance, 2);
    CHECK_EQ(find(ES_EVENT_FINAL, 0)->reason, ES_END_PAUSE);
    for (int k = 0; k < b.heard.count; k++) {
        CHECK(b.heard.event[k].t <= b.heard.at[k]); /* nothing is told before it was heard */
    }
    CHECK_EQ(stats().underruns, 0);
    CHECK_EQ(stats().frames_late, 0);
    CHECK_EQ(stats().queue_full, 0);
}

static void a_hypothesis_is_coded_in_capture_time(void) {
    int k = 0;
    open_bench(0);
    start();
    run(37, 0); /* listening does not begin at zero */
    es_runtime_listen(b.runtime, true);
    run(60, 0);
    run(6, LOUD);
    run(20, 0);
    while (k < b.heard.count && b.heard.event[k].type != ES_EVENT_PARTIAL) {
        k++;
    }
    CHECK(k < b.heard.count);
    const uint8_t *at = b.heard.hypothesis[k];
    CHECK_EQ(at[0], 1);
    CHECK_EQ(at[1] | at[2] << 8, 1);
    long begin = at[3] | at[4] << 8 | at[5] << 16, end = at[7] | at[8] << 8 | at[9] << 16;
    CHECK(begin >= 90 * 160 && begin <= 97 * 160 && end == begin + 960);
    CHECK_EQ(at[11], 255);
    CHECK_EQ(at[12], 3);
    CHECK(memcmp(at + 13, "hey", 3) == 0);
    CHECK_EQ(b.heard.event[k].hypothesis_bytes, 16);
}

static void silence_is_a_timeout_and_a_muted_microphone_nothing(void) {
    open_bench(0);
    start();
    es_runtime_listen(b.runtime, true);
    run(2 * SECOND, 0);
    CHECK_EQ(count(ES_EVENT_TIMEOUT), 1);
    CHECK_EQ(count(ES_EVENT_FINAL), 0);
    CHECK_EQ(count(ES_EVENT_DUCK), 0);
    es_runtime_mute(b.runtime, true);
    fake_hops = 0;
    run(2 * SECOND, LOUD);
    CHECK_EQ(fake_hops, 0);
    CHECK_EQ(count(ES_EVENT_PARTIAL), 0);
    CHECK_EQ(count(ES_EVENT_TIMEOUT), 2); /* the utterance that was under way */
    CHECK_EQ(find(ES_EVENT_TIMEOUT, 1)->reason, ES_END_INPUT);
    es_runtime_mute(b.runtime, false);
    one_utterance();
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
}

static void a_script_that_stops_listening_at_the_final_hears_no_more(void) {
    open_bench(0);
    start();
    b.heard.stop_after_final = true;
    es_runtime_listen(b.runtime, true);
    one_utterance();
    one_utterance();
    CHECK_EQ(count(ES_EVENT_LISTEN), 1);
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
    CHECK_EQ(b.heard.event[b.heard.count - 2].type, ES_EVENT_FINAL);
    CHECK_EQ(b.heard.event[b.heard.count - 1].type, ES_EVENT_DUCK);
    b.heard.stop_after_final = false;
    es_runtime_listen(b.runtime, true);
    one_utterance();
    CHECK_EQ(find(ES_EVENT_LISTEN, 1)->utterance, 2);
    CHECK_EQ(count(ES_EVENT_FINAL), 2);
}

static void the_end_of_the_sound_ends_the_utterance(void) {
    open_bench(0);
    start();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    run(61, LOUD);
    CHECK(!es_runtime_settled(b.runtime) || count(ES_EVENT_PARTIAL) > 0);
    es_runtime_end_of_sound(b.runtime);
    run(1, 0);
    CHECK(es_runtime_settled(b.runtime));
    CHECK(!es_runtime_listening(b.runtime));
    CHECK_EQ(find(ES_EVENT_FINAL, 0)->reason, ES_END_INPUT);
    CHECK_EQ(count(ES_EVENT_LISTEN), 1);
    run(SECOND, LOUD);
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
}

/* Two utterances wait in the queue when the sound ends: both come out. */
static void what_waits_at_the_end_of_the_sound_is_not_lost(void) {
    open_bench(60);
    fake_step_cost = 6 * 500000;
    start();
    es_runtime_listen(b.runtime, true);
    run(40, 0);
    run(20, LOUD);
    run(60, 0);
    run(20, LOUD);
    es_runtime_end_of_sound(b.runtime);
    run(3 * SECOND, 0);
    CHECK_EQ(count(ES_EVENT_FINAL), 2);
    CHECK_EQ(find(ES_EVENT_FINAL, 0)->reason, ES_END_PAUSE);
    CHECK_EQ(find(ES_EVENT_FINAL, 1)->reason, ES_END_INPUT);
    CHECK(es_runtime_settled(b.runtime));
}

/* A script that breaks in a request of one utterance would have switched listening off at its end. */
static void listening_for_one_utterance_ends_with_the_script(void) {
    for (int once = 0; once < 2; once++) {
        open_bench(0);
        start();
        es_runtime_listen(b.runtime, true);
        es_runtime_once(b.runtime, once == 1);
        run(SECOND, 0);
        run(60, LOUD);
        es_runtime_restarted(b.runtime);
        CHECK_EQ(es_runtime_listening(b.runtime), once == 0);
        run(SECOND, 0);
        CHECK_EQ(count(ES_EVENT_LISTEN), once == 0 ? 2 : 1);
        CHECK_EQ(count(ES_EVENT_FINAL), 1);
        CHECK_EQ(find(ES_EVENT_FINAL, 0)->reason, once == 0 ? ES_END_PAUSE : ES_END_INPUT);
    }
}

static void a_reset_runtime_is_like_a_new_one(void) {
    static heard before;
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    one_utterance();
    before = b.heard;
    memset(&b.heard, 0, sizeof b.heard);
    b.ticks = 0;
    es_runtime_reset(b.runtime);
    CHECK_EQ(stats().t, 0);
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    one_utterance();
    CHECK_EQ(before.count, b.heard.count);
    CHECK(memcmp(before.event, b.heard.event, sizeof before.event) == 0);
}

static void a_wrong_configuration_is_refused(void) {
    static const es_task twice[ES_TASKS] = {ES_TASK_MUSIC, ES_TASK_MUSIC, ES_TASK_CAPTURE, ES_TASK_JAVASCRIPT};
    open_bench(0);
    memcpy(b.config.order, twice, sizeof twice);
    CHECK_EQ(es_runtime_init(&b.runtime, &b.arena, &b.config), ES_E_ARGUMENT);
    open_bench(0);
    b.arena.size -= 16;
    CHECK_EQ(es_runtime_init(&b.runtime, &b.arena, &b.config), ES_E_MEMORY);
    open_bench(0);
    b.config.deliver = NULL;
    CHECK_EQ(es_runtime_init(&b.runtime, &b.arena, &b.config), ES_E_ARGUMENT);
}

static void without_a_model_it_is_a_player(void) {
    open_bench(0);
    b.config.model = NULL;
    CHECK_EQ(es_runtime_init(&b.runtime, &b.arena, &b.config), ES_OK);
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(SECOND, LOUD);
    es_runtime_end_of_sound(b.runtime);
    run(1, 0);
    CHECK_EQ(b.heard.count, 1);
    CHECK_EQ(left_at(15000), LOUD);
    CHECK(es_runtime_settled(b.runtime));
}

int main(void) {
    RUN(an_utterance_gives_its_events_in_order);
    RUN(a_hypothesis_is_coded_in_capture_time);
    RUN(silence_is_a_timeout_and_a_muted_microphone_nothing);
    RUN(a_script_that_stops_listening_at_the_final_hears_no_more);
    RUN(the_end_of_the_sound_ends_the_utterance);
    RUN(what_waits_at_the_end_of_the_sound_is_not_lost);
    RUN(listening_for_one_utterance_ends_with_the_script);
    RUN(a_reset_runtime_is_like_a_new_one);
    RUN(a_wrong_configuration_is_refused);
    RUN(without_a_model_it_is_a_player);
    close_bench();
    DONE();
}
