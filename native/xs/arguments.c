/* Checks of a native's arguments. In: the script's values. Out: C values, or an exception of the script. */
#include "device.h"

static void missing(xsMachine *the, int index, const char *name) {
    if (xsmcArgc <= index) {
        xsTypeError("%s is missing", name);
    }
}

double es_argument_number(xsMachine *the, int index, double least, double most, const char *name) {
    missing(the, index, name);
    xsType type = xsmcTypeOf(xsArg(index));
    if (type != xsIntegerType && type != xsNumberType) {
        xsTypeError("%s is no number", name);
    }
    double value = xsmcToNumber(xsArg(index));
    if (!(value >= least && value <= most)) { /* NaN fails too */
        xsRangeError("%s is out of range", name);
    }
    return value;
}

bool es_argument_boolean(xsMachine *the, int index, const char *name) {
    missing(the, index, name);
    if (xsmcTypeOf(xsArg(index)) != xsBooleanType) {
        xsTypeError("%s is no boolean", name);
    }
    return xsmcToBoolean(xsArg(index)) != 0;
}

const char *es_argument_string(xsMachine *the, int index, const char *name) {
    missing(the, index, name);
    xsType type = xsmcTypeOf(xsArg(index));
    if (type != xsStringType && type != xsStringXType) {
        xsTypeError("%s is no string", name);
    }
    return xsmcToString(xsArg(index));
}

void es_argument_function(xsMachine *the, int index, const char *name) {
    missing(the, index, name);
    if (!xsmcIsCallable(xsArg(index))) {
        xsTypeError("%s is no function", name);
    }
}
