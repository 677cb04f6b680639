#include "internal.h"

#define TICKS_A_SECOND 100

void es_cpu_init(es_cpu *cpu, uint64_t tick_instructions, bool real, const es_watcher *watcher) {
    *cpu = (es_cpu){.tick = tick_instructions, .left = UINT64_MAX, .real = real, .watcher = watcher};
}

void es_cpu_begin_tick(es_cpu *cpu) {
    if (cpu->ticks % TICKS_A_SECOND == 0) {
        cpu->second = 0;
    }
    cpu->ticks++;
    cpu->used = 0;
    cpu->left = cpu->tick && !cpu->real ? cpu->tick : UINT64_MAX;
}

static void pay(es_cpu *cpu, es_task task) {
    uint64_t amount = cpu->owed[task] < cpu->left ? cpu->owed[task] : cpu->left;
    cpu->owed[task] -= amount;
    if (cpu->ticks == 0) {
        return; /* before the first tick no time passes */
    }
    if (amount > 0 && cpu->watcher) {
        cpu->watcher->slice(cpu->watcher->context, task, (cpu->ticks - 1) * cpu->tick + cpu->used, amount);
    }
    cpu->left -= amount;
    cpu->used += amount;
    cpu->second += amount;
    if (cpu->second > cpu->busiest_second) {
        cpu->busiest_second = cpu->second;
    }
}

void es_cpu_charge(es_cpu *cpu, es_task task, const es_work *work) {
    cpu->total[task].macs += work->macs;
    cpu->total[task].weight_bytes += work->weight_bytes;
    cpu->total[task].instructions += work->instructions;
    cpu->issued[task] += work->instructions;
    if (!cpu->real) { /* else the board's own clock knows what the tasks took */
        cpu->owed[task] += work->instructions;
        pay(cpu, task);
    }
}

bool es_cpu_ready(es_cpu *cpu, es_task task) {
    if (cpu->real) {
        return true;
    }
    pay(cpu, task);
    return cpu->owed[task] == 0 && cpu->left > 0;
}

uint64_t es_cpu_paid(const es_cpu *cpu, es_task task) { return cpu->issued[task] - cpu->owed[task]; }
