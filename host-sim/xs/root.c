/* The root machine: everything that all clones share, made once. A PC makes it at start, the build of a board makes it
 * under the emulator and freezes it into flash. */
#include <stdio.h>

#include "machine.h"

/* The root is made once and never grows again after it is shared; on a board its contents lie in flash. */
static txCreation root_creation(void) {
    txCreation creation = es_creation;
    creation.initialChunkSize = 256 * 1024;
    creation.incrementalChunkSize = 64 * 1024;
    creation.initialHeapCount = 16 * 1024;
    creation.incrementalHeapCount = 4 * 1024;
    creation.stackCount = 4 * 1024;
    creation.initialKeyCount = 4 * 1024;
    creation.incrementalKeyCount = 1024;
    return creation;
}

static void build_root(txMachine *the, es_js *js, void *context) {
    bool *settled = context;
    *settled =
        es_modules_settle((es_modules_store *)js->modules, the); /* first: keys follow the engine's own at once */
    es_globals_define(the);
}

/* Between two collections a chunk's `temporary` is its end; within one, its new place. A clone's collector also meets
 * chunks of the root (text that was read from there, for one) and would take their end for a new place. After this a
 * chunk of the root is its own new place: it never moves, and never grows. */
static void pin_chunks(txMachine *root) {
    for (txBlock *block = root->firstBlock; block; block = block->nextBlock) {
        txByte *at = (txByte *)block + sizeof(txBlock);
        while (at < block->current) {
            txChunk *chunk = (txChunk *)at;
            at = chunk->temporary;
            chunk->temporary = (txByte *)chunk;
        }
    }
}

bool es_js_open(es_js *js, es_modules_store *modules, es_device *device) {
    txCreation creation = root_creation();
    bool settled = false;
    *js = (es_js){.modules = modules, .device = device};
    js->root = fxCreateMachine(&creation, "root", js, XS_NO_ID);
    if (!js->root) {
        js->fault = (es_fault){.reason = "memory", .message = "no memory for the JavaScript engine"};
        return false;
    }
    if (!es_js_enter(js, build_root, &settled)) {
        return false;
    }
    if (!settled) {
        js->fault.reason = "exception";
        snprintf(js->fault.message, sizeof js->fault.message, "%s", modules->error);
        return false;
    }
    for (int i = 0; i < modules->count; i++) {
        if (modules->items[i].preload && !es_js_enter(js, es_js_import_body, (void *)modules->items[i].name)) {
            return false;
        }
    }
    fxShareMachine(js->root);
    pin_chunks(js->root);
    return true;
}

void es_js_close(es_js *js) {
    es_js_stop(js);
    if (js->root) {
        fxDeleteMachine(js->root);
        js->root = NULL;
    }
}
