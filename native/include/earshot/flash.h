/* What the store asks of a flash part: three functions over a partition. Addresses are bytes from the partition's
 * start. A board supplies them; the tests have a simulated one. */
#ifndef EARSHOT_FLASH_H
#define EARSHOT_FLASH_H

#include <stdint.h>

#include "earshot/status.h"

typedef struct es_flash {
    void *context;
    uint32_t block_bytes; /* what one erase clears, 512 or more; an erased byte is 0xff */
    uint32_t blocks;      /* of the partition, 4 or more */
    uint32_t unit_bytes;  /* smallest piece that can be read and programmed, a power of two up to 256 */
    /* Pieces are whole units inside one block. ES_E_IO, or another code: the part answered with an error.
     * `program` returns ES_E_CORRUPT when what stands there now is not what was to be written: the store then takes
     * another block. Each returns when the part is done. */
    es_status (*read)(void *context, uint32_t address, void *data, uint32_t bytes);
    es_status (*program)(void *context, uint32_t address, const void *data, uint32_t bytes);
    es_status (*erase)(void *context, uint32_t address); /* of a block's first byte */
} es_flash;

#endif
