/* Who ran when, for the timeline page. timeline.bin: one u64le for each switch of tasks, the instruction since reset
 * << 3 | the task (the order of es_freertos_names). */
#ifndef EARSHOT_RV32_TIMELINE_H
#define EARSHOT_RV32_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

bool es_timeline_open(void);
void es_timeline_switched(unsigned task, uint64_t at);

#endif
