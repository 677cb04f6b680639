/* The freezer: makes the root machine on the emulated board, then writes the memory that holds it to the PC, with a
 * list of its parts. It runs twice, with flash and RAM at other addresses the second time: the words that differ are
 * the pointers (freeze.mjs). In: bytecode in flash. Out: frozen.bin, frozen.txt. */
#include <stdio.h>
#include <string.h>

#include "bytecode.h"
#include "cpu.h"
#include "heap.h"
#include "machine.h"
#include "semihosting.h"
#include "uart.h"

#define AREA (1 << 20)
unsigned char es_heap_area[AREA] __attribute__((aligned(16)));
const size_t es_heap_bytes = AREA;

/* The root needs no device: bodies that run in it may bind natives, not call them. */
static es_device device;

es_device *es_board_device(void) { return &device; }

/* gen/stripped.c: names of globals that the firmware does without; ends with NULL. */
extern const char *const es_stripped[];

static int list;

static void part(const char *kind, const void *at, size_t bytes) {
    char line[80];
    int length = snprintf(line, sizeof line, "%s %lx %lx\n", kind, (unsigned long)(uintptr_t)at, (unsigned long)bytes);
    es_host_write(list, line, (size_t)length);
}

/* The words of a value that its kind does not use hold what was there before: they must not look like pointers. */
static void clear_unused(txSlot *slot) {
    uint32_t *words = (uint32_t *)&slot->value;
    switch (slot->kind) {
    case XS_UNINITIALIZED_KIND:
    case XS_UNDEFINED_KIND:
    case XS_NULL_KIND:
        words[0] = words[1] = 0;
        break;
    case XS_BOOLEAN_KIND:
        words[0] = slot->value.boolean != 0;
        words[1] = 0;
        break;
    case XS_SYMBOL_KIND:
        words[0] = slot->value.symbol;
        words[1] = 0;
        break;
    case XS_MODULE_KIND:
    case XS_PROGRAM_KIND:
        words[1] = slot->value.module.id;
        break;
    case XS_INTEGER_KIND:
    case XS_STRING_KIND:
    case XS_STRING_X_KIND:
    case XS_REFERENCE_KIND:
    case XS_CLOSURE_KIND:
        words[1] = 0;
        break;
    default:
        break;
    }
}

/* In flash nothing can be marked or moved: text, numbers and code of the root must not look like chunks of a heap. */
static void settle_slot(txSlot *slot) {
    clear_unused(slot);
    switch (slot->kind) {
    case XS_STRING_KIND:
        slot->kind = XS_STRING_X_KIND;
        break;
    case XS_BIGINT_KIND:
        slot->kind = XS_BIGINT_X_KIND;
        break;
    case XS_KEY_KIND:
        slot->kind = XS_KEY_X_KIND;
        break;
    case XS_CODE_KIND:
        slot->kind = XS_CODE_X_KIND;
        break;
    case XS_ARRAY_KIND: {
        txSlot *item = slot->value.array.address;
        for (txIndex k = 0; item && k < slot->value.array.length; k++) {
            settle_slot(item + k);
        }
        break;
    }
    default:
        break;
    }
}

/* No script asks a function for its `length`, nor the engine's own ones for their `name`: a slot each, of thousands.
 * The names of scripts' functions stay: a fault's stack shows them. */
static void drop_names(txSlot *instance) {
    txSlot *function = instance->next;
    if (!function || !(function->flag & XS_INTERNAL_FLAG)) {
        return;
    }
    bool own = function->kind == XS_CODE_KIND || function->kind == XS_CODE_X_KIND;
    if (!own && function->kind != XS_CALLBACK_KIND && function->kind != XS_CALLBACK_X_KIND) {
        return;
    }
    for (txSlot **link = &function->next; *link;) {
        txSlot *property = *link;
        bool told = property->ID == mxID(_length) || (!own && property->ID == mxID(_name));
        if (told && !(property->flag & XS_INTERNAL_FLAG)) {
            *link = property->next;
        } else {
            link = &property->next;
        }
    }
}

static void settle_slots(txMachine *root) {
    for (txSlot *slot = root->freeHeap, *next; slot; slot = next) {
        next = slot->next;
        memset(slot, 0, sizeof *slot);
    }
    for (txSlot *heap = root->firstHeap; heap; heap = heap->next) {
        for (txSlot *slot = heap + 1; slot < heap->value.reference; slot++) {
            settle_slot(slot);
            if (slot->kind == XS_INSTANCE_KIND) {
                drop_names(slot);
            }
        }
        part("slots", heap + 1, (size_t)((char *)heap->value.reference - (char *)(heap + 1)));
    }
    for (txSlot *slot = root->stack; slot < root->stackTop; slot++) {
        settle_slot(slot);
    }
}

static void list_chunks(const txMachine *root) {
    for (const txBlock *block = root->firstBlock; block; block = block->nextBlock) {
        const txByte *at = (const txByte *)block + sizeof(txBlock);
        while (at < block->current) {
            const txChunk *chunk = (const txChunk *)at;
            part("chunk", at, (size_t)chunk->size);
            at += chunk->size;
        }
        if (at != block->current) {
            es_cpu_fail(ES_EXIT_FAULT, "freezer: the chunks of the heap have no end");
        }
    }
}

/* What only a running machine needs. */
static void undress(txMachine *root) {
    root->host = root->context = NULL;
    root->firstJump = NULL;
    root->dtoa = NULL;
    root->stackLimit = NULL;
    root->stackBottom = NULL;
    root->scope = root->frame = NULL;
    root->code = NULL;
    root->freeHeap = root->firstHeap = NULL;
    root->firstBlock = NULL;
    root->colors = NULL;
    root->meterCallback = NULL;
    memset(&root->scratch, 0, sizeof root->scratch);
    memset(root->nameBuffer, 0, sizeof root->nameBuffer);
}

static bool stripped(txMachine *root, txID id) {
    const char *key = fxGetKeyName(root, id);
    for (const char *const *name = es_stripped; key && *name; name++) {
        if (strcmp(key, *name) == 0) {
            return true;
        }
    }
    return false;
}

/* The machine's own list of built-ins holds a stripped one, and its prototype, too. */
static void forget(txMachine *root, const txSlot *gone) {
    for (txSlot *slot = root->stack; slot < root->stackTop; slot++) {
        if (slot->kind == XS_REFERENCE_KIND && slot->value.reference == gone) {
            slot->kind = XS_UNDEFINED_KIND;
        }
    }
}

static void strip(txMachine *root, txSlot *slot) {
    if (slot->kind == XS_REFERENCE_KIND) {
        txSlot *gone = slot->value.reference;
        for (txSlot *property = gone->next; property; property = property->next) {
            if (property->ID == mxID(_prototype) && property->kind == XS_REFERENCE_KIND) {
                forget(root, property->value.reference);
            }
        }
        forget(root, gone);
    }
    slot->kind = XS_UNDEFINED_KIND;
}

/* The global object keeps a table of the built-ins that were looked up: in flash it must be full. What the manifest
 * strips stays as a name without a value, so that its functions find no way into the image. Compartments have a list
 * of globals of their own, and none is ever made. */
static void settle_globals(txMachine *root) {
    txSlot *global = root->stackTop[-1 - mxGlobalStackIndex].value.reference;
    for (txSlot *slot = global->next->next; slot; slot = slot->next) {
        if (slot->ID >= XS_SYMBOL_ID_COUNT && slot->ID < XS_INTRINSICS_COUNT) {
            global->next->value.table.address[slot->ID] = slot;
        }
        if (stripped(root, slot->ID)) {
            strip(root, slot);
        }
    }
    if (*es_stripped) {
        root->stackTop[-1 - mxCompartmentGlobalStackIndex].kind = XS_UNDEFINED_KIND;
    }
}

static void write_parts(txMachine *root) {
    list = es_host_open("frozen.txt", "wb");
    if (list < 0) {
        es_cpu_fail(ES_EXIT_FAULT, "freezer: frozen.txt can't be written");
    }
    part("area", es_heap_area, sizeof es_heap_area);
    settle_globals(root);
    settle_slots(root);
    list_chunks(root);
    part("machine", root, sizeof *root);
    part("table", root->keyArray, (size_t)root->keyIndex * sizeof(txSlot *));
    part("table", root->nameTable, (size_t)root->nameModulo * sizeof(txSlot *));
    part("table", root->symbolTable, (size_t)root->symbolModulo * sizeof(txSlot *));
    part("stack", root->stack, (size_t)((char *)root->stackTop - (char *)root->stack));
    part("aliases", NULL, root->aliasCount);
    undress(root);
    es_host_close(list);
    int file = es_host_open("frozen.bin", "wb");
    es_host_write(file, es_heap_area, sizeof es_heap_area);
    es_host_close(file);
}

int main(void) {
    static es_js js;
    static es_modules_store modules;
    es_cpu_calibrate();
    modules.items = es_flash_modules;
    modules.count = es_flash_module_count;
    if (!es_js_open(&js, &modules, &device)) {
        es_cpu_fail(ES_EXIT_FAULT, "freezer: %s: %s %s%s", js.fault.reason, js.fault.message, js.fault.stack,
                    modules.error);
    }
    write_parts(js.root);
    es_cpu_exit(ES_EXIT_OK);
}
