/* The storage that scripts know (host-sim/embedded/storage/storage_host.h), over the store in the flash's partition
 * "settings". JavaScript's task alone comes here once the kernel runs. */
#include <errno.h>
#include <string.h>

#include "board.h"
#include "earshot/store.h"
#include "flash.h"
#include "storage_host.h"

static es_store *store;
static uint8_t value[ES_STORE_VALUE];
static char name[ES_STORE_NAME + 1];

/* One line for each way in which settings can be gone; the firmware goes on with its defaults. */
void es_board_open_storage(es_board *board) {
    es_flash flash;
    es_store_found found = ES_STORE_KEPT;
    es_status status = es_flash_writable("settings", &flash, board->options.flash_errors) ? ES_OK : ES_E_STATE;
    if (status == ES_OK) {
        es_arena_init(&board->storage_arena, es_storage_area, es_storage_area_bytes);
        status = es_store_open(&store, &board->storage_arena, &flash, &found);
    }
    if (status == ES_E_STATE) {
        es_report_log("error storage: the flash has no partition for settings: none are kept");
    } else if (status != ES_OK) {
        es_report_log("error storage: the settings in flash can't be read (%s): defaults are used, none are kept",
                      es_status_name(status));
    } else if (found == ES_STORE_LOST) {
        es_report_log("error storage: the settings in flash were damaged: defaults are used");
    }
}

es_status es_storage_open(const char *file) {
    (void)file;
    return ES_OK;
}

void es_storage_close(void) {}

const uint8_t *es_storage_get(const char *path, const char *key, size_t *bytes) {
    es_status status = store ? es_store_get(store, path, key, value, sizeof value, bytes) : ES_E_STATE;
    if (status != ES_OK && status != ES_E_STATE) {
        es_report_log("error storage: the setting %s/%s can't be read (%s)", path, key, es_status_name(status));
    }
    return status == ES_OK ? value : NULL;
}

int es_storage_put(const char *path, const char *key, const uint8_t *data, size_t bytes) {
    es_status status = !store ? ES_E_IO
                       : data ? es_store_put(store, path, key, data, bytes)
                              : es_store_delete(store, path, key);
    return status == ES_OK ? 0 : status == ES_E_FULL ? ENOSPC : status == ES_E_ARGUMENT ? EINVAL : EIO;
}

const char *es_storage_nth(const char *path, size_t index) {
    return store && es_store_key(store, path, index, name) == ES_OK ? name : NULL;
}
