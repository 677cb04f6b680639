#include "modules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xsScript.h"

/* Exported by the engine, declared in none of its headers. */
extern void fxRemapIDs(txMachine *the, txByte *code, txSize size, txID *ids);

#define LONGEST_FILE (4 << 20)
#define WIDE_READ 16      /* the engine reads text by words: bytes after the last one must be there */
#define PARSER_TABLE 1993 /* symbols' hash table, a prime */

static bool fail(es_modules_store *store, const char *what, const char *name) {
    snprintf(store->error, sizeof store->error, what, name);
    return false;
}

static bool add(es_modules_store *store, const char *name, const char *source, bool preload) {
    if (store->count == ES_MAX_MODULES) {
        return fail(store, "more than 256 modules: no room for %s", name);
    }
    es_module *item = &store->items[store->count];
    if (strlen(name) >= sizeof item->name || strlen(source) >= sizeof item->source) {
        return fail(store, "the name of module %s is too long", name);
    }
    strcpy(item->name, name);
    strcpy(item->source, source);
    item->preload = preload;
    store->count++;
    return true;
}

bool es_modules_open(es_modules_store *store, const char *folder) {
    *store = (es_modules_store){.folder = folder};
    for (const es_module_entry *entry = es_modules; entry->name; entry++) {
        if (!add(store, entry->name, entry->source, entry->preload)) {
            return false;
        }
    }
    return true;
}

bool es_modules_add(es_modules_store *store, const char *source) { return add(store, source, source, false); }

const es_module *es_modules_find(const es_modules_store *store, const char *name) {
    for (int i = 0; i < store->count; i++) {
        if (strcmp(store->items[i].name, name) == 0) {
            return &store->items[i];
        }
    }
    for (int i = 0; i < store->count; i++) {
        if (strcmp(store->items[i].source, name) == 0) {
            return &store->items[i];
        }
    }
    return NULL;
}

/* Drop the last part of a path: "a/b" becomes "a", "a" becomes "". False when there was none. */
static bool drop_last(char *path) {
    if (path[0] == 0) {
        return false;
    }
    char *slash = strrchr(path, '/');
    *(slash ? slash : path) = 0;
    return true;
}

bool es_modules_resolve(const es_modules_store *store, const char *from, const char *specifier, char *name,
                        size_t size) {
    char path[512] = "";
    const char *rest = specifier;
    if (strncmp(rest, "./", 2) == 0 || strncmp(rest, "../", 3) == 0) {
        if (strlen(from) >= sizeof path) {
            return false;
        }
        strcpy(path, from);
        drop_last(path);
        while (strncmp(rest, "./", 2) == 0 || strncmp(rest, "../", 3) == 0) {
            bool up = rest[1] == '.';
            if (up && !drop_last(path)) {
                return false;
            }
            rest += up ? 3 : 2;
        }
    }
    size_t length = strlen(rest);
    for (int i = 0; i < 2; i++) {
        if (length > 3 && strcmp(rest + length - 3, i ? ".ts" : ".js") == 0) {
            length -= 3;
        }
    }
    int written = snprintf(name, size, "%s%s%.*s", path, path[0] ? "/" : "", (int)length, rest);
    if (written < 0 || (size_t)written >= size) {
        return false;
    }
    const es_module *module = es_modules_find(store, name);
    if (!module) {
        return false;
    }
    snprintf(name, size, "%s", module->name);
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
    fxInitializeParser(&parser, the, 256 * 1024, PARSER_TABLE);
    parser.firstJump = &jump;
    if (c_setjmp(jump.jmp_buf) == 0) {
        fxParserTree(&parser, &code, fxStringCGetter, mxDebugFlag, NULL);
        if (map) {
            fxParserSourceMap(&parser, &lines, fxStringCGetter, mxDebugFlag, &source);
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
    item->code = calloc(1, (size_t)script->codeSize + WIDE_READ);
    item->code_size = script->codeSize;
    memcpy(item->code, script->codeBuffer, (size_t)script->codeSize);
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

bool es_modules_compile(es_modules_store *store, txMachine *root) {
    for (int i = 0; i < store->count; i++) {
        fxNewNameC(root, store->items[i].name); /* the loader names modules: no clone shall spend a key on it */
        if (!compile(store, root, &store->items[i])) {
            return false;
        }
    }
    return true;
}

void es_modules_close(es_modules_store *store) {
    for (int i = 0; i < store->count; i++) {
        free(store->items[i].code);
    }
    store->count = 0;
}
