#include "machine.h"

#include "xsScript.h"

#define METER_INTERVAL 4096 /* units between two looks at the limit */

es_device *es_device_of(xsMachine *the) { return ((es_js *)the->host)->device; }

static txBoolean within_limit(txMachine *the, txU4 units) {
    es_js *js = the->host;
    return js->limit == 0 || units < js->limit;
}

static void run_jobs(txMachine *the) {
    do {
        while (the->promiseJobs) {
            the->promiseJobs = 0;
            fxRunPromiseJobs(the);
        }
        fxEndJob(the);
    } while (the->promiseJobs);
    fxCheckUnhandledRejections(the, 1);
}

static void note_memory(es_js *js, txMachine *the) {
    if ((uint32_t)the->currentHeapCount > js->peak_heap) {
        js->peak_heap = (uint32_t)the->currentHeapCount;
    }
    if ((uint32_t)the->peakChunksSize > js->peak_chunks) {
        js->peak_chunks = (uint32_t)the->peakChunksSize;
    }
}

bool es_js_enter(es_js *js, void (*body)(txMachine *the, es_js *js, void *context), void *context) {
    txMachine *the = js->machine ? js->machine : js->root;
    volatile bool done = false;
    js->inside = true;
    the->abortStatus = 0;
    fxBeginMetering(the, within_limit, METER_INTERVAL);
    fxBeginHost(the);
    mxTry(the) {
        body(the, js, context);
        run_jobs(the);
        done = true;
    }
    mxCatch(the) {
        js->units += the->meterIndex;
        es_fault_read(js, the);
    }
    if (done) {
        fxEndHost(the);
        js->units += the->meterIndex;
        note_memory(js, the);
    }
    fxEndMetering(the);
    js->inside = false;
    return done;
}

/* Promise reactions of an import. */
static void import_done(txMachine *the) { (void)the; }

static void import_failed(txMachine *the) {
    mxException.kind = mxArgv(0)->kind;
    mxException.value = mxArgv(0)->value;
    fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
}

void es_js_import_body(txMachine *the, es_js *js, void *context) {
    const char *name = context;
    (void)js;
    fxStringX(the, --the->stack, (txString)name);
    fxRunImport(the, mxModuleInstanceInternal(mxProgram.value.reference)->value.module.realm, XS_NO_ID);
    mxDub();
    mxGetID(mxID(_then));
    mxCall();
    fxNewHostFunction(the, import_done, 1, XS_NO_ID, XS_NO_ID);
    fxNewHostFunction(the, import_failed, 1, XS_NO_ID, XS_NO_ID);
    mxRunCount(2);
    mxPop();
}

bool es_js_start(es_js *js, const char *main_module) {
    txCreation creation = es_creation;
    js->machine = fxCloneMachine(&creation, js->root, "main", js);
    if (!js->machine) {
        js->fault = (es_fault){.reason = "memory", .message = "no memory for a JavaScript machine"};
        return false;
    }
    js->ready = es_js_enter(js, es_js_import_body, (void *)main_module);
    return js->ready;
}

bool es_js_import(es_js *js, const char *module) { return es_js_enter(js, es_js_import_body, (void *)module); }

void es_js_stop(es_js *js) {
    js->ready = false;
    es_timers_clear(&js->timers);
    if (js->machine) {
        es_device_forget(js->device);
        fxDeleteMachine(js->machine);
        js->machine = NULL;
    }
}

bool es_js_pending(const es_js *js) {
    return js->machine && (js->machine->promiseJobs || es_timers_due(&js->timers, js->t));
}

static void run_event(txMachine *the, es_js *js, void *context) { es_device_event((void *)the, js->device, context); }

bool es_js_event(es_js *js, const es_event *event) { return es_js_enter(js, run_event, (void *)event); }

static void run_timers(txMachine *the, es_js *js, void *context) {
    uint32_t newest = js->timers.last_id; /* one that a callback sets waits for the next call, or there were no end */
    (void)context;
    while (es_timers_run_one(&js->timers, the, js->t, newest)) {
        while (the->promiseJobs) {
            the->promiseJobs = 0;
            fxRunPromiseJobs(the);
        }
    }
}

bool es_js_timers(es_js *js) { return es_js_enter(js, run_timers, NULL); }

static void collect(txMachine *the, es_js *js, void *context) {
    (void)js;
    (void)context;
    fxCollectGarbage(the);
}

bool es_js_collect(es_js *js) { return es_js_enter(js, collect, NULL); }

static void throw_error(txMachine *the, es_js *js, void *context) {
    (void)js;
    (void)context;
    mxUnknownError("thrown on purpose");
}

bool es_js_throw(es_js *js) { return es_js_enter(js, throw_error, NULL); }

typedef struct line_call {
    const char *line;
    size_t letters;
    bool json;
    void (*reply)(void *context, const char *text);
    void *context;
} line_call;

static void run_line(txMachine *the, es_js *js, void *context) {
    line_call *call = context;
    const char *text = "";
    if (es_device_line((void *)the, js->device, call->line, call->letters, call->json)) {
        text = mxResult->value.string;
    }
    call->reply(call->context, text);
}

bool es_js_line(es_js *js, const char *line, size_t letters, bool json, void (*reply)(void *context, const char *text),
                void *context) {
    line_call call = {line, letters, json, reply, context};
    return es_js_enter(js, run_line, &call);
}
