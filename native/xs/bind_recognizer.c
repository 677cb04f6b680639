/* The recogniser for scripts: orders down, events up. */
#include "device.h"

/* es_now(): samples of the capture clock. */
void es_now(xsMachine *the) {
    es_runtime_stats stats;
    es_runtime_stats_read(es_device_of(the)->runtime, &stats);
    xsmcSetNumber(xsResult, (xsNumberValue)stats.t);
}

/* es_events(callback): callback(type, t, utterance, revision, value, reason, bytes | undefined). */
void es_events(xsMachine *the) {
    es_device *device = es_device_of(the);
    es_argument_function(the, 0, "callback");
    if (device->has_events) {
        xsForget(device->events);
    }
    device->events = xsArg(0);
    xsRemember(device->events);
    device->has_events = true;
}

/* es_listen(on, once): `once` when it is for one utterance. */
void es_listen(xsMachine *the) {
    es_device *device = es_device_of(the);
    bool on = es_argument_boolean(the, 0, "on");
    bool once = xsmcArgc > 1 && es_argument_boolean(the, 1, "once");
    es_runtime_listen(device->runtime, on);
    es_runtime_once(device->runtime, on && once);
}

/* es_mute(on) */
void es_mute(xsMachine *the) {
    es_device *device = es_device_of(the);
    bool on = es_argument_boolean(the, 0, "on");
    es_runtime_mute(device->runtime, on);
    if (device->microphone) {
        device->microphone(device->owner, !on);
    }
}

/* es_piece(id): text of a word piece of the model; "" for none. */
void es_piece(xsMachine *the) {
    const es_model *model = es_device_of(the)->model;
    uint32_t id = (uint32_t)es_argument_number(the, 0, 0, UINT32_MAX, "id");
    bool known = id >= 1 && id <= model->vocabulary;
    uint32_t from = known ? model->piece_offsets[id] : 0, to = known ? model->piece_offsets[id + 1] : 0;
    xsmcSetStringBuffer(xsResult, (xsStringValue)model->piece_text + from, (xsIntegerValue)(to - from));
}

/* es_hold(utterance, revision) */
void es_hold(xsMachine *the) {
    uint32_t utterance = (uint32_t)es_argument_number(the, 0, 0, UINT32_MAX, "utterance");
    uint16_t revision = (uint16_t)es_argument_number(the, 1, 0, UINT16_MAX, "revision");
    es_runtime_hold(es_device_of(the)->runtime, utterance, revision);
}

void es_device_event(xsMachine *the, es_device *device, const es_event *event) {
    if (!device->has_events) {
        return;
    }
    xsmcVars(8);
    xsmcSetInteger(xsVar(0), event->type);
    xsmcSetNumber(xsVar(1), (xsNumberValue)event->t);
    xsmcSetNumber(xsVar(2), event->utterance);
    xsmcSetInteger(xsVar(3), event->revision);
    xsmcSetInteger(xsVar(4), event->value);
    xsmcSetInteger(xsVar(5), event->reason);
    if (event->hypothesis) {
        xsmcSetArrayBuffer(xsVar(7), (void *)event->hypothesis, (xsIntegerValue)event->hypothesis_bytes);
        xsmcNew(xsVar(6), xsGlobal, xsID("Uint8Array"), &xsVar(7), NULL);
    } else {
        xsmcSetUndefined(xsVar(6));
    }
    xsmcSetUndefined(xsVar(7));
    xsCallFunction7(xsAccess(device->events), xsVar(7), xsVar(0), xsVar(1), xsVar(2), xsVar(3), xsVar(4), xsVar(5),
                    xsVar(6));
}

void es_device_forget(es_device *device) {
    device->has_events = false;
    device->has_console = false;
}
