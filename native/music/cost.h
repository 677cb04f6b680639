/* Nominal RV32IMAC instructions of the music task, charged per block (base.h, es_work).
 * Counted under qemu-system-riscv32 -icount shift=0 (virtual nanoseconds = instructions), gcc 12.2 -O2
 * -march=rv32imac, libopus 1.3.1 in fixed point, on 2 to 6 s of music and speech; the decoder's cost is nearly a
 * straight line in samples and bytes, so one number for each kind of frame and one for a byte of it do:
 *
 *   source                          kbit/s  counted a sample   by this table
 *   CELT stereo, 20 ms              32..192      580..750         581..753
 *   CELT mono, 20 ms                 32..96      309..367         316..383
 *   hybrid mono, 60 ms / 20 ms      24 / 14      454 / 437        467 / 456
 *   hybrid stereo                   22 / 40      801 / 928        914 / 933
 *   SILK wide band mono / stereo    14 / 20      223 / 366        228 / 377
 *
 * x86-64 (callgrind, gcc -O2) needs 0.72 of these. */
#ifndef EARSHOT_MUSIC_COST_H
#define EARSHOT_MUSIC_COST_H

/* A sample at 48 kHz (all channels of it). */
#define ES_COST_CELT_MONO 280
#define ES_COST_CELT_STEREO 545
#define ES_COST_HYBRID_MONO 440
#define ES_COST_HYBRID_STEREO 890
#define ES_COST_SILK_MONO 215
#define ES_COST_SILK_STEREO 360
/* A byte of an Opus frame. */
#define ES_COST_OPUS_BYTE 430
/* A byte of an Ogg page looked at: the checksum, two table steps. */
#define ES_COST_OGG_BYTE 14
/* A frame of 48 kHz stereo. */
#define ES_COST_WAV_FRAME 15
#define ES_COST_MIX_FRAME 36

#endif
