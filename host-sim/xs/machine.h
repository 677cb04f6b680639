/* The JavaScript machine: one shared root, and a clone of it that runs the application.
 * In: modules, events, console lines, capture time. Out: calls of natives through the device, or a fault.
 * A fault (exception, memory, stack, keys, endless loop, unhandled rejection) leaves the clone unusable: the caller
 * stops it and starts another. Nothing here decides what a fault means for the speaker. */
#ifndef EARSHOT_XS_MACHINE_H
#define EARSHOT_XS_MACHINE_H

#include "xsAll.h"

#include "device.h"
#include "modules.h"
#include "timers.h"

/* One metering unit (about one bytecode) as nominal RV32IMAC instructions, bounds checks and metering included.
 * host-sim/xs/README.md says how it was found. */
#define ES_JS_UNIT_INSTRUCTIONS 50

typedef struct es_fault {
    const char *reason; /* exception rejection memory stack keys loop strip fatal */
    char message[512];
    char stack[2048]; /* lines "at function (src/file.ts:12)", or empty */
} es_fault;

typedef struct es_js {
    txMachine *root;
    txMachine *machine; /* the clone, or NULL */
    const es_modules_store *modules;
    es_device *device;
    es_timers timers;
    int64_t t;          /* capture time, for timers; set by the caller */
    uint32_t limit;     /* metering units of one call before it counts as an endless loop; 0: none */
    uint64_t units;     /* metering units so far, of all clones */
    bool inside;        /* a call is running */
    bool ready;         /* main has run */
    es_fault fault;     /* of the last call that returned false */
    uint32_t peak_heap; /* slots in use at most, after a call */
    uint32_t peak_chunks;
} es_js;

/* Makes the root: settles the modules, runs those to preload, shares it. False: fault says why. */
bool es_js_open(es_js *js, es_modules_store *modules, es_device *device);
void es_js_close(es_js *js);
/* A fresh clone that runs `main`. False: a fault. */
bool es_js_start(es_js *js, const char *main_module);
void es_js_stop(es_js *js);
/* One more module in the running clone. False: a fault. */
bool es_js_import(es_js *js, const char *module);
/* Each returns false after a fault. */
bool es_js_event(es_js *js, const es_event *event);
bool es_js_timers(es_js *js);
/* Collects garbage, so that what is in use can be counted. */
bool es_js_collect(es_js *js);
/* An exception that no script catches. Always false. */
bool es_js_throw(es_js *js);
/* `letters`: how long the line was; its end may be missing. The reply, without an end of line, is given to `reply`; it
 * is empty when no script listens to the console. */
bool es_js_line(es_js *js, const char *line, size_t letters, bool json, void (*reply)(void *context, const char *text),
                void *context);
/* Promise jobs and due timers wait. */
bool es_js_pending(const es_js *js);

/* A body for es_js_enter: import of the module whose name is the context. */
void es_js_import_body(txMachine *the, es_js *js, void *context);
/* Run `body` in the machine with metering, an outermost handler and the promise jobs after it. */
bool es_js_enter(es_js *js, void (*body)(txMachine *the, es_js *js, void *context), void *context);

/* globals.c: what the engine lacks and scripts find as globals. */
void es_globals_define(txMachine *the);
/* fault.c: fill js->fault after the machine came back to the handler. */
void es_fault_note_frames(es_js *js, txMachine *the);
void es_fault_read(es_js *js, txMachine *the);

#endif
