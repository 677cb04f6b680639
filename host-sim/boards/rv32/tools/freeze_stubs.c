/* What the natives name and only a run would supply: the freezer calls none of it. */
#include <sys/time.h>

#include "storage_host.h"

const uint8_t *es_storage_get(const char *path, const char *key, size_t *bytes) {
    (void)path, (void)key;
    *bytes = 0;
    return NULL;
}

int es_storage_put(const char *path, const char *key, const uint8_t *value, size_t bytes) {
    (void)path, (void)key, (void)value, (void)bytes;
    return 1;
}

const char *es_storage_nth(const char *path, size_t index) {
    (void)path, (void)index;
    return NULL;
}

int es_time_of_day(struct timeval *now, void *zone) {
    (void)zone;
    *now = (struct timeval){0};
    return 0;
}

extern char __boot_stack_bottom[];
char *fxCStackLimit(void) { return __boot_stack_bottom; }
