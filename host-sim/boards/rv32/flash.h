/* Flash bank 1: a table of partitions, written by the PC; what lies in them is used in place. */
#ifndef EARSHOT_RV32_FLASH_H
#define EARSHOT_RV32_FLASH_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the partition `name`; NULL when there is none. */
const uint8_t *es_flash_partition(const char *name, size_t *bytes);

#endif
