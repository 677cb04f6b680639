/* CRC-32 as in zlib and PNG (polynomial 0xEDB88320, reflected). Finds every error burst of up to 32 bits. */
#ifndef EARSHOT_CRC32_H
#define EARSHOT_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Begin with crc = 0; pieces may follow one another. */
uint32_t es_crc32(uint32_t crc, const void *data, size_t bytes);

#endif
