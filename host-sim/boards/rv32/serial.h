/* The serial console's lines: from the serial port, or from a script that gives one line each 100 ms of capture time.
 * A line ends with CR, LF or CRLF. Letters beyond LONGEST are counted, not kept; bytes that are no UTF-8 become U+FFFD
 * when the line is taken; a line that comes while one waits is dropped and counted. */
#ifndef EARSHOT_RV32_SERIAL_H
#define EARSHOT_RV32_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ES_SERIAL_LINE 512

/* `script`: a file of the PC, or NULL for the port itself; `raw`: its bytes come at the port's full speed. */
void es_serial_open(const char *script, bool raw);
/* JavaScript's task: the line that waits, or NULL. Valid until es_serial_done. */
const char *es_serial_line(size_t *letters);
void es_serial_done(void);
void es_serial_reply(const char *text);
/* Lines and bytes that were dropped so far. */
uint32_t es_serial_dropped(void);
/* A script has more lines, or one waits. */
bool es_serial_more(void);

/* The interrupt: before each block of sound, and each millisecond. */
void es_serial_block_from_isr(uint32_t block);
void es_serial_poll_from_isr(void);

#endif
