/* Sharing one CPU by counted work: priorities, overload, underruns, determinism. */
#include "earshot/runtime.h"
#include "runtime_bench.h"

static void overload(const es_task *order) {
    open_bench(60);
    fake_step_cost = 6 * 900000; /* 90 MIPS */
    if (order) {
        memcpy(b.config.order, order, sizeof b.config.order);
    }
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    run(60, LOUD);
    run(SECOND, 0);
    es_runtime_end_of_sound(b.runtime);
    run(5 * SECOND, 0);
}

static void overload_makes_words_late_and_never_the_music(void) {
    es_runtime_stats s;
    overload(NULL);
    s = stats();
    CHECK_EQ(s.underruns, 0);
    CHECK_EQ(s.microphone_lost, 0);
    CHECK(s.frames_late > 5);
    CHECK_EQ(count(ES_EVENT_OVERLOAD), 3); /* each level once: what is left out does not help this one */
    for (int k = 0; k < 3 && k < count(ES_EVENT_OVERLOAD); k++) {
        CHECK_EQ(find(ES_EVENT_OVERLOAD, k)->revision, ES_LOAD_NARROW + k);
    }
    CHECK(find(ES_EVENT_OVERLOAD, 2)->value > 500);
    CHECK_EQ(count(ES_EVENT_RECOVERED), 1);
    CHECK_EQ(count(ES_EVENT_FINAL), 1);
    CHECK(s.longest_frame > 30000000); /* half a second */
    CHECK(s.longest_slice <= 120000);  /* 2 ms */
    CHECK(s.shed > 5);
    CHECK_EQ(s.given_up, 0);
    CHECK(s.busiest_second <= 60000000 && s.busiest_second > 59000000);
}

/* A step of 60 ms in which the full search takes 84 ms of the CPU, and a narrow one 32. */
static void a_narrower_beam_is_enough_and_comes_back_with_patience(void) {
    open_bench(50);
    fake_step_cost = 4200000;
    fake_narrow_cost = 1600000;
    start();
    es_runtime_listen(b.runtime, true);
    for (int k = 0; k < 7; k++) {
        run(SECOND, LOUD);
        run(SECOND, 0);
    }
    int rises = count(ES_EVENT_OVERLOAD);
    for (int k = 0; k < rises; k++) {
        CHECK_EQ(find(ES_EVENT_OVERLOAD, k)->revision, ES_LOAD_NARROW);
        CHECK(find(ES_EVENT_OVERLOAD, k)->value < 300);
    }
    CHECK(rises >= 2 && rises <= 5); /* a second of calm, then two, four, eight */
    CHECK(count(ES_EVENT_RECOVERED) >= rises - 1);
    CHECK(stats().frames_late <= (uint64_t)(3 * rises)); /* it sheds before a backlog grows */
    CHECK(stats().shed > 50);
}

static void nothing_is_shed_where_there_is_time(void) {
    open_bench(250);
    fake_step_cost = 4000000; /* 67 of 250 MIPS */
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    for (int k = 0; k < 3; k++) {
        one_utterance();
    }
    CHECK_EQ(stats().shed, 0);
    CHECK_EQ(stats().frames_late, 0);
    CHECK_EQ(stats().load, ES_LOAD_FULL);
    CHECK_EQ(count(ES_EVENT_OVERLOAD) + count(ES_EVENT_RECOVERED), 0);
}

/* 167 MIPS wanted of 60, whatever is left out, for as long as somebody speaks. */
static void an_utterance_without_hope_ends_with_its_reason(void) {
    open_bench(60);
    fake_step_cost = 10000000;
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(8 * SECOND, LOUD);
    run(6 * SECOND, 0);
    const es_event *final = find(ES_EVENT_FINAL, 0);
    CHECK(final && final->reason == ES_END_OVERLOAD);
    CHECK(stats().given_up >= 1);
    CHECK(count(ES_EVENT_LISTEN) > 1); /* and listening goes on */
    CHECK(find(ES_EVENT_OVERLOAD, 2)->value <= 2600);
    CHECK_EQ(stats().underruns, 0);
    CHECK_EQ(stats().microphone_lost, 0);
    CHECK_EQ(stats().queue_full, 0);
    CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), LOUD);
}

/* Late words say so: nothing is told with a time before what was told already, nor with one so long ago that what it
 * causes would be due in the past. */
static void late_events_are_in_order_and_show_it(void) {
    bool after_overload = false;
    overload(NULL);
    CHECK(count(ES_EVENT_DUCK) == 2 && count(ES_EVENT_PARTIAL) > 5);
    for (int k = 0; k < b.heard.count; k++) {
        const es_event *event = &b.heard.event[k];
        CHECK(event->t <= b.heard.at[k]);
        CHECK(k == 0 || event->t >= event[-1].t);
        /* the script, too, may hear of it a tick later */
        CHECK(event->t + ES_EFFECT_DELAY + ES_TICK_SAMPLES >= b.heard.at[k]);
        if (after_overload && event->type == ES_EVENT_PARTIAL) {
            const uint8_t *at = b.heard.hypothesis[k];
            int64_t begin = at[3] | at[4] << 8 | at[5] << 16;
            CHECK(begin > SECOND * 160 - 960 && begin <= SECOND * 160 + 960); /* the first word's own time */
        }
        after_overload = after_overload || event->type == ES_EVENT_OVERLOAD;
    }
    CHECK(after_overload);
    CHECK_EQ(stats().orders_late, 0);
}

/* The control: with the recogniser above the music the same load must be heard. */
static void a_wrong_order_of_tasks_is_heard_as_underruns(void) {
    static const es_task order[ES_TASKS] = {ES_TASK_CAPTURE, ES_TASK_RECOGNIZER, ES_TASK_MUSIC, ES_TASK_JAVASCRIPT};
    overload(order);
    CHECK(stats().underruns > 50);
    CHECK(count(ES_EVENT_UNDERRUN) > 0);
    CHECK(count(ES_EVENT_UNDERRUN) <= 1 + b.ticks / SECOND); /* at most one a second is told */
}

/* A block of WAV takes 24,480 instructions (music/cost.h): on a CPU with 20,000 a tick 18 % of the blocks are late, and
 * nothing below the music gets any time; with 25,000 none is. */
static void a_cpu_too_slow_for_the_music_alone_underruns(void) {
    for (int k = 0; k < 2; k++) {
        open_bench(2);
        b.config.mips_thousandths = k == 0 ? 0 : 500;
        start();
        play_from_the_beginning();
        es_runtime_listen(b.runtime, true);
        run(4 * SECOND, LOUD);
        CHECK(k == 0 ? stats().underruns >= 64 && stats().underruns <= 80 : stats().underruns == 0);
        CHECK_EQ(es_runtime_position(b.runtime), (400 - (int)stats().underruns) * ES_PLAY_BLOCK);
        CHECK_EQ(k == 0 ? (int)stats().recognizer.instructions : 0, 0);
    }
}

static void played_sound_is_the_same_at_every_speed_that_suffices(void) {
    static int16_t first[MOST_TICKS * 960];
    static const uint32_t speeds[] = {0, 500, 250, 125, 62};
    int ticks = 0;
    for (int k = 0; k < 5; k++) {
        open_bench(speeds[k]);
        start();
        play_from_the_beginning();
        es_runtime_listen(b.runtime, true);
        one_utterance();
        CHECK_EQ(stats().underruns, 0);
        CHECK_EQ(count(ES_EVENT_DUCK), 2);
        if (k == 0) {
            ticks = b.ticks;
            memcpy(first, b.played, (size_t)ticks * 1920);
        }
        CHECK(memcmp(first, b.played, (size_t)ticks * 1920) == 0);
    }
}

static void two_runs_are_equal(void) {
    static int16_t played[MOST_TICKS * 960];
    static heard before;
    for (int k = 0; k < 2; k++) {
        overload(NULL);
        if (k == 0) {
            before = b.heard;
            memcpy(played, b.played, (size_t)b.ticks * 1920);
        }
    }
    CHECK_EQ(before.count, b.heard.count);
    CHECK(memcmp(before.event, b.heard.event, sizeof before.event) == 0);
    CHECK(memcmp(before.at, b.heard.at, sizeof before.at) == 0);
    CHECK(memcmp(played, b.played, (size_t)b.ticks * 1920) == 0);
}

/* JavaScript that takes 80 ms an event: partials are dropped and counted, the final comes. */
static void a_slow_script_still_hears_every_final(void) {
    open_bench(60);
    fake_step_cost = 100000;
    start();
    b.heard.cost = 10 * 600000;
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(50, 0);
    for (int k = 0; k < 2; k++) {
        run(3 * SECOND, LOUD);
        run(SECOND, 0);
    }
    run(5 * SECOND, 0);
    CHECK_EQ(stats().underruns, 0);
    CHECK(stats().queue_full > 0);
    CHECK_EQ(count(ES_EVENT_FINAL), 2);
    CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), LOUD); /* ducking does not wait for the script */
}

static void capture_that_gets_no_time_loses_blocks_and_counts_them(void) {
    open_bench(60);
    fake_hop_cost = 900000;
    start();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    CHECK(stats().microphone_lost > 10 && stats().microphone_lost < 60);
}

int main(void) {
    RUN(nothing_is_shed_where_there_is_time);
    RUN(a_narrower_beam_is_enough_and_comes_back_with_patience);
    RUN(an_utterance_without_hope_ends_with_its_reason);
    RUN(overload_makes_words_late_and_never_the_music);
    RUN(late_events_are_in_order_and_show_it);
    RUN(a_wrong_order_of_tasks_is_heard_as_underruns);
    RUN(a_cpu_too_slow_for_the_music_alone_underruns);
    RUN(played_sound_is_the_same_at_every_speed_that_suffices);
    RUN(two_runs_are_equal);
    RUN(a_slow_script_still_hears_every_final);
    RUN(capture_that_gets_no_time_loses_blocks_and_counts_them);
    close_bench();
    DONE();
}
