/* What the bytecode compiler (boards/rv32/tools) writes: the modules' code, and the keys that it names. */
#ifndef EARSHOT_RV32_BYTECODE_H
#define EARSHOT_RV32_BYTECODE_H

#include "modules.h"

extern const es_module es_flash_modules[];
extern const int es_flash_module_count;
/* Keys from the engine's own on, in the order of their numbers. */
extern const int es_flash_first_key;
extern const char *const es_flash_keys[];
extern const int es_flash_key_count;

#endif
