/* Where a module may hear the virtual microphone and add to the virtual speaker, tick by tick. NULL: nobody does. */
#ifndef EARSHOT_XS_SOUND_TAP_H
#define EARSHOT_XS_SOUND_TAP_H

#include <stdint.h>

typedef struct es_sound_tap {
    void (*microphone)(const int16_t *samples, int count); /* NULL: silence */
    void (*speaker)(int16_t *samples, int count);          /* interleaved stereo, changed in place */
} es_sound_tap;

extern const es_sound_tap *es_board_tap;

#endif
