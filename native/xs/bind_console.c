/* The serial console for scripts: a line up, a reply down. */
#include "device.h"

/* es_console(callback): callback(line, json, letters) returns the reply, whose last line is `ok` or `error ...`.
 * `letters` is how long the line was when it came in: more than `line` has when its end found no room. */
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

bool es_device_line(xsMachine *the, es_device *device, const char *line, size_t letters, bool json) {
    if (!device->has_console) {
        return false;
    }
    xsmcVars(4);
    xsmcSetString(xsVar(0), (xsStringValue)line);
    xsmcSetBoolean(xsVar(1), json);
    xsmcSetInteger(xsVar(2), letters < INT32_MAX ? (xsIntegerValue)letters : INT32_MAX);
    xsmcSetUndefined(xsVar(3));
    xsResult = xsCallFunction3(xsAccess(device->console), xsVar(3), xsVar(0), xsVar(1), xsVar(2));
    xsmcToString(xsResult);
    return true;
}
