#include "sound.h"

#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "cpu.h"
#include "semihosting.h"
#include "serial.h"

#define MS_A_BLOCK 10
#define RING 2               /* blocks of the speaker */
#define MICROPHONE 8         /* blocks that wait for the capture task */
#define STALLED 50           /* blocks without sound: the microphone counts as stopped, and what was heard ends there */
#define TAIL 200             /* a run goes on for 2 s after its last input */
#define LATEST (60 * 100)    /* ... and no longer than this for words of a slow CPU */
#define PATIENCE (120 * 100) /* blocks after the end of all input: then the run has hung */

typedef struct playing {
    uint32_t block; /* of which notice */
    int16_t frames[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
} playing;

static struct {
    es_runtime *runtime;
    volatile bool on;
    int heard, played;         /* files */
    uint32_t milliseconds;     /* of the block under way */
    volatile uint32_t blocks;  /* notices given */
    uint32_t consumed;         /* blocks that the speaker took, or missed */
    volatile uint64_t missing; /* of them */
    uint32_t made;             /* by the music task */
    playing ring[RING];
    volatile uint32_t taken, come; /* microphone blocks: out of the queue, into it */
    int16_t microphone[MICROPHONE][ES_TICK_SAMPLES];
    uint8_t kind[MICROPHONE];
    uint32_t lost; /* microphone blocks that found the queue full, not told yet */
    size_t left;   /* bytes of the file */
    bool ended;    /* the file has no more */
    bool told;     /* ES_MICROPHONE_ENDED was given */
    uint32_t tail, waited, broken_after;
    uint32_t silent; /* blocks in which the microphone gave nothing */
    volatile bool stalled;
    volatile bool finished;
} device;

bool (*es_sound_more_input)(void);

bool es_sound_open(es_runtime *runtime) {
    device.runtime = runtime;
    device.heard = es_host_open("mic.pcm", "rb");
    device.played = es_host_open("played.pcm", "wb");
    device.left = device.heard < 0 ? 0 : es_host_length(device.heard);
    device.told = device.heard < 0; /* nobody speaks */
    device.ended = device.left == 0;
    return device.played >= 0;
}

bool es_sound_speaks(void) { return device.heard >= 0; }

void es_sound_start(void) { device.on = true; }

bool es_sound_finished(void) { return device.finished; }

void es_sound_break_after(uint32_t blocks) { device.broken_after = blocks; }

bool es_sound_stalled(void) { return device.stalled; }

uint32_t es_sound_blocks(void) { return device.blocks; }

/* ---- tasks ---- */

es_microphone es_sound_microphone(int16_t *samples) {
    es_microphone kind = ES_MICROPHONE_NONE;
    taskENTER_CRITICAL();
    if (device.lost > 0 && device.taken == device.come) {
        device.lost--;
        kind = ES_MICROPHONE_LOST;
    } else if (device.taken != device.come) {
        uint32_t at = device.taken++ % MICROPHONE;
        kind = (es_microphone)device.kind[at];
        if (kind == ES_MICROPHONE_SOUND) {
            memcpy(samples, device.microphone[at], sizeof device.microphone[at]);
        }
    }
    taskEXIT_CRITICAL();
    return kind;
}

uint64_t es_sound_speaker(const int16_t *frames) {
    taskENTER_CRITICAL();
    uint32_t block = device.made++;
    if (block >= device.consumed) { /* else it is too late: silence was played in its place */
        playing *place = &device.ring[block % RING];
        place->block = block;
        memcpy(place->frames, frames, sizeof place->frames);
    }
    uint64_t missing = device.missing;
    taskEXIT_CRITICAL();
    return missing;
}

/* ---- the interrupt ---- */

static void play(void) {
    static const int16_t silence[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
    uint32_t block = device.consumed++;
    const int16_t *frames = device.ring[block % RING].frames;
    if (block >= device.made) {
        device.missing++;
        frames = silence;
    }
    es_host_write(device.played, frames, sizeof device.ring[0].frames);
}

static void hear(void) {
    if (device.come - device.taken == MICROPHONE) {
        device.lost++;
        return;
    }
    uint32_t at = device.come % MICROPHONE;
    es_microphone kind = ES_MICROPHONE_SILENCE;
    bool broken = device.broken_after && device.blocks >= device.broken_after && !device.ended;
    if (!device.ended) {
        size_t bytes = es_host_read(device.heard, device.microphone[at], sizeof device.microphone[at]);
        device.left -= bytes;
        device.ended = bytes == 0 || device.left == 0;
        if (bytes > 0) { /* the last block is filled with silence */
            memset((char *)device.microphone[at] + bytes, 0, sizeof device.microphone[at] - bytes);
            kind = ES_MICROPHONE_SOUND;
        }
    }
    if (broken && !device.told) { /* no sound comes, and nobody says so */
        device.silent++;
        device.stalled = device.silent == STALLED;
        if (!device.stalled) {
            device.lost++;
            return;
        }
    }
    kind = device.silent > 0 ? ES_MICROPHONE_SILENCE : kind;
    if (kind == ES_MICROPHONE_SILENCE && !device.told) {
        device.told = true;
        kind = ES_MICROPHONE_ENDED;
    }
    device.kind[at] = (uint8_t)kind;
    device.come++;
}

/* Whether one more block is to be made. The host's run on the PC counts the same way. */
static bool goes_on(void) {
    if (!device.ended) {
        return true;
    }
    if (es_sound_more_input && es_sound_more_input()) {
        device.tail = 0;
        return true;
    }
    if (device.tail == TAIL - 1 && device.waited < LATEST && !es_runtime_settled(device.runtime)) {
        device.waited++; /* words of a slow CPU come yet */
        return true;
    }
    return device.tail++ < TAIL;
}

static void block(void) {
    static uint32_t flushed;
    if (device.blocks >= RING) {
        play();
    }
    if (device.finished) {
        return;
    }
    if (flushed == 0) {
        es_serial_block_from_isr(device.blocks);
    }
    if (flushed == 0 && goes_on()) {
        hear();
        device.blocks++;
        es_freertos_block_from_isr();
    } else if (flushed++ == RING - 1) {
        device.finished = true;
        es_freertos_wake_script_from_isr();
    }
}

void vApplicationTickHook(void) {
    static uint32_t after;
    if (!device.on) {
        return;
    }
    if (device.finished && ++after > PATIENCE * MS_A_BLOCK) {
        es_cpu_fail(ES_EXIT_WATCHDOG, "fault: the run did not come to its end");
    }
    es_serial_poll_from_isr();
    if (++device.milliseconds == MS_A_BLOCK) {
        device.milliseconds = 0;
        if (!device.finished) {
            block();
        }
    }
}
