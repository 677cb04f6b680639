/* The firmware as a plain program of the Moddable SDK (platform x-cli-lin): the proof that it runs in the SDK's engine.
 *     earshot MODEL MUSIC < SOUND > TRACE        SOUND: 16 kHz, mono, 16 bits, no header; MUSIC may be "-"
 * It listens from sample 0, as `npm run sim` does with a file, and ends 2 s of capture time after the sound. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "board.h"
#include "mc.xs.h"
#include "moddable.h"

#define TICKS_AFTER 200 /* 2 s */

typedef struct file {
    void *data;
    size_t bytes;
} file;

static file model, music;

static bool read_file(const char *path, file *into) {
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        return false;
    }
    into->bytes = (size_t)ftell(f);
    into->data = aligned_alloc(16, (into->bytes + 15) / 16 * 16);
    rewind(f);
    bool whole = into->data && fread(into->data, 1, into->bytes, f) == into->bytes;
    fclose(f);
    return whole;
}

const void *mcGetResource(xsMachine *the, const char *path, size_t *size) {
    (void)the;
    const file *found = strcmp(path, "earshot.esm") == 0 ? &model : strcmp(path, "music.opus") == 0 ? &music : NULL;
    *size = found ? found->bytes : 0;
    return found ? found->data : NULL;
}

static bool sound_ended;

es_status es_board_open(void) { return ES_OK; }
es_status es_moddable_start(void) { return ES_OK; } /* main() below makes the ticks */

bool es_board_microphone(int16_t *samples) {
    memset(samples, 0, ES_TICK_SAMPLES * sizeof *samples);
    if (!sound_ended) {
        size_t got = fread(samples, sizeof *samples, ES_TICK_SAMPLES, stdin);
        int next = fgetc(stdin);
        sound_ended = got < ES_TICK_SAMPLES || next == EOF;
        ungetc(next, stdin);
    }
    return true;
}

void es_board_speaker(const int16_t *frames) { (void)frames; }

void es_board_trace(const char *line, size_t bytes) { printf("%.*s\n", (int)bytes, line); }

void es_board_log(const char *line, size_t bytes) { fprintf(stderr, "%.*s\n", (int)bytes, line); }

/* The engine's way out: it must not return. */
void fxAbort(xsMachine *the, int status) {
    (void)the;
    fprintf(stderr, "earshot: the JavaScript engine stopped (status %d)\n", status);
    exit(1);
}

static void run(void) {
    es_device *device = es_moddable_device();
    if (!device) {
        fprintf(stderr, "earshot: the script opened no device\n");
        exit(1);
    }
    es_runtime_listen(device->runtime, true);
    for (int after = 0; after < TICKS_AFTER; after += sound_ended) {
        bool before = sound_ended;
        es_moddable_tick();
        if (sound_ended && !before) {
            es_runtime_end_of_sound(device->runtime);
        }
        while (g_main_context_iteration(NULL, FALSE)) { /* promise jobs and timers of the script */
        }
    }
}

int main(int argc, char *argv[]) {
    if (argc != 3 || !read_file(argv[1], &model) || (strcmp(argv[2], "-") != 0 && !read_file(argv[2], &music))) {
        fprintf(stderr, "usage: earshot MODEL MUSIC < SOUND > TRACE\n");
        return 2;
    }
    int status = 0;
    xsMachine *machine = fxPrepareMachine(NULL, xsPreparationAndCreation(NULL), "earshot", NULL, NULL);
    xsBeginHost(machine);
    xsTry { xsAwaitImport("main", XS_IMPORT_NAMESPACE); }
    xsCatch {
        fprintf(stderr, "earshot: %s\n", xsmcToString(xsException));
        status = 1;
    }
    xsEndHost(machine);
    if (status == 0) {
        run();
    }
    xsDeleteMachine(machine);
    return status;
}
