/* Modules of a PC: from compiled JavaScript with source maps in the folder of scripts to bytecode with final keys. */
#ifndef EARSHOT_XS_COMPILE_H
#define EARSHOT_XS_COMPILE_H

#include "modules.h"

/* Takes the generated table. `lines`: keep source lines, for an engine built with mxDebug. False: `error` says what is
 * wrong. */
bool es_modules_open(es_modules_store *store, const char *folder, bool lines);
void es_modules_close(es_modules_store *store);

#endif
