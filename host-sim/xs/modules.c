#include "modules.h"

#include <stdio.h>
#include <string.h>

const es_module *es_modules_find(const es_modules_store *store, const char *name) {
    for (int i = 0; i < store->count; i++) {
        if (strcmp(store->items[i].name, name) == 0) {
            return &store->items[i];
        }
    }
    for (int i = 0; i < store->count; i++) {
        if (strcmp(store->items[i].source, name) == 0) {
            return &store->items[i];
        }
    }
    return NULL;
}

/* Drop the last part of a path: "a/b" becomes "a", "a" becomes "". False when there was none. */
static bool drop_last(char *path) {
    if (path[0] == 0) {
        return false;
    }
    char *slash = strrchr(path, '/');
    *(slash ? slash : path) = 0;
    return true;
}

bool es_modules_resolve(const es_modules_store *store, const char *from, const char *specifier, char *name,
                        size_t size) {
    char path[512] = "";
    const char *rest = specifier;
    if (strncmp(rest, "./", 2) == 0 || strncmp(rest, "../", 3) == 0) {
        if (strlen(from) >= sizeof path) {
            return false;
        }
        strcpy(path, from);
        drop_last(path);
        while (strncmp(rest, "./", 2) == 0 || strncmp(rest, "../", 3) == 0) {
            bool up = rest[1] == '.';
            if (up && !drop_last(path)) {
                return false;
            }
            rest += up ? 3 : 2;
        }
    }
    size_t length = strlen(rest);
    for (int i = 0; i < 2; i++) {
        if (length > 3 && strcmp(rest + length - 3, i ? ".ts" : ".js") == 0) {
            length -= 3;
        }
    }
    int written = snprintf(name, size, "%s%s%.*s", path, path[0] ? "/" : "", (int)length, rest);
    if (written < 0 || (size_t)written >= size) {
        return false;
    }
    const es_module *module = es_modules_find(store, name);
    if (!module) {
        return false;
    }
    snprintf(name, size, "%s", module->name);
    return true;
}
