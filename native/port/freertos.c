#include "freertos.h"

#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"

#define BLOCKS_A_SECOND 100
#define WORD sizeof(StackType_t)
/* Bytes. The marks of all recordings of the tests stay below three quarters (npm run report:memory). */
#define MUSIC_STACK 15360 /* the decoder of libopus keeps its arrays there */
#define CAPTURE_STACK 1536
#define RECOGNIZER_STACK 5120
#define SCRIPT_STACK 11264

enum { IDLE, MUSIC, CAPTURE, RECOGNIZER, SCRIPT };
enum { PRIORITY_SCRIPT = 2, PRIORITY_RECOGNIZER, PRIORITY_CAPTURE, PRIORITY_MUSIC };
#define SCRIPT_PATIENCE 2 /* blocks */

const char *const es_freertos_names[ES_FREERTOS_TASKS] = {"idle", "music", "capture", "recognizer", "javascript"};

static StackType_t music_stack[MUSIC_STACK / WORD], capture_stack[CAPTURE_STACK / WORD],
    recognizer_stack[RECOGNIZER_STACK / WORD], script_stack[SCRIPT_STACK / WORD];

static struct {
    es_freertos_config config;
    StaticTask_t tcb[ES_FREERTOS_TASKS];
    TaskHandle_t task[ES_FREERTOS_TASKS];
    StaticSemaphore_t mutex_memory;
    SemaphoreHandle_t mutex;
    uint64_t first_block; /* instruction at which the first block came */
    uint32_t blocks;
    volatile uint32_t script_ran; /* block in which JavaScript last had its turn */
    uint64_t idle_before, busiest_second;
} port;

/* ---- instructions by task ---- */

static struct {
    bool on;
    unsigned task;
    uint64_t since; /* it runs */
    uint64_t spent[ES_FREERTOS_TASKS];
} account;

/* The kernel calls it with interrupts off. An interrupt's own instructions go to the task that it interrupts. */
void es_freertos_switched_in(unsigned long task) {
    if (!account.on) {
        return;
    }
    uint64_t now = port.config.instructions();
    account.spent[account.task] += now - account.since;
    account.since = now;
    account.task = (unsigned)task;
    if (port.config.switched) {
        port.config.switched((unsigned)task, now);
    }
}

/* With interrupts off. */
static uint64_t spent_by(unsigned task) {
    return account.spent[task] + (account.task == task ? port.config.instructions() - account.since : 0);
}

/* ---- how the tasks keep out of each other's way ---- */

static void enter(void *context) {
    (void)context;
    taskENTER_CRITICAL();
}

static void leave(void *context) {
    (void)context;
    taskEXIT_CRITICAL();
}

static bool kernel_runs(void) { return xTaskGetSchedulerState() == taskSCHEDULER_RUNNING; }

static void lock(void *context) {
    (void)context;
    if (kernel_runs()) {
        xSemaphoreTake(port.mutex, portMAX_DELAY);
    }
}

static void unlock(void *context) {
    (void)context;
    if (kernel_runs()) {
        xSemaphoreGive(port.mutex);
    }
}

static uint64_t clock_now(void *context) {
    (void)context;
    return port.config.instructions() - port.first_block;
}

static uint64_t spent(void *context) {
    (void)context;
    taskENTER_CRITICAL();
    uint64_t value = spent_by(account.task);
    taskEXIT_CRITICAL();
    return value;
}

const es_tasking es_freertos_tasking = {enter, leave, lock, unlock, clock_now, spent, NULL};

/* ---- the tasks ---- */

static void music_task(void *unused) {
    static int16_t block[ES_PLAY_BLOCK * ES_PLAY_CHANNELS];
    uint64_t told = 0;
    (void)unused;
    for (;;) {
        ulTaskNotifyTake(pdFALSE, portMAX_DELAY); /* one block for each notice */
        es_runtime_sound(port.config.runtime, block);
        uint64_t missing = port.config.speaker(block);
        for (; told < missing; told++) {
            es_runtime_underrun(port.config.runtime);
        }
        /* A block that is due comes before one that will be. */
        while (ulTaskNotifyValueClear(NULL, 0) == 0 && es_runtime_ahead(port.config.runtime)) {
        }
    }
}

/* A turn at the recogniser's priority ends with the piece of work or with the block: a long piece made words late. */
static void lower_script(void) {
    if (uxTaskBasePriorityGet(port.task[SCRIPT]) != PRIORITY_SCRIPT) {
        port.script_ran = port.blocks;
        vTaskPrioritySet(port.task[SCRIPT], PRIORITY_SCRIPT);
    }
}

static void hear(es_microphone kind, const int16_t *samples) {
    es_runtime *runtime = port.config.runtime;
    if (kind == ES_MICROPHONE_LOST) {
        es_runtime_missed(runtime);
        return;
    }
    if (kind == ES_MICROPHONE_ENDED) {
        es_runtime_end_of_sound(runtime);
    }
    es_runtime_capture(runtime, kind == ES_MICROPHONE_SOUND ? samples : NULL);
}

static void capture_task(void *unused) {
    static int16_t samples[ES_TICK_SAMPLES];
    (void)unused;
    for (;;) {
        es_microphone kind;
        ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
        while ((kind = port.config.microphone(samples)) != ES_MICROPHONE_NONE) {
            hear(kind, samples);
        }
        lower_script();
        xTaskNotifyGive(port.task[RECOGNIZER]);
    }
}

static void let_script_run(void) {
    if (port.blocks - port.script_ran >= SCRIPT_PATIENCE) {
        vTaskPrioritySet(port.task[SCRIPT], uxTaskPriorityGet(NULL));
        taskYIELD();
    }
}

static void recognizer_task(void *unused) {
    (void)unused;
    for (;;) {
        ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
        while (es_runtime_slice(port.config.runtime)) {
            let_script_run();
        }
    }
}

static void script_task(void *unused) {
    (void)unused;
    port.config.start();
    for (;;) {
        ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
        bool more;
        do {
            more = es_runtime_script(port.config.runtime);
            port.script_ran = port.blocks;
            vTaskPrioritySet(NULL, PRIORITY_SCRIPT);
        } while (more);
    }
}

static const struct {
    TaskFunction_t run;
    StackType_t *stack;
    uint32_t bytes;
    UBaseType_t priority;
} TASKS[ES_FREERTOS_TASKS] = {
    [IDLE] = {NULL, NULL, configMINIMAL_STACK_SIZE *WORD, 0}, /* the kernel's own */
    [MUSIC] = {music_task, music_stack, MUSIC_STACK, PRIORITY_MUSIC},
    [CAPTURE] = {capture_task, capture_stack, CAPTURE_STACK, PRIORITY_CAPTURE},
    [RECOGNIZER] = {recognizer_task, recognizer_stack, RECOGNIZER_STACK, PRIORITY_RECOGNIZER},
    [SCRIPT] = {script_task, script_stack, SCRIPT_STACK, PRIORITY_SCRIPT},
};

void es_freertos_run(const es_freertos_config *config) {
    port.config = *config;
    port.mutex = xSemaphoreCreateMutexStatic(&port.mutex_memory);
    for (unsigned k = MUSIC; k < ES_FREERTOS_TASKS; k++) {
        UBaseType_t priority = k == MUSIC && config->music_last ? 1 : TASKS[k].priority;
        port.task[k] = xTaskCreateStatic(TASKS[k].run, es_freertos_names[k], TASKS[k].bytes / WORD, NULL, priority,
                                         TASKS[k].stack, &port.tcb[k]);
        vTaskSetTaskNumber(port.task[k], k);
    }
    account.since = config->instructions();
    account.on = true;
    vTaskStartScheduler();
}

static void close_second(void) {
    uint64_t idle = spent_by(IDLE), second = port.config.instructions() - port.first_block;
    static uint64_t before;
    uint64_t busy = second - before - (idle - port.idle_before);
    before = second;
    port.idle_before = idle;
    port.busiest_second = busy > port.busiest_second ? busy : port.busiest_second;
}

void es_freertos_block_from_isr(void) {
    BaseType_t woken = pdFALSE;
    if (port.blocks == 0) {
        port.first_block = port.config.instructions();
        port.idle_before = spent_by(IDLE);
    } else if (port.blocks % BLOCKS_A_SECOND == 0) {
        close_second();
    }
    port.blocks++;
    vTaskNotifyGiveFromISR(port.task[MUSIC], &woken);
    vTaskNotifyGiveFromISR(port.task[CAPTURE], &woken);
    vTaskNotifyGiveFromISR(port.task[SCRIPT], &woken);
    portYIELD_FROM_ISR(woken);
}

void es_freertos_wake_script_from_isr(void) {
    BaseType_t woken = pdFALSE;
    vTaskNotifyGiveFromISR(port.task[SCRIPT], &woken);
    portYIELD_FROM_ISR(woken);
}

void *es_freertos_script_stack(void) { return script_stack; }

void es_freertos_stats_read(es_freertos_stats *stats) {
    taskENTER_CRITICAL();
    for (unsigned k = 0; k < ES_FREERTOS_TASKS; k++) {
        stats->instructions[k] = spent_by(k);
        stats->stack_size[k] = TASKS[k].bytes;
    }
    stats->busiest_second = port.busiest_second;
    taskEXIT_CRITICAL();
    for (unsigned k = 0; k < ES_FREERTOS_TASKS; k++) {
        TaskHandle_t task = k == IDLE ? xTaskGetIdleTaskHandle() : port.task[k];
        stats->stack_used[k] = stats->stack_size[k] - (uint32_t)(uxTaskGetStackHighWaterMark(task) * WORD);
    }
}
