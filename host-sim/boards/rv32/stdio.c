/* picolibc's streams: what the engine's last words go to. */
#include <stdio.h>

#include "cpu.h"
#include "uart.h"

static int put(char c, FILE *file) {
    (void)file;
    es_uart_write(&c, 1);
    return 0;
}

static FILE serial = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdin = &serial;
FILE *const stdout = &serial;
FILE *const stderr = &serial;

/* The engine's last resort. */
void abort(void) { es_cpu_fail(ES_EXIT_FAULT, "fault: the firmware gave up"); }
void _exit(int code) { es_cpu_exit(code ? code : ES_EXIT_FAULT); }
