/* Natives of embedded:storage/files. Conversions and checks; the files are those of files_store.c. */
#include <errno.h>
#include <string.h>

#include "device.h"
#include "files_host.h"

#define LONGEST_READ (1 << 20)
#define LONGEST_FILE 9007199254740991.0 /* 2^53 - 1 */
#define MAGIC 0x656c6966u

/* What an instance of File holds: a word that tells it from other host objects, and the handle (NULL: closed). */
typedef struct file_slot {
    uint32_t magic;
    es_file_handle *handle;
} file_slot;

void es_file_gone(void *data) {
    file_slot *slot = data;
    if (slot) {
        if (slot->handle) {
            es_file_end(slot->handle, false); /* never closed: what was written is not kept */
        }
        free(slot);
    }
}

static void check(xsMachine *the, int problem) {
    if (problem != 0) {
        xsUnknownError("files: %s", strerror(problem));
    }
}

static void take_name(xsMachine *the, int index, char *to) {
    const char *text = es_argument_string(the, index, "path");
    if (strlen(text) > ES_FILES_NAME) {
        xsRangeError("path is too long");
    }
    strcpy(to, text);
}

static es_file_handle *handle_of(xsMachine *the) {
    file_slot *slot = xsmcGetHostData(xsThis);
    if (!slot || slot->magic != MAGIC) {
        xsTypeError("this is no file");
    }
    if (!slot->handle) {
        xsUnknownError("the file is closed");
    }
    return slot->handle;
}

/* es_file_open(path, mode), this: a fresh File. */
void es_file_open(xsMachine *the) {
    char name[ES_FILES_NAME + 1];
    es_file_handle *handle = NULL;
    take_name(the, 0, name);
    if (xsmcGetHostData(xsThis)) {
        xsTypeError("the file is open already");
    }
    check(the, es_files_open(name, es_argument_string(the, 1, "mode"), &handle));
    file_slot *slot = calloc(1, sizeof *slot);
    if (!slot) {
        es_file_end(handle, false);
        check(the, ENOMEM);
    }
    *slot = (file_slot){MAGIC, handle};
    xsmcSetHostData(xsThis, slot);
}

/* es_file_read(count, position): ArrayBuffer, shorter at the end. */
void es_file_read(xsMachine *the) {
    es_file_handle *handle = handle_of(the);
    size_t count = (size_t)es_argument_number(the, 0, 0, LONGEST_READ, "count"), got = 0;
    int64_t at = (int64_t)es_argument_number(the, 1, 0, LONGEST_FILE, "position");
    void *data = malloc(count + 1);
    int problem = data ? es_file_pull(handle, data, count, at, &got) : ENOMEM;
    if (problem == 0) {
        xsmcSetArrayBuffer(xsResult, data, (xsIntegerValue)got);
    }
    free(data);
    check(the, problem);
}

/* es_file_write(buffer, position) */
void es_file_write(xsMachine *the) {
    void *data;
    xsUnsignedValue bytes;
    es_file_handle *handle = handle_of(the);
    int64_t at = (int64_t)es_argument_number(the, 1, 0, LONGEST_FILE, "position");
    if (xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("buffer is no buffer");
    }
    xsmcGetBufferReadable(xsArg(0), &data, &bytes);
    check(the, es_file_push(handle, data, bytes, at));
}

/* es_file_size(): bytes. */
void es_file_size(xsMachine *the) {
    int64_t bytes = 0;
    check(the, es_file_length(handle_of(the), &bytes));
    xsmcSetNumber(xsResult, (xsNumberValue)bytes);
}

/* es_file_set_size(bytes) */
void es_file_set_size(xsMachine *the) {
    es_file_handle *handle = handle_of(the);
    check(the, es_file_resize(handle, (int64_t)es_argument_number(the, 0, 0, LONGEST_FILE, "length")));
}

/* es_file_flush() */
void es_file_flush(xsMachine *the) { check(the, es_file_commit(handle_of(the))); }

/* es_file_close(): twice is once. */
void es_file_close(xsMachine *the) {
    file_slot *slot = xsmcGetHostData(xsThis);
    if (!slot || slot->magic != MAGIC) {
        xsTypeError("this is no file");
    }
    es_file_handle *handle = slot->handle;
    slot->handle = NULL;
    check(the, handle ? es_file_end(handle, true) : 0);
}

/* es_path_size(path): bytes of a file, -1 for a folder, undefined where there is nothing. */
void es_path_size(xsMachine *the) {
    char name[ES_FILES_NAME + 1];
    es_file_status status;
    take_name(the, 0, name);
    int problem = es_files_status(name, &status);
    if (problem != ENOENT) {
        check(the, problem);
        xsmcSetNumber(xsResult, status.folder ? -1 : (xsNumberValue)status.size);
    }
}

static void done_or_absent(xsMachine *the, int problem, int absent) {
    if (problem != absent) {
        check(the, problem);
    }
    xsmcSetBoolean(xsResult, problem == 0);
}

/* es_path_delete(path): false where there was nothing. */
void es_path_delete(xsMachine *the) {
    char name[ES_FILES_NAME + 1];
    take_name(the, 0, name);
    done_or_absent(the, es_files_delete(name), ENOENT);
}

/* es_path_make(path): a folder; false where it was there. */
void es_path_make(xsMachine *the) {
    char name[ES_FILES_NAME + 1];
    take_name(the, 0, name);
    done_or_absent(the, es_files_make_folder(name), EEXIST);
}

/* es_path_move(from, to) */
void es_path_move(xsMachine *the) {
    char from[ES_FILES_NAME + 1], to[ES_FILES_NAME + 1];
    take_name(the, 0, from);
    take_name(the, 1, to);
    check(the, es_files_move(from, to));
}

/* es_path_name(folder, index): undefined after the last. */
void es_path_name(xsMachine *the) {
    char folder[ES_FILES_NAME + 1], name[ES_FILES_NAME + 64];
    take_name(the, 0, folder);
    check(the, es_files_nth(folder, (size_t)es_argument_number(the, 1, 0, 1e9, "index"), name, sizeof name));
    if (name[0]) {
        xsmcSetString(xsResult, name);
    }
}
