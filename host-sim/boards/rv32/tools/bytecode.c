/* earshot-bytecode OUT SCRIPTS [--no-regexp]: the modules of the manifest, compiled on this PC to bytecode that a board
 * runs in place. In: compiled JavaScript in SCRIPTS. Out: OUT/bytecode.bin, and OUT/bytecode.S and OUT/bytecode.c that
 * name its parts. The engine must be of the board's version and have its width of keys; the board checks the first
 * key's number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "xsAll.h"
#include "xsScript.h"

#define ALIGNMENT 16
#define PADDING 16 /* the engine reads text by words: bytes after the last one must be there */

/* ---- what the engine asks its host for ---- */

void fxCreateMachinePlatform(txMachine *the) { the->host = NULL; }
void fxDeleteMachinePlatform(txMachine *the) { (void)the; }
void fxQueuePromiseJobs(txMachine *the) { (void)the; }
void fxAbort(txMachine *the, int status) {
    (void)the;
    fprintf(stderr, "earshot-bytecode: the engine stopped (status %d)\n", status);
    exit(1);
}
txID fxFindModule(txMachine *the, txSlot *realm, txID from_id, txSlot *slot) {
    (void)the, (void)realm, (void)from_id, (void)slot;
    return XS_NO_ID;
}
void fxLoadModule(txMachine *the, txSlot *module, txID id) { (void)the, (void)module, (void)id; }
void fxConnect(txMachine *the) { (void)the; }
void fxDisconnect(txMachine *the) { (void)the; }
txBoolean fxIsConnected(txMachine *the) { return (void)the, 0; }
txBoolean fxIsReadable(txMachine *the) { return (void)the, 0; }
void fxReceive(txMachine *the) { (void)the; }
void fxSend(txMachine *the, txBoolean more) { (void)the, (void)more; }

/* ---- what a board can't run ---- */

/* The module that holds a literal regular expression, where the board has none; or NULL. */
static const char *with_regexp(const es_modules_store *store) {
    for (int i = 0; i < store->count; i++) {
        const txByte *p = store->items[i].code, *end = p + store->items[i].code_size;
        while (p < end) {
            txS1 length = gxCodeSizes[(txU1)*p];
            uint32_t data = 0;
            if ((txU1)*p == XS_CODE_REGEXP) {
                return store->items[i].source;
            }
            if (length < 0) {
                memcpy(&data, p + 1, (size_t)-length);
            }
            p += length > 0 ? (uint32_t)length : length == 0 ? 1 + sizeof(txID) : (uint32_t)(1 - length) + data;
        }
    }
    return NULL;
}

/* ---- output ---- */

static FILE *open_out(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        fprintf(stderr, "earshot-bytecode: %s can't be written\n", path);
        exit(1);
    }
    return file;
}

static void write_code(const es_modules_store *store, const char *folder) {
    static const char zeros[ALIGNMENT + PADDING];
    FILE *bin = open_out(folder, "bytecode.bin"), *asm_file = open_out(folder, "bytecode.S");
    long at = 0;
    fprintf(asm_file, "    .section .bytecode, \"a\"\n");
    for (int i = 0; i < store->count; i++) {
        const es_module *item = &store->items[i];
        long size = item->code_size, pad = PADDING + (ALIGNMENT - (size + PADDING) % ALIGNMENT) % ALIGNMENT;
        fwrite(item->code, 1, (size_t)size, bin);
        fwrite(zeros, 1, (size_t)pad, bin);
        fprintf(asm_file,
                "    .balign 16\n    .globl es_code_%d\nes_code_%d:\n    .incbin \"bytecode.bin\", %ld, %ld\n", i, i,
                at, size + pad);
        at += size + pad;
    }
    fclose(bin);
    fclose(asm_file);
}

static void write_string(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\' || c < 0x20 || c >= 0x7f) {
            fprintf(out, "\\%03o", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void write_tables(const es_modules_store *store, txMachine *the, int first, const char *folder) {
    FILE *out = open_out(folder, "bytecode.c");
    fprintf(out, "/* Written by earshot-bytecode; changes here are lost. */\n#include \"bytecode.h\"\n\n");
    for (int i = 0; i < store->count; i++) {
        fprintf(out, "extern const txByte es_code_%d[];\n", i);
    }
    fprintf(out, "\nconst es_module es_flash_modules[] = {\n");
    for (int i = 0; i < store->count; i++) {
        const es_module *item = &store->items[i];
        fprintf(out, "    {");
        write_string(out, item->name);
        fprintf(out, ", ");
        write_string(out, item->source);
        fprintf(out, ", %s, es_code_%d, %ld},\n", item->preload ? "true" : "false", i, (long)item->code_size);
    }
    fprintf(out, "};\nconst int es_flash_module_count = %d;\nconst int es_flash_first_key = %d;\n", store->count,
            first);
    fprintf(out, "const char *const es_flash_keys[] = {\n");
    for (int id = first; id < (int)the->keyIndex; id++) {
        fprintf(out, "    ");
        write_string(out, fxGetKeyName(the, (txID)id));
        fprintf(out, ",\n");
    }
    fprintf(out, "};\nconst int es_flash_key_count = %d;\n", (int)the->keyIndex - first);
    fclose(out);
}

int main(int argc, char **argv) {
    static es_modules_store store;
    txCreation creation = es_creation;
    if (argc < 3) {
        fprintf(stderr, "earshot-bytecode: OUT and SCRIPTS are wanted, and maybe --no-regexp.\n");
        return 2;
    }
    creation.initialChunkSize = creation.incrementalChunkSize = 1 << 20;
    creation.initialHeapCount = creation.incrementalHeapCount = 1 << 16;
    creation.stackCount = 4096;
    creation.initialKeyCount = creation.incrementalKeyCount = 8192;
    txMachine *the = fxCreateMachine(&creation, "bytecode", NULL, XS_NO_ID);
    int first = the->keyIndex;
    bool settled = false;
    fxBeginHost(the);
    settled = es_modules_open(&store, argv[2], false) && es_modules_settle(&store, the);
    const char *source = settled && argc > 3 ? with_regexp(&store) : NULL;
    if (source) {
        fprintf(stderr, "%s.ts: a regular expression; manifest.json strips RegExp from this board\n", source);
        settled = false;
    } else if (settled) {
        write_code(&store, argv[1]);
        write_tables(&store, the, first, argv[1]);
    } else {
        fprintf(stderr, "earshot-bytecode: %s\n", store.error);
    }
    fxEndHost(the);
    return settled ? 0 : 1;
}
