/* The core: counted instructions, the end of the run, faults. */
#ifndef EARSHOT_RV32_CPU_H
#define EARSHOT_RV32_CPU_H

#include <stdint.h>

/* Exit codes of the emulator. 0 to 3 are the firmware's own verdict. */
enum {
    ES_EXIT_OK = 0,
    ES_EXIT_FAULT = 1,
    ES_EXIT_INPUT = 2,
    ES_EXIT_WATCHDOG = 95, /* the run never came to its end */
    ES_EXIT_EXCEPTION = 96,
    ES_EXIT_EARLY = 97, /* a fault before the kernel ran, start.S */
    ES_EXIT_ASSERT = 98
};

/* Finds out how the counter counts, once, before anything else. */
void es_cpu_calibrate(void);
/* Faults and interrupts go to the kernel from now on. */
void es_cpu_take_traps(void);
/* Instructions since reset. */
uint64_t es_cpu_instructions(void);
/* Instructions in a second of the board's time, found by es_cpu_calibrate. */
uint32_t es_cpu_per_second(void);
void es_cpu_exit(int code) __attribute__((noreturn));
/* One line on the serial port, then the end. */
void es_cpu_fail(int code, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));

#endif
