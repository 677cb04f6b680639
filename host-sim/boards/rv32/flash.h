/* Flash bank 1: a table of partitions, written by the PC; what lies in them is used in place. Of the
 * NOR flash's commands this uses those of Intel's set, on two 16-bit parts side by side. */
#ifndef EARSHOT_RV32_FLASH_H
#define EARSHOT_RV32_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "earshot/flash.h"

/* Bytes of the partition `name`; NULL when there is none. */
const uint8_t *es_flash_partition(const char *name, size_t *bytes);
/* The partition as a flash that can be written; false when there is none. `broken`: it answers with errors, for the
 * test of that. While it is written no task runs: the whole bank reads as status then, as on a real part. */
bool es_flash_writable(const char *name, es_flash *flash, bool broken);

#endif
