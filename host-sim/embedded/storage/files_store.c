#define _GNU_SOURCE
#include "files_host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct es_file_handle {
    int fd;
    bool writable, changed;
    char path[PATH_MAX];
    char aside[PATH_MAX + 8]; /* empty: open for reading */
};

static struct {
    char root[PATH_MAX / 2];
    bool temporary, made;
} files;

void es_files_begin(const char *storage) {
    files.made = false;
    files.temporary = !storage;
    if (storage) {
        snprintf(files.root, sizeof files.root, "%s.files", storage);
    } else {
        const char *folder = getenv("TMPDIR");
        snprintf(files.root, sizeof files.root, "%s/earshot-files-XXXXXX", folder && *folder ? folder : "/tmp");
    }
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

void es_files_end(void) {
    if (files.temporary && files.made) {
        nftw(files.root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    files.made = false;
}

/* The folder is made when a script first asks for a file. */
static int need_root(void) {
    if (!files.made) {
        bool good = files.temporary ? mkdtemp(files.root) != NULL : mkdir(files.root, 0755) == 0 || errno == EEXIST;
        if (!good) {
            return errno;
        }
        files.made = true;
    }
    return 0;
}

/* "" is the root itself. */
static int full_path(const char *name, char *path, size_t size) {
    size_t length = strlen(name);
    if (length > ES_FILES_NAME || name[0] == '/' || (length > 0 && name[length - 1] == '/')) {
        return EINVAL;
    }
    for (const char *part = name; *part;) {
        size_t bytes = strcspn(part, "/");
        if (bytes == 0 || (bytes <= 2 && strspn(part, ".") >= bytes)) {
            return EINVAL;
        }
        part += bytes + (part[bytes] == '/');
    }
    int problem = need_root();
    snprintf(path, size, "%s%s%s", files.root, length ? "/" : "", name);
    return problem;
}

static int copy_all(int from, int to) {
    char buffer[8192];
    ssize_t got;
    while ((got = read(from, buffer, sizeof buffer)) > 0) {
        if (write(to, buffer, (size_t)got) != got) {
            return errno ? errno : ENOSPC;
        }
    }
    return got < 0 ? errno : 0;
}

static int open_aside(es_file_handle *file, bool anew) {
    snprintf(file->aside, sizeof file->aside, "%s.part", file->path);
    file->writable = true;
    file->changed = anew;
    int old = anew ? -1 : open(file->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (!anew && old < 0) {
        return errno;
    }
    file->fd = open(file->aside, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    int problem = file->fd < 0 ? errno : old < 0 ? 0 : copy_all(old, file->fd);
    if (old >= 0) {
        close(old);
    }
    return problem;
}

int es_files_open(const char *name, const char *mode, es_file_handle **result) {
    es_file_handle *file = calloc(1, sizeof *file);
    if (!file) {
        return ENOMEM;
    }
    file->fd = -1;
    int problem = name[0] ? full_path(name, file->path, sizeof file->path) : EINVAL;
    if (problem == 0 && strcmp(mode, "r") == 0) {
        file->fd = open(file->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        problem = file->fd < 0 ? errno : 0;
    } else if (problem == 0) {
        problem = open_aside(file, mode[0] == 'w');
    }
    if (problem != 0) {
        es_file_end(file, false);
        return problem;
    }
    *result = file;
    return 0;
}

int es_file_commit(es_file_handle *file) {
    if (!file->writable || !file->changed) {
        return 0;
    }
    /* The handle goes on with the aside copy under its new name; the next change makes no new one, so it is copied. */
    if (fsync(file->fd) != 0 || rename(file->aside, file->path) != 0) {
        return errno;
    }
    int old = file->fd;
    file->fd = open(file->aside, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    int problem = file->fd < 0 ? errno : lseek(old, 0, SEEK_SET) < 0 ? errno : copy_all(old, file->fd);
    close(old);
    file->changed = false;
    return problem;
}

int es_file_end(es_file_handle *file, bool keep) {
    int problem = keep ? es_file_commit(file) : 0;
    if (file->fd >= 0) {
        close(file->fd);
    }
    if (file->aside[0]) {
        unlink(file->aside);
    }
    free(file);
    return problem;
}

int es_file_pull(es_file_handle *file, void *data, size_t bytes, int64_t at, size_t *got) {
    ssize_t done = pread(file->fd, data, bytes, at);
    *got = done > 0 ? (size_t)done : 0;
    return done < 0 ? errno : 0;
}

int es_file_push(es_file_handle *file, const void *data, size_t bytes, int64_t at) {
    if (!file->writable) {
        return EBADF;
    }
    file->changed = true;
    ssize_t done = pwrite(file->fd, data, bytes, at);
    return done < 0 ? errno : (size_t)done == bytes ? 0 : ENOSPC;
}

int es_file_length(es_file_handle *file, int64_t *bytes) {
    struct stat about;
    if (fstat(file->fd, &about) != 0) {
        return errno;
    }
    *bytes = about.st_size;
    return 0;
}

int es_file_resize(es_file_handle *file, int64_t bytes) {
    if (!file->writable) {
        return EBADF;
    }
    file->changed = true;
    return ftruncate(file->fd, bytes) == 0 ? 0 : errno;
}

int es_files_status(const char *name, es_file_status *status) {
    char path[PATH_MAX];
    struct stat about;
    int problem = full_path(name, path, sizeof path);
    if (problem == 0 && lstat(path, &about) != 0) {
        problem = errno;
    }
    if (problem == 0) {
        *status = (es_file_status){S_ISDIR(about.st_mode), about.st_size, about.st_mode};
    }
    return problem;
}

int es_files_delete(const char *name) {
    char path[PATH_MAX];
    int problem = name[0] ? full_path(name, path, sizeof path) : EINVAL;
    return problem ? problem : remove(path) == 0 ? 0 : errno;
}

int es_files_move(const char *from, const char *to) {
    char old_path[PATH_MAX], new_path[PATH_MAX];
    int problem = from[0] && to[0] ? full_path(from, old_path, sizeof old_path) : EINVAL;
    if (problem == 0) {
        problem = full_path(to, new_path, sizeof new_path);
    }
    return problem ? problem : rename(old_path, new_path) == 0 ? 0 : errno;
}

int es_files_make_folder(const char *name) {
    char path[PATH_MAX];
    int problem = full_path(name, path, sizeof path);
    return problem ? problem : mkdir(path, 0755) == 0 ? 0 : errno;
}

static int visible(const struct dirent *entry) {
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

int es_files_nth(const char *folder, size_t index, char *name, size_t size) {
    char path[PATH_MAX];
    struct dirent **entries;
    int problem = full_path(folder, path, sizeof path);
    int count = problem ? 0 : scandir(path, &entries, visible, by_bytes);
    name[0] = 0;
    if (problem || count < 0) {
        return problem ? problem : errno;
    }
    for (int i = 0; i < count; i++) {
        if ((size_t)i == index) {
            snprintf(name, size, "%s", entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    return 0;
}
