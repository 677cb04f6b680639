#include "semihosting.h"

#include <string.h>

enum { OPEN = 0x01, CLOSE = 0x02, WRITE = 0x05, READ = 0x06, LENGTH = 0x0c, GET_CMDLINE = 0x15 };

int es_semihosting(int operation, const void *arguments); /* start.S */

int es_host_open(const char *path, const char *mode) {
    static const char *const modes[] = {"r", "rb", "r+", "r+b", "w", "wb", "w+", "w+b", "a", "ab"};
    uintptr_t arguments[3] = {(uintptr_t)path, 1, strlen(path)};
    for (uintptr_t k = 0; k < sizeof modes / sizeof modes[0]; k++) {
        if (strcmp(modes[k], mode) == 0) {
            arguments[1] = k;
        }
    }
    return es_semihosting(OPEN, arguments);
}

void es_host_close(int handle) {
    const uintptr_t arguments[1] = {(uintptr_t)handle};
    es_semihosting(CLOSE, arguments);
}

size_t es_host_length(int handle) {
    const uintptr_t arguments[1] = {(uintptr_t)handle};
    int length = es_semihosting(LENGTH, arguments);
    return length < 0 ? 0 : (size_t)length;
}

size_t es_host_read(int handle, void *to, size_t bytes) {
    const uintptr_t arguments[3] = {(uintptr_t)handle, (uintptr_t)to, bytes};
    int left = es_semihosting(READ, arguments);
    return left < 0 || (size_t)left > bytes ? 0 : bytes - (size_t)left;
}

void es_host_write(int handle, const void *from, size_t bytes) {
    const uintptr_t arguments[3] = {(uintptr_t)handle, (uintptr_t)from, bytes};
    es_semihosting(WRITE, arguments);
}

void es_host_arguments(char *to, size_t size) {
    const uintptr_t arguments[2] = {(uintptr_t)to, size};
    to[0] = 0;
    if (es_semihosting(GET_CMDLINE, arguments) != 0) {
        to[0] = 0;
    }
}
