/* What the bindings need from the owner of the JavaScript machine (our host, or a port on a board).
 * One device a machine. The owner fills it, the bindings read it and keep the script's two callbacks in it. */
#ifndef EARSHOT_XS_DEVICE_H
#define EARSHOT_XS_DEVICE_H

#include "xsmc.h"

#include "earshot/runtime.h"
#include "earshot/understanding.h"
#include "json.h"

typedef struct es_device {
    es_runtime *runtime;
    const es_model *model;
    es_understanding *understanding; /* NULL: the device has no file for it */
    void *owner;                     /* first argument of the functions below */
    /* One line without its end; not kept. */
    void (*trace)(void *owner, const char *line, size_t bytes);
    void (*log)(void *owner, const char *line, size_t bytes);
    /* Bytes of the piece that `uri` names; they stay where they are while it plays. ES_E_ARGUMENT: no such piece. */
    es_status (*piece)(void *owner, const char *uri, const void **data, size_t *bytes);
    /* Name of the n-th piece, as `piece` takes it; NULL after the last. */
    const char *(*piece_name)(void *owner, uint32_t index);
    const es_prompts *prompts; /* NULL: the speaker has no voice */
    /* Calendar, UTC: milliseconds since 1970 at capture time `t`; NaN while it is not known. */
    double (*date)(void *owner, int64_t t);
    void (*set_date)(void *owner, double ms, int64_t t);
    /* The microphone itself, beside what the runtime does: its driver stops. NULL: nothing to stop. */
    void (*microphone)(void *owner, bool on);
    /* The program is replaced after the present call has ended. NULL: this board can't. */
    void (*restart)(void *owner);
    /* Names from outside (bias.h), which the script may add to; NULL: none. */
    const uint8_t *names;
    uint32_t names_bytes;
    /* Members that only the owner knows (memory of the machine, restarts), into the open object of es_stats. */
    void (*report)(void *owner, es_json *json);

    /* The script's callbacks, remembered for the collector; void when a machine ends. */
    bool has_events, has_console;
    xsSlot events, console;
} es_device;

/* The device of this machine; never NULL. Supplied by the owner. */
es_device *es_device_of(xsMachine *the);

/* Call the script with an event, or with a console line. Call them between xsBeginHost and xsEndHost, with a handler
 * for exceptions around. */
void es_device_event(xsMachine *the, es_device *device, const es_event *event);
/* The reply's text is in xsResult of the caller's frame, a string; false when no script listens. */
bool es_device_line(xsMachine *the, es_device *device, const char *line, size_t letters, bool json);
/* The machine has gone: its callbacks are void. */
void es_device_forget(es_device *device);

/* Arguments, checked: throw TypeError or RangeError with the argument's name. */
double es_argument_number(xsMachine *the, int index, double least, double most, const char *name);
bool es_argument_boolean(xsMachine *the, int index, const char *name);
/* Valid until the next call into the engine. */
const char *es_argument_string(xsMachine *the, int index, const char *name);
void es_argument_function(xsMachine *the, int index, const char *name);

#endif
