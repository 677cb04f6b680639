/* Globals that a script finds beside the language: native, Native, trace, and timers on the capture clock. */
#include <string.h>

#include "machine.h"
#include "manifest_tables.h"

#include "earshot/runtime.h"

#define SAMPLES_PER_MS (ES_SAMPLE_RATE / 1000)
#define LONGEST_DELAY_MS 2147483647.0 /* as in browsers: 2^31 - 1 ms, 24 days */

/* Not static: a frozen heap names the functions that it holds. */
void es_global_native(txMachine *the);
void es_global_native_construct(txMachine *the);
void es_global_native_class(txMachine *the);
void es_global_set_timeout(txMachine *the);
void es_global_set_interval(txMachine *the);
void es_global_clear_timer(txMachine *the);

static es_js *js_of(txMachine *the) { return the->host; }

static txString name_argument(txMachine *the) {
    if (mxArgc < 1 || (mxArgv(0)->kind != XS_STRING_KIND && mxArgv(0)->kind != XS_STRING_X_KIND)) {
        mxTypeError("the name of a native is no string");
    }
    return mxArgv(0)->value.string;
}

/* native("es_name"): the C function of that name. */
void es_global_native(txMachine *the) {
    txString name = name_argument(the);
    for (const es_native_entry *entry = es_natives; entry->name; entry++) {
        if (strcmp(entry->name, name) == 0) {
            fxNewHostFunction(the, entry->function, 0, XS_NO_ID, XS_NO_ID);
            mxPullSlot(mxResult);
            return;
        }
    }
    mxReferenceError("no native %s", name);
}

/* What a class that extends Native("es_x_gone") constructs: an instance with a place for C data and that destructor. */
void es_global_native_construct(txMachine *the) {
    if (mxTarget->kind != XS_REFERENCE_KIND) {
        mxTypeError("call of a native class without new");
    }
    mxPushSlot(mxFunction);
    mxGetID(mxID(_prototype));
    txDestructor gone = the->stack->value.reference->next->value.host.variant.destructor;
    mxPop();
    mxPushSlot(mxTarget);
    mxGetID(mxID(_prototype));
    txSlot *instance = fxNewHostInstance(the);
    txSlot *slot = instance->next = fxNewSlot(the);
    slot->flag = XS_INTERNAL_FLAG;
    slot->kind = XS_HOST_KIND;
    slot->value.host.data = NULL;
    slot->value.host.variant.destructor = gone;
    mxPullSlot(mxResult);
}

/* Native("es_x_gone"): a class to extend; the C function of that name is called with the data of a dead instance. */
void es_global_native_class(txMachine *the) {
    txString name = name_argument(the);
    for (const es_destructor_entry *entry = es_destructors; entry->name; entry++) {
        if (strcmp(entry->name, name) == 0) {
            fxNewHostObject(the, entry->function);
            fxNewHostConstructor(the, es_global_native_construct, 0, XS_NO_ID);
            mxPullSlot(mxResult);
            return;
        }
    }
    mxReferenceError("no native destructor %s", name);
}

static void set_timer(txMachine *the, bool repeat) {
    es_js *js = js_of(the);
    if (mxArgc < 1 || !fxIsCallable(the, mxArgv(0))) {
        mxTypeError("the callback of a timer is no function");
    }
    txNumber ms = mxArgc > 1 && mxArgv(1)->kind != XS_UNDEFINED_KIND ? fxToNumber(the, mxArgv(1)) : 0;
    if (!(ms >= 1)) { /* NaN too */
        ms = repeat ? 1 : 0;
    }
    if (ms > LONGEST_DELAY_MS) {
        mxRangeError("the delay of a timer is too long");
    }
    int64_t samples = (int64_t)(ms * SAMPLES_PER_MS);
    uint32_t id = es_timers_set(&js->timers, the, mxArgv(0), js->t + samples, repeat ? samples : 0);
    if (id == 0) {
        mxRangeError("too many timers");
    }
    mxResult->kind = XS_INTEGER_KIND;
    mxResult->value.integer = (txInteger)id;
}

void es_global_set_timeout(txMachine *the) { set_timer(the, false); }

void es_global_set_interval(txMachine *the) { set_timer(the, true); }

void es_global_clear_timer(txMachine *the) {
    if (mxArgc > 0 && (mxArgv(0)->kind == XS_INTEGER_KIND || mxArgv(0)->kind == XS_NUMBER_KIND)) {
        txNumber id = fxToNumber(the, mxArgv(0));
        if (id >= 1 && id <= UINT32_MAX) {
            es_timers_remove(&js_of(the)->timers, the, (uint32_t)id);
        }
    }
}

static void define(txMachine *the, const char *name, txCallback function, txInteger length) {
    txID id = fxNewNameC(the, (txString)name);
    fxNewHostFunction(the, function, length, id, XS_NO_ID);
    mxPush(mxGlobal);
    mxDefineID(id, XS_DONT_ENUM_FLAG, XS_DONT_ENUM_FLAG);
    mxPop();
}

void es_globals_define(txMachine *the) {
    define(the, "native", es_global_native, 1);
    define(the, "Native", es_global_native_class, 1);
    define(the, "setTimeout", es_global_set_timeout, 2);
    define(the, "setInterval", es_global_set_interval, 2);
    define(the, "clearTimeout", es_global_clear_timer, 1);
    define(the, "clearInterval", es_global_clear_timer, 1);
}
