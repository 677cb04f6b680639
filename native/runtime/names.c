/* The user's names: a new list waits until the utterance under way has ended, unless no sound of it has come; the
 * automaton is built in slices of the recogniser's time before the next one is decoded, while its frames wait in their
 * queue. */
#include "internal.h"

size_t es_names_bytes(const es_runtime_config *config) { return config->model && config->names ? es_bias_bytes() : 0; }

es_status es_names_init(es_runtime *runtime, es_arena *arena) {
    const es_runtime_config *config = &runtime->config;
    return config->model && config->names ? es_bias_init(&runtime->names, arena, config->model) : ES_OK;
}

void es_names_begin(es_runtime *runtime) {
    if (runtime->names && es_bias_waits(runtime->names)) {
        es_recognizer_hooks(runtime->listen.recognizer, NULL, NULL);
        es_bias_begin(runtime->names);
    }
}

bool es_names_slice(es_runtime *runtime, uint32_t instructions, es_work *work) {
    if (!runtime->names || !es_bias_builds(runtime->names)) {
        return false;
    }
    if (es_bias_build(runtime->names, instructions, work)) {
        es_recognizer_hooks(runtime->listen.recognizer, es_bias_ready(runtime->names), NULL);
    }
    return true;
}

es_status es_runtime_names(es_runtime *runtime, const uint8_t *list, uint32_t bytes, uint32_t *where) {
    es_work work = {0, 0, 0};
    es_status status;
    if (!runtime->names) {
        return ES_E_UNSUPPORTED;
    }
    es_lock(runtime);
    status = es_bias_set(runtime->names, list, bytes, where, &work);
    if (status == ES_OK && runtime->listen.state == ES_LISTEN_ON && !runtime->listen.have_zero) {
        es_names_begin(runtime); /* the recogniser was given no frame: nothing that it does hangs on the names yet */
    }
    es_unlock(runtime);
    es_cpu_charge(&runtime->cpu, ES_TASK_JAVASCRIPT, &work);
    return status;
}

uint8_t *es_runtime_names_room(es_runtime *runtime) {
    uint8_t *room = NULL;
    if (runtime->names) {
        es_lock(runtime);
        room = es_bias_room(runtime->names);
        es_unlock(runtime);
    }
    return room;
}

const es_bias *es_runtime_names_given(const es_runtime *runtime) { return runtime->names; }
