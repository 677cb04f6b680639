/* What the XS engine asks of a board beside host-sim/xs/engine_hooks.c. */
#include "xsAll.h"
#include "xsScript.h"

/* Source text can't be compiled on a board: eval and Function throw. */
txScript *fxParseScript(txMachine *the, void *stream, txGetter getter, txUnsigned flags) {
    (void)the;
    (void)stream;
    (void)getter;
    (void)flags;
    return NULL;
}
