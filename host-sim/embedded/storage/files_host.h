/* Files of scripts, under one folder of the PC. Names are relative, of parts without "." and ".."; links are not
 * followed. A file that is open for writing is a copy aside: flush and close bring it to the disk and rename it over
 * the old one, anything else leaves the old one as it is. */
#ifndef EARSHOT_FILES_HOST_H
#define EARSHOT_FILES_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ES_FILES_NAME 192

typedef struct es_file_handle es_file_handle;

typedef struct es_file_status {
    bool folder;
    int64_t size;
    uint32_t mode;
} es_file_status;

/* Beside the storage file, or a folder that ends with the process (NULL). */
void es_files_begin(const char *storage);
void es_files_end(void);

/* Each returns 0 or errno. mode: "r" read, "r+" read and write what is there, "w" and "w+" begin anew. */
int es_files_open(const char *name, const char *mode, es_file_handle **file);
int es_files_status(const char *name, es_file_status *status);
int es_files_delete(const char *name);
int es_files_move(const char *from, const char *to);
int es_files_make_folder(const char *name);
/* The n-th name of a folder, in the order of their bytes; `name` is empty after the last. */
int es_files_nth(const char *folder, size_t index, char *name, size_t size);

int es_file_pull(es_file_handle *file, void *data, size_t bytes, int64_t at, size_t *got);
int es_file_push(es_file_handle *file, const void *data, size_t bytes, int64_t at);
int es_file_length(es_file_handle *file, int64_t *bytes);
int es_file_resize(es_file_handle *file, int64_t bytes);
int es_file_commit(es_file_handle *file);
/* Commits when `keep`, and frees. */
int es_file_end(es_file_handle *file, bool keep);

#endif
