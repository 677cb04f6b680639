/* earshot-xs-test MODULE...: runs files of TypeScript tests in the real engine, each in a fresh clone with the device's
 * memory limits. In: module names, paths without extension. Out: failures and a closing line `N passed, N failed` on
 * standard output; exit code 1 when a test failed, a file had none, or a file could not run. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "compile.h"
#include "storage_host.h"

/* A file of tests does more in one call than the firmware may in one. */
#define TEST_UNITS 400000000u
#define RUNNER "test/xs/run"

typedef struct counts {
    long passed, failed;
    bool closed; /* the file's own closing line was seen */
} counts;

static void on_line(void *owner, const char *line, size_t bytes) {
    counts *sum = owner;
    long passed, failed;
    if (sscanf(line, "%ld passed, %ld failed", &passed, &failed) == 2) {
        sum->passed += passed;
        sum->failed += failed;
        sum->closed = passed + failed > 0;
    } else {
        printf("%.*s\n", (int)bytes, line);
    }
}

static void on_trace(void *owner, const char *line, size_t bytes) {
    (void)owner;
    (void)line;
    (void)bytes;
}

static void tell_fault(const char *module, const es_fault *fault) {
    printf("FAIL %s: %s: %s\n%s\n", module, fault->reason, fault->message, fault->stack);
}

static void run_file(es_js *js, const char *module, counts *sum) {
    sum->closed = false;
    bool good = es_js_start(js, module) && es_js_import(js, RUNNER);
    if (!good) {
        tell_fault(module, &js->fault);
        sum->failed++;
    } else if (!sum->closed) {
        printf("FAIL %s: no test in this file\n", module);
        sum->failed++;
    }
    printf("%s: %u slots, %u bytes of chunks at most\n", module, js->peak_heap, js->peak_chunks);
    js->peak_heap = js->peak_chunks = 0;
    es_js_stop(js);
}

int main(int argc, char **argv) {
    static es_modules_store modules;
    static es_js js;
    static counts sum;
    char scripts[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", scripts, sizeof scripts - 4);
    if (length <= 0 || argc < 2) {
        fprintf(stderr, "earshot-xs-test MODULE...: names of compiled test modules are missing.\n");
        return 2;
    }
    scripts[length] = 0;
    strcpy(strrchr(scripts, '/') + 1, "js");
    es_device device = {.owner = &sum, .trace = on_trace, .log = on_line};
    if (es_storage_open(NULL) != ES_OK || !es_modules_open(&modules, scripts, true) ||
        !es_js_open(&js, &modules, &device)) {
        printf("%s\n", js.fault.message[0] ? js.fault.message : modules.error);
        return 1;
    }
    js.limit = TEST_UNITS;
    js.peak_heap = js.peak_chunks = 0;
    for (int i = 1; i < argc; i++) {
        run_file(&js, argv[i], &sum);
    }
    es_js_close(&js);
    es_modules_close(&modules);
    es_storage_close();
    printf("%ld passed, %ld failed\n", sum.passed, sum.failed);
    return sum.failed == 0 ? 0 : 1;
}
