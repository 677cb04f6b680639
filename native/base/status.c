/* Names of the status codes. */
#include "earshot/status.h"

const char *es_status_name(es_status status) {
    switch (status) {
    case ES_OK:
        return "OK";
    case ES_E_ARGUMENT:
        return "ARGUMENT";
    case ES_E_MEMORY:
        return "MEMORY";
    case ES_E_FULL:
        return "FULL";
    case ES_E_SHORT:
        return "SHORT";
    case ES_E_MAGIC:
        return "MAGIC";
    case ES_E_VERSION:
        return "VERSION";
    case ES_E_CHECKSUM:
        return "CHECKSUM";
    case ES_E_CORRUPT:
        return "CORRUPT";
    case ES_E_UNSUPPORTED:
        return "UNSUPPORTED";
    case ES_E_IO:
        return "IO";
    case ES_E_STATE:
        return "STATE";
    }
    return "UNKNOWN";
}
