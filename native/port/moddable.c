#include "moddable.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "board.h"

/* Supplied by the SDK's build from the manifest's `data`, or by x_cli.c from files. */
extern const void *mcGetResource(xsMachine *the, const char *path, size_t *size);

#define ALIGNMENT 16

typedef struct es_moddable {
    bool open;
    xsMachine *machine;
    es_model model;
    es_understanding_model understanding_model;
    es_understanding understanding;
    es_arena arena;
    es_device device;
    int16_t microphone[ES_TICK_SAMPLES];
    int16_t played[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
} es_moddable;

static es_moddable port;

static void trace(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_board_trace(line, bytes);
}

static void log_line(void *owner, const char *line, size_t bytes) {
    (void)owner;
    es_board_log(line, bytes);
}

static es_status piece(void *owner, const char *uri, const void **data, size_t *bytes) {
    const es_moddable *self = owner;
    if (strcmp(uri, "default") != 0) {
        return ES_E_ARGUMENT;
    }
    *data = mcGetResource(self->machine, "music.opus", bytes);
    return *data ? ES_OK : ES_E_ARGUMENT;
}

#define KNOWN_SINCE_MS 1735689600000.0 /* 2025: a clock that shows less was never set */

/* What `time set` added to the system's clock. */
static double date_moved;

static double date(void *owner, int64_t t) {
    (void)owner;
    (void)t;
    double ms = (double)time(NULL) * 1000 + date_moved;
    return ms < KNOWN_SINCE_MS ? NAN : ms;
}

static void set_date(void *owner, double ms, int64_t t) {
    (void)owner;
    (void)t;
    date_moved = ms - (double)time(NULL) * 1000;
}

static void report(void *owner, es_json *json) {
    (void)owner;
    (void)json; /* the SDK's instrumentation shows the machine's memory */
}

static uint64_t deliver(void *context, const es_event *event) {
    es_moddable *self = context;
    xsBeginHost(self->machine);
    xsTry { es_device_event(the, &self->device, event); }
    xsCatch {
        const char *text = xsmcToString(xsException);
        es_board_log(text, strlen(text));
        es_runtime_restarted(self->device.runtime);
    }
    xsEndHost(self->machine);
    return 0; /* no stated speed: nothing is counted */
}

static es_status open_device(es_moddable *self, xsMachine *the) {
    es_runtime_config config = {.deliver = deliver, .context = self, .model = &self->model, .names = true};
    size_t bytes = 0;
    const void *model = mcGetResource(the, "earshot.esm", &bytes);
    es_status status = model ? es_model_open(&self->model, model, bytes, NULL) : ES_E_IO;
    if (status != ES_OK) {
        return status;
    }
    const void *words = mcGetResource(the, "understanding.esu", &bytes);
    bool understands = words && es_understanding_open(&self->understanding_model, words, bytes, NULL) == ES_OK;
    size_t need = es_runtime_bytes(&config) + (understands ? es_understanding_bytes() : 0) + ALIGNMENT;
    uint8_t *memory = c_malloc(need);
    if (!memory) {
        return ES_E_MEMORY;
    }
    size_t skip = (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT;
    es_arena_init(&self->arena, memory + skip, need - skip);
    self->machine = the;
    self->device = (es_device){.model = &self->model,
                               .owner = self,
                               .trace = trace,
                               .log = log_line,
                               .piece = piece,
                               .date = date,
                               .set_date = set_date,
                               .report = report};
    if (understands) {
        es_understanding_init(&self->understanding, &self->arena, &self->understanding_model);
        self->device.understanding = &self->understanding;
    }
    status = es_runtime_init(&self->device.runtime, &self->arena, &config);
    if (status == ES_OK) {
        status = es_board_open();
    }
    return status == ES_OK ? es_moddable_start() : status;
}

es_device *es_device_of(xsMachine *the) {
    if (!port.open) {
        es_status status = open_device(&port, the);
        if (status != ES_OK) {
            xsUnknownError("the device can't be opened: %s", es_status_name(status));
        }
        port.open = true;
    }
    return &port.device;
}

es_device *es_moddable_device(void) { return port.open ? &port.device : NULL; }

bool es_moddable_tick(void) {
    if (!port.open || !es_board_microphone(port.microphone)) {
        return false;
    }
    es_runtime_tick(port.device.runtime, port.microphone, port.played);
    es_board_speaker(port.played);
    return true;
}
