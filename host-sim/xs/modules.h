/* The modules of a program, compiled once to bytecode with final key numbers, then run in place by each clone.
 * This is what a board without the parser does with bytecode in flash. In: compiled JavaScript with source maps, from
 * the folder of scripts. Out: code for fxLoadModule. */
#ifndef EARSHOT_XS_MODULES_H
#define EARSHOT_XS_MODULES_H

#include "manifest_tables.h"

typedef struct es_module {
    char name[96];
    char source[160];
    bool preload;
    bool loaded; /* its body runs in the root: clones share it */
    txByte *code;
    txSize code_size;
} es_module;

#define ES_MAX_MODULES 256

typedef struct es_modules_store {
    const char *folder; /* of scripts */
    es_module items[ES_MAX_MODULES];
    int count;
    size_t code_bytes;
    char error[512]; /* the sentence of the last failure */
} es_modules_store;

/* Takes the generated table. False: `error` says what is wrong. */
bool es_modules_open(es_modules_store *store, const char *folder);
/* One more module, named by its path; for tests. */
bool es_modules_add(es_modules_store *store, const char *source);
/* Compile all to the root's keys. Call it once, inside the root's host frame, before the root is shared. */
bool es_modules_compile(es_modules_store *store, txMachine *root);
void es_modules_close(es_modules_store *store);
/* By name, or by the path of the source; NULL when there is none. */
const es_module *es_modules_find(const es_modules_store *store, const char *name);
/* Resolve `specifier` against the module `from` ("" for none) into `name`. False: no such module. */
bool es_modules_resolve(const es_modules_store *store, const char *from, const char *specifier, char *name,
                        size_t size);

#endif
