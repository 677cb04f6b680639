#include "timeline.h"

#include "semihosting.h"

#define RECORDS 256

static int file;
static uint32_t used;
static uint64_t records[RECORDS]; /* instruction << 3 | task */

bool es_timeline_open(void) {
    file = es_host_open("timeline.bin", "wb");
    return file >= 0;
}

void es_timeline_switched(unsigned task, uint64_t at) {
    records[used++] = at << 3 | task;
    if (used == RECORDS) {
        es_host_write(file, records, sizeof records);
        used = 0;
    }
}
