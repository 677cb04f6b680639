/* The serial port, an NS16550, polled. */
#ifndef EARSHOT_RV32_UART_H
#define EARSHOT_RV32_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void es_uart_write(const char *bytes, size_t count);
/* One byte that has come; false: none. */
bool es_uart_read(uint8_t *byte);

#endif
