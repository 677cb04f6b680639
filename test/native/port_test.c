/* The port of the host: files in memory, and time. */
#define _XOPEN_SOURCE 700

#include "earshot/port.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/earshot-port-XXXXXX";
static char path[64];

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, size_t bytes) {
    FILE *file = fopen(in_folder(name), "wb");
    for (size_t k = 0; k < bytes; k++) {
        fputc((int)(k % 251), file);
    }
    fclose(file);
}

static void a_file_is_mapped_whole(void) {
    es_port_file file;
    write_file("some", 100001);
    CHECK_EQ(es_port_map(in_folder("some"), &file), ES_OK);
    CHECK_EQ(file.bytes, 100001);
    CHECK_EQ((uintptr_t)file.data % 16, 0);
    CHECK_EQ(file.data[100000], 100000 % 251);
    es_port_unmap(&file);
    CHECK(file.data == NULL);
    es_port_unmap(&file);
    unlink(in_folder("some"));
}

static void an_empty_file_has_no_bytes(void) {
    es_port_file file;
    write_file("empty", 0);
    CHECK_EQ(es_port_map(in_folder("empty"), &file), ES_OK);
    CHECK(file.data == NULL && file.bytes == 0);
    es_port_unmap(&file);
    unlink(in_folder("empty"));
}

static void what_is_no_file_is_named_by_its_status(void) {
    es_port_file file;
    CHECK_EQ(es_port_map(in_folder("missing"), &file), ES_E_ARGUMENT);
    CHECK_EQ(es_port_map(folder, &file), ES_E_UNSUPPORTED);
    CHECK_EQ(mkfifo(in_folder("pipe"), 0600), 0);
    CHECK_EQ(es_port_map(in_folder("pipe"), &file), ES_E_UNSUPPORTED); /* and it does not wait for a writer */
    unlink(in_folder("pipe"));
    es_port_unmap(&file);
}

static void sleeping_ends_after_its_moment(void) {
    int64_t start = es_port_now();
    es_port_sleep_until(start - 1000000);
    es_port_sleep_until(start + 20000000);
    CHECK(es_port_now() >= start + 20000000);
}

int main(void) {
    if (!mkdtemp(folder)) {
        return 1;
    }
    RUN(a_file_is_mapped_whole);
    RUN(an_empty_file_has_no_bytes);
    RUN(what_is_no_file_is_named_by_its_status);
    RUN(sleeping_ends_after_its_moment);
    rmdir(folder);
    DONE();
}
