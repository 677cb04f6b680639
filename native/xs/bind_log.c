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

/* es_date(): the device's calendar, milliseconds since 1970. */
void es_date(xsMachine *the) {
    es_device *device = es_device_of(the);
    es_runtime_stats stats;
    es_runtime_stats_read(device->runtime, &stats);
    xsmcSetNumber(xsResult, device->date(device->owner, stats.t));
}
