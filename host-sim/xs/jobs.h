/* Jobs on a file descriptor: frames `u8 type, u32le length, payload`.
 *   'J' begin a job, payload JSON {"file":"..."}; 'A' microphone sound s16le 16 kHz mono; 'E' end of this sound.
 * In: bytes in any split. Out: items; sound comes as it arrives, whole samples only. */
#ifndef EARSHOT_XS_JOBS_H
#define EARSHOT_XS_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum es_job_type {
    ES_JOB_WAIT,  /* nothing has arrived (only when not waiting) */
    ES_JOB_BEGIN, /* text, bytes */
    ES_JOB_SOUND, /* samples, count */
    ES_JOB_END,
    ES_JOB_CLOSED, /* no more jobs */
    ES_JOB_BAD     /* not of this form: nothing can be read after it */
} es_job_type;

#define ES_JOB_TEXT 8192

typedef struct es_job_item {
    es_job_type type;
    const char *text; /* zero-terminated; valid until the next call, as are the samples */
    const int16_t *samples;
    size_t count;
} es_job_item;

typedef struct es_jobs {
    int fd;
    uint8_t head[5];
    uint32_t have; /* bytes of the head */
    uint32_t left; /* bytes of the payload still to come */
    size_t used;   /* bytes in the buffer */
    bool closed;
    bool given; /* the samples in the buffer have been given to the caller */
    union {
        uint8_t bytes[ES_JOB_TEXT + 1];
        int16_t samples[ES_JOB_TEXT / 2];
    } buffer;
} es_jobs;

void es_jobs_open(es_jobs *jobs, int fd);
/* The next item; `wait` false: ES_JOB_WAIT where it would block. */
es_job_item es_jobs_next(es_jobs *jobs, bool wait);

#endif
