#include "cpu.h"

#include <stdarg.h>
#include <stdio.h>

#include "FreeRTOS.h"
#include "task.h"

#include "uart.h"

#define TEST_DEVICE ((volatile uint32_t *)0x00100000)
#define PASS 0x5555u
#define FAIL 0x3333u
#define MTIME_RATE 10000000u
#define TURNS 50000u

static unsigned shift; /* the counter counts 2^shift an instruction */
static uint32_t per_second;

static uint64_t counter(void) {
    uint32_t high, low, again;
    do {
        __asm__ volatile("csrr %0, mcycleh\n csrr %1, mcycle\n csrr %2, mcycleh" : "=r"(high), "=r"(low), "=r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

static uint64_t mtime(void) {
    volatile uint32_t *at = (volatile uint32_t *)configMTIME_BASE_ADDRESS;
    uint32_t high, low;
    do {
        high = at[1];
        low = at[0];
    } while (high != at[1]);
    return (uint64_t)high << 32 | low;
}

uint32_t es_count_loop(uint32_t turns); /* start.S */

/* QEMU 7.2 counts virtual nanoseconds in mcycle, other versions instructions: measured on a loop of known length. */
void es_cpu_calibrate(void) {
    uint64_t time = mtime(), count = counter();
    es_count_loop(TURNS);
    uint64_t counted = counter() - count, took = mtime() - time;
    uint64_t instructions = 2 * TURNS;
    while ((counted >> shift) > instructions + instructions / 4) {
        shift++;
    }
    /* The board's speeds are 10^9 / 2^k instructions a second. */
    uint64_t rate = took ? instructions * MTIME_RATE / took : 0;
    per_second = 1000000000u;
    while (per_second > rate + rate / 4) {
        per_second /= 2;
    }
}

void freertos_risc_v_trap_handler(void);

void es_cpu_take_traps(void) { __asm__ volatile("csrw mtvec, %0" : : "r"(freertos_risc_v_trap_handler)); }

uint64_t es_cpu_instructions(void) { return counter() >> shift; }

uint32_t es_cpu_per_second(void) { return per_second; }

void es_cpu_exit(int code) {
    *TEST_DEVICE = code == 0 ? PASS : (uint32_t)code << 16 | FAIL;
    for (;;) {
    }
}

void es_cpu_fail(int code, const char *format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    es_uart_write(text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
    es_uart_write("\r\n", 2);
    es_cpu_exit(code);
}

/* The kernel's trap handler comes here with what is neither its tick nor its yield. */
void freertos_risc_v_application_exception_handler(uint32_t cause) {
    uint32_t where, value;
    __asm__ volatile("csrr %0, mepc\n csrr %1, mtval" : "=r"(where), "=r"(value));
    es_cpu_fail(ES_EXIT_EXCEPTION, "fault: the task %s stopped at %08lx: cause %lu, value %08lx", pcTaskGetName(NULL),
                (unsigned long)where, (unsigned long)cause, (unsigned long)value);
}

void freertos_risc_v_application_interrupt_handler(uint32_t cause) {
    es_cpu_fail(ES_EXIT_EXCEPTION, "fault: interrupt %lx that nobody wants", (unsigned long)cause);
}

void es_freertos_assert(const char *file, int line) {
    es_cpu_fail(ES_EXIT_ASSERT, "fault: the kernel's check in %s:%d failed", file, line);
}

void vApplicationStackOverflowHook(TaskHandle_t task, char *name) {
    (void)task;
    es_cpu_fail(ES_EXIT_ASSERT, "fault: the stack of the task %s is full", name);
}

void vApplicationIdleHook(void) { __asm__ volatile("wfi"); }
