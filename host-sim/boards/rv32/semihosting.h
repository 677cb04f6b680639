/* Files of the PC that runs the emulator: the only way in and out beside the serial port and the flash.
 * Paths are relative to the emulator's folder. A call costs the instructions it executes and no time. */
#ifndef EARSHOT_RV32_SEMIHOSTING_H
#define EARSHOT_RV32_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/* A handle, or -1. */
int es_host_open(const char *path, const char *mode);
void es_host_close(int handle);
size_t es_host_length(int handle);
/* Bytes read: less than asked for at the end. */
size_t es_host_read(int handle, void *to, size_t bytes);
void es_host_write(int handle, const void *from, size_t bytes);
/* The emulator's arguments for the firmware, words separated by blanks. */
void es_host_arguments(char *to, size_t size);

#endif
