/* Status codes of the native engine. Every boundary returns one; nothing aborts.
 * People's sentences are made in TypeScript or in the host tools from the code's name. */
#ifndef EARSHOT_STATUS_H
#define EARSHOT_STATUS_H

typedef enum es_status {
    ES_OK = 0,
    ES_E_ARGUMENT = -1,    /* a caller's value is out of its stated range */
    ES_E_MEMORY = -2,      /* the arena is smaller than es_x_bytes() asked for */
    ES_E_FULL = -3,        /* a bounded queue is full; the caller counts it */
    ES_E_SHORT = -4,       /* the input ends before its own lengths say */
    ES_E_MAGIC = -5,       /* the input is not of this kind */
    ES_E_VERSION = -6,     /* the input is of another version of this kind */
    ES_E_CHECKSUM = -7,    /* the checksum over the input does not hold */
    ES_E_CORRUPT = -8,     /* an offset, count or index is outside its bounds */
    ES_E_UNSUPPORTED = -9, /* well formed, but of a form that is not handled */
    ES_E_IO = -10,         /* the port could not read or write */
    ES_E_STATE = -11       /* not allowed in the present state */
} es_status;

/* The name of a code without its prefix, e.g. "CHECKSUM"; never NULL. */
const char *es_status_name(es_status status);

#endif
