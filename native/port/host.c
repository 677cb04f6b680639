#define _POSIX_C_SOURCE 200809L

#include "earshot/port.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000

static es_status map_open(int fd, es_port_file *file) {
    struct stat about;
    void *data;
    if (fstat(fd, &about) != 0) {
        return ES_E_IO;
    }
    if (!S_ISREG(about.st_mode)) {
        return ES_E_UNSUPPORTED;
    }
    if (about.st_size == 0) {
        return ES_OK; /* nothing to map; who opens it says that it is short */
    }
    data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) {
        return ES_E_IO;
    }
    file->data = data;
    file->bytes = (size_t)about.st_size;
    return ES_OK;
}

es_status es_port_map(const char *path, es_port_file *file) {
    /* Without O_NONBLOCK a named pipe would be waited for. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    es_status status;
    file->data = NULL;
    file->bytes = 0;
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? ES_E_ARGUMENT : ES_E_IO;
    }
    status = map_open(fd, file);
    close(fd);
    return status;
}

void es_port_unmap(es_port_file *file) {
    if (file->data) {
        munmap((void *)file->data, file->bytes);
    }
    file->data = NULL;
    file->bytes = 0;
}

int64_t es_port_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

void es_port_sleep_until(int64_t when) {
    struct timespec until = {.tv_sec = (time_t)(when / SECOND), .tv_nsec = (long)(when % SECOND)};
    while (when > 0 && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}
