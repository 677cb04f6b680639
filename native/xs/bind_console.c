/* The serial console for scripts: a line up, a reply down. */
#include "device.h"

/* es_console(callback): callback(line, json) returns the reply, whose last line is `ok` or `error ...`. */
void es_console(xsMachine *the) {
    es_device *device = es_device_of(the);
    es_argument_function(the, 0, "callback");
    if (device->has_console) {
        xsForget(device->console);
    }
    device->console = xsArg(0);
    xsRemember(device->console);
    device->has_console = true;
}

bool es_device_line(xsMachine *the, es_device *device, const char *line, bool json) {
    if (!device->has_console) {
        return false;
    }
    xsmcVars(3);
    xsmcSetString(xsVar(0), (xsStringValue)line);
    xsmcSetBoolean(xsVar(1), json);
    xsmcSetUndefined(xsVar(2));
    xsResult = xsCallFunction2(xsAccess(device->console), xsVar(2), xsVar(0), xsVar(1));
    xsmcToString(xsResult);
    return true;
}
