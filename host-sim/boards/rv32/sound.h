/* The simulated sound device: microphone and speaker on one clock, 10 ms blocks by "DMA" from the tick interrupt.
 * In: mic.pcm, 16 kHz mono. Out: played.pcm, 48 kHz stereo, silence where no block was ready in time.
 * The speaker runs two blocks behind the notice to make one: that is the ring's 20 ms. */
#ifndef EARSHOT_RV32_SOUND_H
#define EARSHOT_RV32_SOUND_H

#include "freertos.h"

/* Opens the files. False: played.pcm can't be written. */
bool es_sound_open(es_runtime *runtime);
/* There is sound for the microphone. */
bool es_sound_speaks(void);
/* From now on blocks come. */
void es_sound_start(void);
/* True: the run is over, all that was played is in the file. */
bool es_sound_finished(void);
/* A console may still give lines: the run goes on. Called by the interrupt. */
extern bool (*es_sound_more_input)(void);
/* The microphone stops after this many blocks, as a broken one does: for the test of it. 0: never. */
void es_sound_break_after(uint32_t blocks);

/* The microphone has stopped. */
bool es_sound_stalled(void);

/* For es_freertos_config. */
es_microphone es_sound_microphone(int16_t *samples);
uint64_t es_sound_speaker(const int16_t *frames);

/* Blocks so far: the board's clock. */
uint32_t es_sound_blocks(void);

#endif
