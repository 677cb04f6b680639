/* The freezer's half of modules.h: code that lies in flash, keys by their known numbers. */
#include <stdio.h>

#include "bytecode.h"
#include "xsAll.h"

bool es_modules_settle(es_modules_store *store, txMachine *root) {
    if (root->keyIndex != es_flash_first_key) {
        snprintf(store->error, sizeof store->error, "the engine has %d keys of its own, the bytecode expects %d",
                 (int)root->keyIndex, es_flash_first_key);
        return false;
    }
    for (int i = 0; i < es_flash_key_count; i++) {
        if (fxNewNameX(root, (txString)es_flash_keys[i]) != es_flash_first_key + i) {
            snprintf(store->error, sizeof store->error, "the key %s has another number than in the bytecode",
                     es_flash_keys[i]);
            return false;
        }
    }
    return true;
}
