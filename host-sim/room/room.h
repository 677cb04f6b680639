/* A simulated room for the virtual microphone: it adds the speaker's own sound, as the room gives it back, to what is
 * said. Host only; after es_room_new integer arithmetic alone, so the same input gives the same sound everywhere. */
#ifndef EARSHOT_ROOM_H
#define EARSHOT_ROOM_H

#include <stdint.h>

#define ES_ROOM_PLAYED 480 /* stereo frames of 48 kHz in a tick */
#define ES_ROOM_HEARD 160  /* samples of 16 kHz in a tick */

typedef struct es_room es_room;

/* `rt60`: seconds in which the reverberation falls by 60 dB, 0 (a dead room) to 5. `db`: level of the speaker's sound
 * at the microphone against the level it was played with (root mean square of both channels together), -60 to 40.
 * NULL: no memory. */
es_room *es_room_new(double rt60, double db);
void es_room_delete(es_room *room);
/* One tick: `played` (interleaved stereo) is what the speaker played in the tick before, `microphone` (NULL: silence)
 * what was said, `heard` the sum, which saturates. */
void es_room_hear(es_room *room, const int16_t *played, const int16_t *microphone, int16_t *heard);

#endif
