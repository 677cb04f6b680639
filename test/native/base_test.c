/* Arena, status names, CRC-32 and fixed-point helpers. */
#include "../../native/base/crc32.h"
#include "check.h"
#include "earshot/base.h"

static _Alignas(16) uint8_t memory[256];

static void blocks_are_aligned_and_zeroed(void) {
    es_arena arena;
    memset(memory, 0xa5, sizeof memory);
    es_arena_init(&arena, memory + 3, sizeof memory - 3);
    CHECK_EQ(arena.size, sizeof memory - 16);
    for (size_t bytes = 1; bytes < 40; bytes += 13) {
        uint8_t *block = es_arena_take(&arena, bytes);
        CHECK_EQ((uintptr_t)block & 15, 0);
        for (size_t i = 0; i < bytes; i++)
            CHECK_EQ(block[i], 0);
    }
    CHECK_EQ(arena.used, es_arena_need(1) + es_arena_need(14) + es_arena_need(27));
}

static void an_exhausted_arena_gives_nothing(void) {
    es_arena arena;
    es_arena_init(&arena, memory, sizeof memory);
    CHECK(es_arena_take(&arena, sizeof memory + 1) == NULL);
    CHECK(es_arena_take(&arena, SIZE_MAX) == NULL);
    CHECK(es_arena_take(&arena, SIZE_MAX - 15) == NULL);
    CHECK(es_arena_take(&arena, sizeof memory) == memory);
    CHECK(es_arena_take(&arena, 1) == NULL);
    es_arena_init(&arena, NULL, 100);
    CHECK(es_arena_take(&arena, 1) == NULL);
    es_arena_init(&arena, memory + 1, 7);
    CHECK(es_arena_take(&arena, 1) == NULL);
}

static void every_status_has_a_name_of_its_own(void) {
    for (int a = ES_E_STATE; a <= ES_OK; a++)
        for (int b = ES_E_STATE; b < a; b++)
            CHECK(strcmp(es_status_name((es_status)a), es_status_name((es_status)b)) != 0);
    CHECK(strcmp(es_status_name(ES_E_CHECKSUM), "CHECKSUM") == 0);
    CHECK(strcmp(es_status_name((es_status)99), "UNKNOWN") == 0);
}

static void crc_is_that_of_zlib_in_any_pieces(void) {
    CHECK_EQ(es_crc32(0, "123456789", 9), 0xcbf43926);
    CHECK_EQ(es_crc32(es_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    CHECK_EQ(es_crc32(0, "", 0), 0);
}

static void rounding_is_half_up_and_limits_hold(void) {
    CHECK_EQ(es_mul_shift(3, 1, 1), 2);
    CHECK_EQ(es_mul_shift(-3, 1, 1), -1);
    CHECK_EQ(es_mul_shift(1 << 24, INT32_MAX, 1), ((int64_t)1 << 24) * INT32_MAX / 2);
    CHECK_EQ(es_mul_shift(-(1 << 24), INT32_MAX, 62), 0);
    CHECK_EQ(es_sat16(40000), 32767);
    CHECK_EQ(es_sat16(-40000), -32768);
    CHECK_EQ(es_sat8(-128), -127);
    CHECK_EQ(es_sat8(128), 127);
}

int main(void) {
    RUN(blocks_are_aligned_and_zeroed);
    RUN(an_exhausted_arena_gives_nothing);
    RUN(every_status_has_a_name_of_its_own);
    RUN(crc_is_that_of_zlib_in_any_pieces);
    RUN(rounding_is_half_up_and_limits_hold);
    DONE();
}
