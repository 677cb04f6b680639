/* The modules of a program: bytecode with final key numbers, run in place by each clone. A PC compiles them at start
 * (compile.c), a board has them in flash (boards/rv32/xs). Out: names resolved, code for fxLoadModule. */
#ifndef EARSHOT_XS_MODULES_H
#define EARSHOT_XS_MODULES_H

#include "manifest_tables.h"

typedef struct es_module {
    const char *name;
    const char *source; /* path in the project, without extension */
    bool preload;       /* its body runs in the root: clones share it */
    const txByte *code;
    txSize code_size;
} es_module;

typedef struct es_modules_store {
    const es_module *items;
    int count;
    size_t code_bytes;
    const char *folder; /* of scripts, on a PC */
    bool lines;
    char error[512]; /* the sentence of the last failure */
} es_modules_store;

/* Gives each module its code and the root the keys that it names. Called once, inside the root's host frame, before the
 * root is shared. False: `error` says what is wrong. */
bool es_modules_settle(es_modules_store *store, txMachine *root);
/* By name, or by the path of the source; NULL when there is none. */
const es_module *es_modules_find(const es_modules_store *store, const char *name);
/* Resolve `specifier` against the module `from` ("" for none) into `name`. False: no such module. */
bool es_modules_resolve(const es_modules_store *store, const char *from, const char *specifier, char *name,
                        size_t size);

#endif
