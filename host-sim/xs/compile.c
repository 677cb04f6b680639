/* Modules of a PC: compiled from the folder of scripts by the engine's own parser. */
#include "compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xsScript.h"

/* Exported by the engine, declared in none of its headers. */
extern void fxRemapIDs(txMachine *the, txByte *code, txSize size, txID *ids);

#define MAX_MODULES 256
#define LONGEST_FILE (4 << 20)
#define WIDE_READ 16      /* the engine reads text by words: bytes after the last one must be there */
#define PARSER_TABLE 1993 /* symbols' hash table, a prime */

static bool fail(es_modules_store *store, const char *what, const char *name) {
    snprintf(store->error, sizeof store->error, what, name);
    return false;
}

/* The store's own modules; only here they change. */
static es_module *own(es_modules_store *store) { return (es_module *)store->items; }

static bool add(es_modules_store *store, const char *name, const char *source, bool preload) {
    if (store->count == MAX_MODULES) {
        return fail(store, "more than 256 modules: no room for %s", name);
    }
    own(store)[store->count++] = (es_module){.name = name, .source = source, .preload = preload};
    return true;
}

bool es_modules_open(es_modules_store *store, const char *folder, bool lines) {
    *store = (es_modules_store){.folder = folder, .lines = lines};
    store->items = calloc(MAX_MODULES, sizeof(es_module));
    if (!store->items) {
        return fail(store, "no memory for the modules%s", "");
    }
    for (const es_module_entry *entry = es_modules; entry->name; entry++) {
        if (!add(store, entry->name, entry->source, entry->preload)) {
            return false;
        }
    }
    return true;
}

/* The file's bytes with a zero after them, from malloc; NULL when it can't be read. */
static char *read_text(const char *path, size_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        if (size >= 0 && size <= LONGEST_FILE && fseek(file, 0, SEEK_SET) == 0 && (text = malloc((size_t)size + 1))) {
            *bytes = fread(text, 1, (size_t)size, file);
            text[*bytes] = 0;
        }
    }
    fclose(file);
    return text;
}

static txScript *parse(es_modules_store *store, txMachine *the, const es_module *item, char *text, size_t bytes,
                       char *map, size_t map_bytes) {
    txParser parser;
    txParserJump jump;
    txScript *volatile script = NULL;
    txStringCStream code = {.buffer = text, .offset = 0, .size = (txSize)bytes};
    txStringCStream lines = {.buffer = map, .offset = 0, .size = (txSize)map_bytes};
    txString source = NULL;
    txUnsigned flags = store->lines ? mxDebugFlag : 0;
    fxInitializeParser(&parser, the, 256 * 1024, PARSER_TABLE);
    parser.firstJump = &jump;
    if (c_setjmp(jump.jmp_buf) == 0) {
        fxParserTree(&parser, &code, fxStringCGetter, flags, NULL);
        if (map) {
            fxParserSourceMap(&parser, &lines, fxStringCGetter, flags, &source);
        }
        if (parser.errorCount == 0) {
            parser.path = fxNewParserSymbol(&parser, source ? source : (txString)item->source);
            fxParserHoist(&parser);
            fxParserBind(&parser);
            script = fxParserCode(&parser);
        }
    }
    if (parser.errorCount != 0 || !script) {
        snprintf(store->error, sizeof store->error, "the script %s/%s.js can't be parsed", store->folder, item->source);
        script = NULL;
    }
    fxTerminateParser(&parser);
    return script;
}

/* The instruction that leaves functions, or text, where the code lies; the plain one copies each to the heap. */
static txByte in_place(txByte code) {
    switch ((txU1)code) {
    case XS_CODE_CODE_1:
        return (txByte)XS_CODE_CODE_ARCHIVE_1;
    case XS_CODE_CODE_2:
        return (txByte)XS_CODE_CODE_ARCHIVE_2;
    case XS_CODE_CODE_4:
        return (txByte)XS_CODE_CODE_ARCHIVE_4;
    case XS_CODE_STRING_1:
        return (txByte)XS_CODE_STRING_ARCHIVE_1;
    case XS_CODE_STRING_2:
        return (txByte)XS_CODE_STRING_ARCHIVE_2;
    case XS_CODE_STRING_4:
        return (txByte)XS_CODE_STRING_ARCHIVE_4;
    default:
        return code;
    }
}

static void keep_in_place(txByte *code, txSize size) {
    for (txByte *p = code, *end = code + size; p < end;) {
        txS1 length =
            gxCodeSizes[(txU1)*p]; /* of the instruction; 0: a key follows; -n: n bytes of length, then data */
        *p = in_place(*p);
        if (length > 0) {
            p += length;
        } else if (length == 0) {
            p += 1 + sizeof(txID);
        } else {
            uint32_t data = 0;
            memcpy(&data, p + 1, (size_t)-length); /* little-endian, like the engine's own reader */
            p += 1 - length + data;
        }
    }
}

/* Give the script's symbols their final numbers. The engine then neither rewrites nor frees the code. */
static void settle(txMachine *the, txScript *script, es_module *item) {
    txByte *p = script->symbolsBuffer;
    txID count;
    mxDecodeID(p, count);
    txID *ids = calloc(count ? count : 1, sizeof(txID));
    for (txID i = 1; i < count; i++) {
        ids[i] = fxNewNameC(the, (txString)p);
        p += strlen((char *)p) + 1;
    }
    fxRemapIDs(the, script->codeBuffer, script->codeSize, ids);
    free(ids);
    keep_in_place(script->codeBuffer, script->codeSize);
    txByte *copy = calloc(1, (size_t)script->codeSize + WIDE_READ);
    memcpy(copy, script->codeBuffer, (size_t)script->codeSize);
    item->code = copy;
    item->code_size = script->codeSize;
    fxDeleteScript(script);
}

static bool compile(es_modules_store *store, txMachine *the, es_module *item) {
    char path[4096];
    size_t bytes = 0, map_bytes = 0;
    int length = snprintf(path, sizeof path, "%s/%s.js", store->folder, item->source);
    if (length < 0 || (size_t)length + 5 > sizeof path) {
        return fail(store, "the path of module %s is too long", item->name);
    }
    char *text = read_text(path, &bytes);
    if (!text) {
        return fail(store, "the script of module %s can't be read", item->name);
    }
    strcpy(path + length, ".map");
    char *map = read_text(path, &map_bytes);
    txScript *script = parse(store, the, item, text, bytes, map, map_bytes);
    free(map);
    free(text);
    if (!script) {
        return false;
    }
    settle(the, script, item);
    store->code_bytes += (size_t)item->code_size;
    return true;
}

bool es_modules_settle(es_modules_store *store, txMachine *root) {
    for (int i = 0; i < store->count; i++) {
        fxNewNameC(root,
                   (txString)store->items[i].name); /* the loader names modules: no clone shall spend a key on it */
        if (!compile(store, root, &own(store)[i])) {
            return false;
        }
    }
    return true;
}

void es_modules_close(es_modules_store *store) {
    for (int i = 0; i < store->count; i++) {
        free((void *)store->items[i].code);
    }
    free(own(store));
    store->items = NULL;
    store->count = 0;
}
