#include "uart.h"

#define UART ((volatile uint8_t *)0x10000000)
#define DATA 0
#define LINE_STATUS 5
#define HAS_BYTE 0x01
#define CAN_SEND 0x20

void es_uart_write(const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        while (!(UART[LINE_STATUS] & CAN_SEND)) {
        }
        UART[DATA] = (uint8_t)bytes[i];
    }
}

bool es_uart_read(uint8_t *byte) {
    if (!(UART[LINE_STATUS] & HAS_BYTE)) {
        return false;
    }
    *byte = UART[DATA];
    return true;
}
