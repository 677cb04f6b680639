/* What went wrong in a script, for people: a reason, a message, and the places in the TypeScript sources.
 * In: a machine that came back to its outermost handler. Out: js->fault. Uses no memory of the machine where the
 * machine has none left. */
#include <stdio.h>
#include <string.h>

#include "machine.h"

typedef struct place {
    char name[64];
    char file[192];
    int line;
} place;

static void append(es_fault *fault, const place *at) {
    size_t used = strlen(fault->stack);
    const char *space = at->name[0] ? " " : "";
    if (at->file[0]) {
        snprintf(fault->stack + used, sizeof fault->stack - used, "%sat%s%s (%s:%d)", used ? "\n" : "", space, at->name,
                 at->file, at->line);
    } else {
        snprintf(fault->stack + used, sizeof fault->stack - used, "%sat%s%s (native)", used ? "\n" : "", space,
                 at->name);
    }
}

static void copy(char *to, size_t size, const char *from) { snprintf(to, size, "%s", from ? from : ""); }

static void frame_name(txMachine *the, txSlot *function, place *at) {
    txSlot *name = mxBehaviorGetProperty(the, function, mxID(_name), 0, XS_OWN);
    if (name && (name->kind == XS_STRING_KIND || name->kind == XS_STRING_X_KIND)) {
        copy(at->name, sizeof at->name, name->value.string);
        return;
    }
    txSlot *code = mxFunctionInstanceCode(function);
    txSlot *key = code->ID != XS_NO_ID ? fxGetKey(the, code->ID) : NULL;
    if (key) {
        copy(at->name, sizeof at->name, key->value.key.string);
    }
}

/* The frames of the running script, without an Error object: for aborts, where nothing may be allocated. */
void es_fault_note_frames(es_js *js, txMachine *the) {
    js->fault.stack[0] = 0;
    for (txSlot *frame = the->frame; frame && frame->next; frame = frame->next) {
        txSlot *environment = mxFrameToEnvironment(frame);
        txSlot *function = frame + 3;
        if (function->kind != XS_REFERENCE_KIND || !mxIsFunction(function->value.reference)) {
            continue;
        }
        place at = {.line = environment->value.environment.line};
        frame_name(the, function->value.reference, &at);
        if (environment->ID != XS_NO_ID) {
            copy(at.file, sizeof at.file, fxGetKeyName(the, environment->ID));
        }
        append(&js->fault, &at);
    }
}

static const char *reason_of(int status) {
    switch (status) {
    case 0:
    case XS_UNHANDLED_EXCEPTION_EXIT:
        return "exception";
    case XS_UNHANDLED_REJECTION_EXIT:
        return "rejection";
    case XS_NOT_ENOUGH_MEMORY_EXIT:
        return "memory";
    case XS_STACK_OVERFLOW_EXIT:
        return "stack";
    case XS_NO_MORE_KEYS_EXIT:
        return "keys";
    case XS_TOO_MUCH_COMPUTATION_EXIT:
        return "loop";
    case XS_DEAD_STRIP_EXIT:
        return "strip";
    default:
        return "fatal";
    }
}

static const char *message_of(int status) {
    switch (status) {
    case XS_NOT_ENOUGH_MEMORY_EXIT:
        return "JavaScript memory is exhausted";
    case XS_STACK_OVERFLOW_EXIT:
        return "the JavaScript stack overflowed";
    case XS_NO_MORE_KEYS_EXIT:
        return "no more JavaScript property names fit";
    case XS_TOO_MUCH_COMPUTATION_EXIT:
        return "JavaScript ran too long without an end";
    default:
        return "JavaScript stopped";
    }
}

/* "Error: text\n at f (file:1)\n at g (file:2)" into message and stack. */
static void split(es_fault *fault, const char *text) {
    const char *end = strstr(text, "\n at");
    size_t length = end ? (size_t)(end - text) : strlen(text);
    snprintf(fault->message, sizeof fault->message, "%.*s", (int)length, text);
    fault->stack[0] = 0;
    size_t used = 0;
    for (const char *at = end ? end + 1 : ""; *at && used + 1 < sizeof fault->stack; at++) {
        if (*at == ' ' && (used == 0 || fault->stack[used - 1] == '\n')) {
            continue;
        }
        fault->stack[used++] = *at;
    }
    fault->stack[used] = 0;
}

/* The exception's text. Runs script code (a getter, toString), so it has its own handler. */
static bool read_exception(es_js *js, txMachine *the) {
    volatile bool done = false;
    mxTry(the) {
        mxPush(mxException);
        if (the->stack->kind == XS_REFERENCE_KIND) {
            mxGetID(mxID(_stack));
            if (the->stack->kind == XS_UNDEFINED_KIND) {
                *the->stack = mxException;
            }
        }
        fxToString(the, the->stack);
        split(&js->fault, the->stack->value.string);
        mxPop();
        done = true;
    }
    mxCatch(the) {}
    return done;
}

void es_fault_read(es_js *js, txMachine *the) {
    int status = the->abortStatus;
    js->fault.reason = reason_of(status);
    copy(js->fault.message, sizeof js->fault.message, message_of(status));
    if (status == 0 || status == XS_UNHANDLED_EXCEPTION_EXIT || status == XS_UNHANDLED_REJECTION_EXIT) {
        fxBeginMetering(the, the->meterCallback, 10000);
        the->abortStatus = 0;
        read_exception(js, the);
    }
}
