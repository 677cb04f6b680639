/* What is played: orders at their sample, volume, ducking, prompts. */
#include "earshot/runtime.h"
#include "runtime_bench.h"

static void ducking_comes_at_a_fixed_distance_and_goes(void) {
    const es_event *first, *final;
    int64_t on, off;
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    one_utterance();
    first = find(ES_EVENT_PARTIAL, 0);
    final = find(ES_EVENT_FINAL, 0);
    on = first->t + ES_EFFECT_DELAY;
    off = final->t + ES_EFFECT_DELAY;
    CHECK_EQ(count(ES_EVENT_DUCK), 2);
    CHECK_EQ(find(ES_EVENT_DUCK, 0)->t, on);
    CHECK_EQ(find(ES_EVENT_DUCK, 0)->value, 1);
    CHECK_EQ(find(ES_EVENT_DUCK, 1)->t, off);
    CHECK_EQ(find(ES_EVENT_DUCK, 1)->value, 0);
    CHECK_EQ(find(ES_EVENT_DUCK, 1)->utterance, 1); /* not that of the utterance that has begun since */
    CHECK_EQ(left_at(0), LOUD);                     /* sample-exact from the first frame on */
    CHECK_EQ(left_at(on - 1), LOUD);
    CHECK(left_at(on + 1) < LOUD);
    CHECK_EQ(left_at(on + 960), DUCKED);
    CHECK_EQ(left_at(off - 1), DUCKED);
    CHECK(left_at(off + 1) > DUCKED);
    CHECK_EQ(left_at(off + 4800), LOUD);
}

/* Every way out of an utterance; afterwards the music is as loud as before. */
static void ducking_is_given_back_on_every_way_out(void) {
    for (int way = 0; way < 6; way++) {
        open_bench(0);
        start();
        play_from_the_beginning();
        es_runtime_listen(b.runtime, true);
        run(SECOND, 0);
        run(50, LOUD);
        CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), DUCKED);
        switch (way) {
        case 0: /* final by a pause */
            break;
        case 1:
            es_runtime_listen(b.runtime, false);
            break;
        case 2:
            es_runtime_mute(b.runtime, true);
            break;
        case 3:
            es_runtime_end_of_sound(b.runtime);
            break;
        case 4: /* JavaScript ducks too, and dies */
            es_runtime_duck(b.runtime, true, stats().t);
            run(2, LOUD);
            es_runtime_duck(b.runtime, true, stats().t + 300000);
            es_runtime_restarted(b.runtime);
            break;
        default: /* listening off and on again */
            es_runtime_listen(b.runtime, false);
            es_runtime_listen(b.runtime, true);
            break;
        }
        run(2 * SECOND, 0);
        CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), LOUD);
        CHECK_EQ(find(ES_EVENT_DUCK, count(ES_EVENT_DUCK) - 1)->value, 0);
        CHECK_EQ(count(ES_EVENT_FINAL), 1);
    }
}

static void a_reset_of_the_speculative_end_keeps_ducking(void) {
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    run(30, LOUD);
    run(33, 0);
    run(30, LOUD);
    CHECK_EQ(count(ES_EVENT_SPECULATIVE), 1);
    CHECK_EQ(count(ES_EVENT_RESET), 1);
    CHECK_EQ(count(ES_EVENT_DUCK), 1);
    run(2 * SECOND, 0);
    CHECK_EQ(find(ES_EVENT_FINAL, 0)->revision, 1);
    CHECK_EQ(count(ES_EVENT_DUCK), 2);
}

static void volume_changed_while_ducked_is_the_volume_proper(void) {
    int64_t now;
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    run(SECOND, 0);
    run(60, LOUD);
    now = stats().t;
    es_runtime_volume(b.runtime, 16384, now + 160);
    run(10, LOUD);
    CHECK_EQ(left_at(now + 159), DUCKED);
    CHECK_EQ(left_at(now + 160 + 480), (DUCKED + 1) / 2);
    run(3 * SECOND, 0);
    CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), LOUD / 2);
    CHECK_EQ(es_runtime_level(b.runtime), 16384);
}

static void the_script_may_duck_as_well(void) {
    open_bench(0);
    start();
    play_from_the_beginning();
    run(10, 0);
    es_runtime_duck(b.runtime, true, 3200);
    es_runtime_duck(b.runtime, false, 9601);
    run(SECOND, 0);
    CHECK_EQ(left_at(3199), LOUD);
    CHECK_EQ(left_at(3200 + 960), DUCKED);
    CHECK_EQ(left_at(9600), DUCKED);
    CHECK_EQ(left_at(9601 + 4800), LOUD);
    CHECK_EQ(find(ES_EVENT_DUCK, 1)->t, 9601);
}

static void a_prompt_over_music_at_full_volume_saturates(void) {
    size_t bytes, loud_bytes;
    uint8_t *prompt = make_piece(4800, 30000, &bytes), *music = make_piece(48000, 30000, &loud_bytes);
    open_bench(0);
    start();
    CHECK_EQ(es_runtime_play(b.runtime, music, loud_bytes, 0, 0), ES_OK);
    run(1, 0);
    const es_clip clip = {prompt, (uint32_t)bytes, 4800 / 3};
    CHECK_EQ(es_runtime_prompt(b.runtime, &clip, 1, 4000), ES_OK);
    run(50, 0);
    CHECK_EQ(left_at(3999), 30000);
    CHECK_EQ(left_at(4000), 32767);
    CHECK_EQ(left_at(4000 + 1599), 32767);
    CHECK_EQ(left_at(4000 + 1600), 30000);
    free(prompt);
    free(music);
}

static void clips_follow_each_other_without_a_gap_and_can_be_stopped(void) {
    size_t low_bytes, high_bytes;
    uint8_t *low = make_piece(4800, 1000, &low_bytes), *high = make_piece(9600, 2000, &high_bytes);
    const es_clip clips[] = {{low, (uint32_t)low_bytes, 1600}, {high, (uint32_t)high_bytes, 3200}};
    open_bench(0);
    start();
    run(1, 0);
    CHECK_EQ(es_runtime_prompt(b.runtime, clips, 2, 4000), ES_OK);
    CHECK_EQ(es_runtime_prompt(b.runtime, clips, 1, 16000), ES_OK);
    CHECK_EQ(es_runtime_prompt(b.runtime, clips, 1, 24000), ES_OK);
    CHECK_EQ(es_runtime_prompt(b.runtime, clips, 1, 32000), ES_E_FULL);
    CHECK_EQ(es_runtime_prompt(b.runtime, clips, 0, 4000), ES_E_ARGUMENT);
    es_runtime_prompt_stop(b.runtime, 20000);
    run(200, 0);
    CHECK_EQ(left_at(3999), 0);
    CHECK_EQ(left_at(4000), 1000);
    CHECK_EQ(left_at(4000 + 1599), 1000);
    CHECK_EQ(left_at(4000 + 1600), 2000);
    CHECK_EQ(left_at(4000 + 4799), 2000);
    CHECK_EQ(left_at(4000 + 4800), 0);
    CHECK_EQ(left_at(16000), 1000);
    CHECK_EQ(left_at(24000), 0); /* taken back by the stop */
    free(low);
    free(high);
}

static void orders_take_effect_at_their_sample(void) {
    size_t bytes;
    uint8_t *other = make_piece(4803, 500, &bytes);
    open_bench(0);
    start();
    run(10, 0);
    CHECK_EQ(es_runtime_play(b.runtime, b.piece, b.piece_bytes, 48000, 8001), ES_OK);
    es_runtime_pause(b.runtime, true, 16001);
    es_runtime_pause(b.runtime, false, 24001);
    CHECK_EQ(es_runtime_play(b.runtime, other, bytes, 0, 40001), ES_OK);
    run(4 * SECOND, 0);
    CHECK_EQ(b.played[6 * 8001 - 1], 0);
    CHECK(b.played[6 * 8001 + 2] > 0); /* a short fade, as it begins in the middle */
    CHECK_EQ(left_at(8001 + 80), LOUD);
    CHECK_EQ(left_at(16001), LOUD - (LOUD + 479) / 480);
    CHECK_EQ(left_at(16001 + 160), 0);
    CHECK_EQ(left_at(24000), 0);
    CHECK_EQ(left_at(24001 + 160), LOUD);
    CHECK_EQ(left_at(40001 - 1600), 0); /* the old piece has made room */
    CHECK_EQ(left_at(40000), 0);
    CHECK_EQ(b.played[6 * 40001], 500); /* exact from the first frame on */
    CHECK_EQ(b.played[6 * 40001 + 2 * 4802], 500);
    CHECK_EQ(b.played[6 * 40001 + 2 * 4803], 0);
    CHECK_EQ(count(ES_EVENT_MUSIC_START), 2);
    CHECK_EQ(find(ES_EVENT_MUSIC_START, 0)->t, 8001);
    CHECK_EQ(find(ES_EVENT_MUSIC_END, 0)->t, 40001 - 1600 - 160);
    CHECK_EQ(find(ES_EVENT_MUSIC_END, 0)->value, 2);
    CHECK_EQ(find(ES_EVENT_MUSIC_END, 1)->value, 0);
    CHECK_EQ(count(ES_EVENT_MUSIC_END), 2);
    CHECK_EQ(es_runtime_position(b.runtime), 4803);
    CHECK_EQ(es_runtime_music(b.runtime), ES_MUSIC_STOPPED);
    CHECK_EQ(stats().orders_late, 0);
    free(other);
}

static void what_cannot_be_played_is_refused_or_told(void) {
    uint8_t rubbish[64] = "RIFF....WAVEfmt nonsense";
    open_bench(0);
    start();
    CHECK(es_runtime_play(b.runtime, rubbish, sizeof rubbish, 0, 0) != ES_OK);
    CHECK_EQ(es_runtime_play(b.runtime, "x", 1, 0, 0), ES_E_MAGIC);
    es_runtime_stop(b.runtime, 0);
    run(10, 0);
    CHECK_EQ(b.heard.count, 0);
    play_from_the_beginning();
    run(20, 0);
    es_runtime_stop(b.runtime, 0); /* long past: at once, and counted */
    run(10, 0);
    CHECK_EQ(find(ES_EVENT_MUSIC_END, 0)->value, 1);
    CHECK(stats().orders_late >= 1);
    CHECK_EQ(left_at((int64_t)b.ticks * 160 - 1), 0);
}

static void too_many_orders_are_counted_and_ducking_still_works(void) {
    open_bench(0);
    start();
    play_from_the_beginning();
    es_runtime_listen(b.runtime, true);
    for (int k = 0; k < 100; k++) {
        es_runtime_volume(b.runtime, 32768, 10000000 + k);
    }
    CHECK_EQ(es_runtime_play(b.runtime, b.piece, b.piece_bytes, 0, 10000000), ES_E_FULL);
    CHECK(stats().queue_full > 50);
    one_utterance();
    CHECK_EQ(count(ES_EVENT_DUCK), 2);
    CHECK_EQ(left_at((int64_t)b.ticks * 160 - 10), LOUD);
}

int main(void) {
    RUN(ducking_comes_at_a_fixed_distance_and_goes);
    RUN(ducking_is_given_back_on_every_way_out);
    RUN(a_reset_of_the_speculative_end_keeps_ducking);
    RUN(volume_changed_while_ducked_is_the_volume_proper);
    RUN(the_script_may_duck_as_well);
    RUN(a_prompt_over_music_at_full_volume_saturates);
    RUN(clips_follow_each_other_without_a_gap_and_can_be_stopped);
    RUN(orders_take_effect_at_their_sample);
    RUN(what_cannot_be_played_is_refused_or_told);
    RUN(too_many_orders_are_counted_and_ducking_still_works);
    close_bench();
    DONE();
}
