/* The virtual board's sound for scripts: one microphone and one speaker, each with a ring between the tick and the
 * script. What does not fit in the microphone's ring is lost, oldest first, and counted. */
#ifndef EARSHOT_AUDIO_TAP_H
#define EARSHOT_AUDIO_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: somebody has it already. */
bool es_audio_take_in(void);
bool es_audio_take_out(void);
void es_audio_leave_in(void);
void es_audio_leave_out(void);
void es_audio_run_in(bool on);
void es_audio_run_out(bool on);

/* Microphone: s16le mono 16 kHz. */
size_t es_audio_in_bytes(void);
void es_audio_in_pull(void *data, size_t bytes); /* at most es_audio_in_bytes() */
uint64_t es_audio_in_lost_samples(void);

/* Speaker: s16le stereo 48 kHz, added to what the firmware plays. */
size_t es_audio_out_bytes(void);                        /* space */
void es_audio_out_push(const void *data, size_t bytes); /* at most es_audio_out_bytes() */
void es_audio_out_level(int32_t q15);

#endif
