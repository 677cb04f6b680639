// Units of time. The engine counts samples of the capture clock; people and records read milliseconds.

export const SAMPLES_PER_SECOND = 16_000;
const SAMPLES_PER_MS = SAMPLES_PER_SECOND / 1000;

/**
 * What an event or an order changes in the played sound takes effect this many samples after the event's t (300 ms).
 * The same number as ES_EFFECT_DELAY in native/include/earshot/runtime.h; test/unit/base/time.node.test.ts holds
 * the two together.
 */
export const EFFECT_DELAY_SAMPLES = 4800;

/** Milliseconds, rounded half up. */
export function samplesToMs(samples: number): number {
  return Math.floor((samples + SAMPLES_PER_MS / 2) / SAMPLES_PER_MS);
}

export function msToSamples(ms: number): number {
  return ms * SAMPLES_PER_MS;
}

/** When a change in the played sound that belongs to an event at `t` takes effect. */
export function effectAt(t: number): number {
  return t + EFFECT_DELAY_SAMPLES;
}
