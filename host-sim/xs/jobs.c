#include "jobs.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "console.h"

void es_jobs_open(es_jobs *jobs, int fd) {
    memset(jobs, 0, sizeof *jobs);
    jobs->fd = fd;
}

/* Bytes read; 0 at the end of the stream; -1 nothing there now. */
static ssize_t take(es_jobs *jobs, void *to, size_t bytes, bool wait) {
    if (jobs->closed) {
        return 0;
    }
    if (!wait) {
        struct pollfd look = {.fd = jobs->fd, .events = POLLIN};
        if (poll(&look, 1, 0) <= 0) {
            return -1;
        }
    }
    ssize_t got;
    do {
        got = read(jobs->fd, to, bytes);
    } while (got < 0 && errno == EINTR && !es_hang_up);
    if (got <= 0) {
        jobs->closed = true;
        return 0;
    }
    return got;
}

static es_job_item item(es_job_type type) { return (es_job_item){.type = type}; }

static bool well_formed(const es_jobs *jobs) {
    switch (jobs->head[0]) {
    case 'A':
        return true;
    case 'J':
        return jobs->left <= ES_JOB_TEXT;
    case 'E':
        return jobs->left == 0;
    default:
        return false;
    }
}

/* ES_JOB_WAIT, ES_JOB_CLOSED or ES_JOB_BAD when no whole head could be read, else ES_JOB_BEGIN. */
static es_job_type read_head(es_jobs *jobs, bool wait) {
    while (jobs->have < 5) {
        ssize_t got = take(jobs, jobs->head + jobs->have, 5 - jobs->have, wait);
        if (got < 0) {
            return ES_JOB_WAIT;
        }
        if (got == 0) {
            return jobs->have == 0 ? ES_JOB_CLOSED : ES_JOB_BAD;
        }
        jobs->have += (uint32_t)got;
        if (jobs->have == 5) {
            jobs->left = (uint32_t)jobs->head[1] | (uint32_t)jobs->head[2] << 8 | (uint32_t)jobs->head[3] << 16 |
                         (uint32_t)jobs->head[4] << 24;
            if (jobs->head[0] != 'A') {
                jobs->used = 0;
            }
            if (!well_formed(jobs)) {
                return ES_JOB_BAD;
            }
        }
    }
    return ES_JOB_BEGIN;
}

/* The payload that has come of a sound frame, or all of another's. */
static es_job_item read_payload(es_jobs *jobs, bool wait) {
    while (jobs->left > 0) {
        size_t room = ES_JOB_TEXT - jobs->used;
        ssize_t got = take(jobs, jobs->buffer.bytes + jobs->used, jobs->left < room ? jobs->left : room, wait);
        if (got <= 0) {
            return item(got < 0 ? ES_JOB_WAIT : ES_JOB_BAD);
        }
        jobs->left -= (uint32_t)got;
        jobs->used += (size_t)got;
        if (jobs->head[0] == 'A' && jobs->used >= 2) {
            break;
        }
    }
    es_job_item result = item(jobs->head[0] == 'J' ? ES_JOB_BEGIN : jobs->head[0] == 'E' ? ES_JOB_END : ES_JOB_SOUND);
    if (result.type == ES_JOB_SOUND) {
        result.samples = jobs->buffer.samples;
        result.count = jobs->used / 2;
    } else {
        jobs->buffer.bytes[jobs->used] = 0;
        result.text = (const char *)jobs->buffer.bytes;
        result.count = jobs->used;
    }
    jobs->given = true;
    if (jobs->left == 0) {
        jobs->have = 0;
    }
    return result;
}

es_job_item es_jobs_next(es_jobs *jobs, bool wait) {
    if (jobs->given) { /* an odd byte of sound is kept for the next part */
        jobs->buffer.bytes[0] = jobs->buffer.bytes[jobs->used ? jobs->used - 1 : 0];
        jobs->used = jobs->head[0] == 'A' ? jobs->used % 2 : 0;
        jobs->given = false;
    }
    es_job_type head = read_head(jobs, wait);
    return head == ES_JOB_BEGIN ? read_payload(jobs, wait) : item(head);
}
