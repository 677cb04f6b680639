/* The functions that the XS engine asks its host for. Their names and contracts are the engine's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "xsScript.h"

void fxCreateMachinePlatform(txMachine *the) {
    the->host = the->context;
    the->promiseJobs = 0;
    the->abortStatus = 0;
}

void fxDeleteMachinePlatform(txMachine *the) { (void)the; }

void fxQueuePromiseJobs(txMachine *the) { the->promiseJobs = 1; }

/* Must not return. The outermost handler is es_js_enter's, or the engine's own while a machine is made. */
void fxAbort(txMachine *the, int status) {
    es_js *js = the->host;
    the->abortStatus = status;
    if (js && js->inside && status != XS_UNHANDLED_EXCEPTION_EXIT && status != XS_UNHANDLED_REJECTION_EXIT) {
        es_fault_note_frames(js, the);
    }
    if (!the->firstJump) {
        fprintf(stderr, "earshot-host: the JavaScript engine aborted outside of a call (status %d)\n", status);
        abort();
    }
    fxExitToHost(the);
}

txID fxFindModule(txMachine *the, txSlot *realm, txID from_id, txSlot *slot) {
    es_js *js = the->host;
    char specifier[256], name[256];
    (void)realm;
    fxToStringBuffer(the, slot, specifier, sizeof specifier);
    const char *from = from_id == XS_NO_ID ? "" : fxGetKeyName(the, from_id);
    if (!es_modules_resolve(js->modules, from, specifier, name, sizeof name)) {
        return XS_NO_ID;
    }
    return fxNewNameC(the, name);
}

void fxLoadModule(txMachine *the, txSlot *module, txID id) {
    es_js *js = the->host;
    const es_module *item = es_modules_find(js->modules, fxGetKeyName(the, id));
    if (!item || !item->code) {
        return; /* the import fails */
    }
    /* No symbols: the engine runs the code where it lies and does not free it. */
    txScript script = {
        .codeBuffer = (txByte *)item->code, /* without symbols it is only read */
        .codeSize = item->code_size,
        .path = (txString)item->source,
        .version = {XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION, 0},
    };
    fxResolveModule(the, module, id, &script, NULL, NULL);
}

/* The debugger's connection: there is none. */
void fxConnect(txMachine *the) { (void)the; }
void fxDisconnect(txMachine *the) { (void)the; }
txBoolean fxIsConnected(txMachine *the) {
    (void)the;
    return 0;
}
txBoolean fxIsReadable(txMachine *the) {
    (void)the;
    return 0;
}
void fxReceive(txMachine *the) { (void)the; }
void fxSend(txMachine *the, txBoolean more) {
    (void)the;
    (void)more;
}
