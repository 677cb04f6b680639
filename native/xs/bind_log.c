/* Lines that leave the script: the trace (deterministic, part of the contract) and the log (for people). */
#include "device.h"

#include <string.h>

/* es_trace(line) */
void es_trace(xsMachine *the) {
    es_device *device = es_device_of(the);
    const char *line = es_argument_string(the, 0, "line");
    device->trace(device->owner, line, strlen(line));
}

/* es_log(line) */
void es_log(xsMachine *the) {
    es_device *device = es_device_of(the);
    const char *line = es_argument_string(the, 0, "line");
    device->log(device->owner, line, strlen(line));
}

/* es_date_set(ms): UTC, from now on. */
void es_date_set(xsMachine *the) {
    es_device *device = es_device_of(the);
    es_runtime_stats stats;
    double ms = es_argument_number(the, 0, -8.64e15, 8.64e15, "ms");
    es_runtime_stats_read(device->runtime, &stats);
    device->set_date(device->owner, ms, stats.t);
}

/* es_restart(): false when this board can't; else the program is replaced when this call has ended. */
void es_restart(xsMachine *the) {
    es_device *device = es_device_of(the);
    if (device->restart) {
        device->restart(device->owner);
    }
    xsmcSetBoolean(xsResult, device->restart != NULL);
}

/* es_date(): the device's calendar, UTC, milliseconds since 1970; NaN while it is not known. */
void es_date(xsMachine *the) {
    es_device *device = es_device_of(the);
    es_runtime_stats stats;
    es_runtime_stats_read(device->runtime, &stats);
    xsmcSetNumber(xsResult, device->date(device->owner, stats.t));
}
