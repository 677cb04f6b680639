/* What the engine's surroundings give: files in memory, a clock for paced runs. The runtime itself needs none of it:
 * it is the owner of the runtime (a host program, a task of a board) that calls these. */
#ifndef EARSHOT_PORT_H
#define EARSHOT_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "earshot/status.h"

/* A whole file, read-only, aligned to at least 16 bytes: mapped on a host, in place in flash on a board. */
typedef struct es_port_file {
    const uint8_t *data; /* NULL when the file is empty */
    size_t bytes;
} es_port_file;

/* ES_E_ARGUMENT: there is no such file; ES_E_UNSUPPORTED: it is a folder or no plain file; ES_E_IO: it can't be read.
 */
es_status es_port_map(const char *path, es_port_file *file);
/* May be called twice, and after a failed es_port_map. */
void es_port_unmap(es_port_file *file);

/* Nanoseconds of a clock that never goes back; its zero means nothing. */
int64_t es_port_now(void);
/* Returns at or soon after that moment of es_port_now, at once when it has passed. */
void es_port_sleep_until(int64_t when);

#endif
