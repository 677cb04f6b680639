/* Natives of embedded:io/audio. A script's object owns the microphone or the speaker until it is closed or collected.
 */
#include "audio_tap.h"
#include "device.h"

#define STEREO_FRAME 4 /* bytes */

/* The data of an object that owns one of the two. */
static char in_owner, out_owner;

static void need(xsMachine *the, const char *owner) {
    if (xsmcGetHostData(xsThis) != owner) {
        xsUnknownError("the audio is closed");
    }
}

void es_audio_in_gone(void *data) {
    if (data == &in_owner) {
        es_audio_leave_in();
    }
}

void es_audio_out_gone(void *data) {
    if (data == &out_owner) {
        es_audio_leave_out();
    }
}

/* es_audio_in_open(), this: a fresh AudioIn. */
void es_audio_in_open(xsMachine *the) {
    if (!es_audio_take_in()) {
        xsUnknownError("the microphone is in use");
    }
    xsmcSetHostData(xsThis, &in_owner);
}

/* es_audio_in_close(): twice is once. */
void es_audio_in_close(xsMachine *the) {
    es_audio_in_gone(xsmcGetHostData(xsThis));
    xsmcSetHostData(xsThis, NULL);
}

/* es_audio_in_run(on) */
void es_audio_in_run(xsMachine *the) {
    need(the, &in_owner);
    es_audio_run_in(es_argument_boolean(the, 0, "on"));
}

/* es_audio_in_ready(): bytes that can be read. */
void es_audio_in_ready(xsMachine *the) {
    need(the, &in_owner);
    xsmcSetInteger(xsResult, (xsIntegerValue)es_audio_in_bytes());
}

/* es_audio_in_lost(): samples that found the ring full. */
void es_audio_in_lost(xsMachine *the) {
    need(the, &in_owner);
    xsmcSetNumber(xsResult, (xsNumberValue)es_audio_in_lost_samples());
}

/* es_audio_in_read(buffer): fills it; its length is at most what is ready. */
void es_audio_in_read(xsMachine *the) {
    void *data;
    xsUnsignedValue bytes;
    need(the, &in_owner);
    if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("buffer is no buffer");
    }
    xsmcGetBufferWritable(xsArg(0), &data, &bytes);
    if (bytes % sizeof(int16_t) != 0 || bytes > es_audio_in_bytes()) {
        xsRangeError("more than is there, or half a sample");
    }
    es_audio_in_pull(data, bytes);
}

/* es_audio_out_open(), this: a fresh AudioOut. */
void es_audio_out_open(xsMachine *the) {
    if (!es_audio_take_out()) {
        xsUnknownError("the speaker is in use");
    }
    xsmcSetHostData(xsThis, &out_owner);
}

/* es_audio_out_close(): twice is once. */
void es_audio_out_close(xsMachine *the) {
    es_audio_out_gone(xsmcGetHostData(xsThis));
    xsmcSetHostData(xsThis, NULL);
}

/* es_audio_out_run(on) */
void es_audio_out_run(xsMachine *the) {
    need(the, &out_owner);
    es_audio_run_out(es_argument_boolean(the, 0, "on"));
}

/* es_audio_out_space(): bytes that can be written. */
void es_audio_out_space(xsMachine *the) {
    need(the, &out_owner);
    xsmcSetInteger(xsResult, (xsIntegerValue)es_audio_out_bytes());
}

/* es_audio_out_write(buffer): its length is at most the space. */
void es_audio_out_write(xsMachine *the) {
    void *data;
    xsUnsignedValue bytes;
    need(the, &out_owner);
    if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
        xsTypeError("buffer is no buffer");
    }
    xsmcGetBufferReadable(xsArg(0), &data, &bytes);
    if (bytes % STEREO_FRAME != 0 || bytes > es_audio_out_bytes()) {
        xsRangeError("more than there is space for, or part of a frame");
    }
    es_audio_out_push(data, bytes);
}

/* es_audio_out_volume(level): 0 to 1. */
void es_audio_out_volume(xsMachine *the) {
    need(the, &out_owner);
    es_audio_out_level((int32_t)(es_argument_number(the, 0, 0, 1, "volume") * 32768));
}
