/* Tables that host-sim/build writes from manifest.json: build/host/gen/tables.c. */
#ifndef EARSHOT_XS_MANIFEST_TABLES_H
#define EARSHOT_XS_MANIFEST_TABLES_H

#include <stdbool.h>

#include "xsAll.h"

typedef struct es_module_entry {
    const char *name;   /* as importers write it */
    const char *source; /* path in the project without extension; the compiled script lies at <scripts>/<source>.js */
    bool preload;       /* its body runs once, in the shared root machine */
} es_module_entry;

typedef struct es_native_entry {
    const char *name;
    txCallback function;
} es_native_entry;

typedef struct es_destructor_entry {
    const char *name;
    txDestructor function;
} es_destructor_entry;

extern const es_module_entry es_modules[];         /* ends with a NULL name */
extern const es_native_entry es_natives[];         /* ends with a NULL name */
extern const es_destructor_entry es_destructors[]; /* likewise */
extern const txCreation es_creation;               /* the device's memory limits */
extern const char *const es_main_module;

#endif
