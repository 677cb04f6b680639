// Where speech ends in a recording, and more of the recording's own room: tails and pauses that are no digital silence.
// Everything is drawn from a generator seeded by the recording's name: the same recording gives the same sound.

import { RATE, type Recording } from "./recordings.ts";

const FRAME = RATE / 100;
/** Above the floor by this share of the range between floor and speech, and at least by this much, sound is speech. */
const SHARE = 0.3;
const LEAST_DB = 7;
/** Frames in a row that are that loud, and a quiet time that ends a stretch. */
const RUN = 3;
const BREAK = RATE / 4;
/** A word piece may come this much before the sound that is told by its level. */
const LATE = RATE / 10;
/** Room that is joined of pieces: as long as a quiet stretch in speech, with soft edges. */
const GRAIN = RATE / 20;
const FADE = RATE / 100;
/** -84 dB of full scale: what a microphone gives at least. A file whose floor lies below holds digital silence. */
const LEAST_RMS = 2;
/** Of the speech: a piece that is no quieter holds speech itself; how loud a room is that has to be lent. */
const QUIET = 0.1;
const ROOM = 0.01;

/** Deterministic numbers in [0, 1) of a text. */
export function generator(seed: string): () => number {
  let state = 2166136261;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Level of each 10 ms in dB, first difference taken (hum and rumble are no speech), smoothed over 30 ms. */
export function levels(samples: Int16Array): Float64Array {
  const count = Math.floor(samples.length / FRAME);
  const power = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let sum = 0;
    for (let i = Math.max(1, k * FRAME); i < (k + 1) * FRAME; i++) {
      const d = (samples[i] as number) - (samples[i - 1] as number);
      sum += d * d;
    }
    power[k] = sum / FRAME;
  }
  return power.map((_, k) => {
    const part = power.subarray(Math.max(0, k - 1), k + 2);
    return 10 * Math.log10(0.1 + part.reduce((sum, x) => sum + x, 0) / part.length);
  });
}

function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Array.from(values).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
}

export interface Stretch {
  /** Samples. */
  readonly start: number;
  readonly end: number;
}

/** Stretches that stand out of the recording's floor; what is quiet for less than BREAK lies inside one. */
export function stretchesOf(samples: Int16Array): Stretch[] {
  const level = levels(samples);
  const floor = quantile(level, 0.08);
  const threshold = floor + Math.max(LEAST_DB, SHARE * (quantile(level, 0.95) - floor));
  const found: { start: number; end: number }[] = [];
  for (let k = 0; k < level.length; ) {
    let to = k;
    while (to < level.length && (level[to] as number) > threshold) to++;
    const last = found.at(-1);
    if (to - k >= RUN) {
      if (last !== undefined && k * FRAME - last.end < BREAK) last.end = to * FRAME;
      else found.push({ start: k * FRAME, end: to * FRAME });
    }
    k = to + 1;
  }
  return found.length > 0 ? found : [{ start: 0, end: samples.length }];
}

/** From the first to the last sound that stands out. */
function speechOf(samples: Int16Array): Stretch {
  const all = stretchesOf(samples);
  return { start: (all[0] as Stretch).start, end: (all.at(-1) as Stretch).end };
}

/** Where speech ends when its last word piece was given at sample `label`: what stands out later, a click or a breath,
 *  is no word. */
export function endOfSpeech(stretches: readonly Stretch[], label: number | undefined): number {
  const before = stretches.filter(({ start }) => label === undefined || start <= label + LATE);
  return ((before.at(-1) ?? stretches[0]) as Stretch).end;
}

const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length));

/**
 * `length` samples of the recording's room: its quietest pieces in random order, joined with soft edges. Where a recording
 * is nothing but speech, or was cut to digital silence, it is `other`, a recorded noise, far below the speech.
 */
export function room(samples: Int16Array, length: number, random: () => number, other: Int16Array): Int16Array {
  const pieces: { at: number; power: number }[] = [];
  for (let at = 0; at + GRAIN + FADE <= samples.length; at += GRAIN / 2)
    pieces.push({ at, power: rms(samples.subarray(at, at + GRAIN + FADE)) });
  pieces.sort((a, b) => a.power - b.power);
  const quiet = pieces.slice(0, Math.max(1, Math.min(40, Math.floor(pieces.length / 8))));
  const loud = pieces[Math.floor(0.9 * pieces.length)]?.power ?? 0;
  const own = quiet.at(-1)?.power ?? 0;
  if (own > QUIET * loud || own < LEAST_RMS) {
    const gain = Math.max(LEAST_RMS, ROOM * loud) / Math.max(1, rms(other));
    const from = Math.floor(random() * other.length);
    return Int16Array.from({ length }, (_, i) => Math.round(gain * (other[(from + i) % other.length] as number)));
  }
  const out = new Float64Array(length + GRAIN + FADE);
  for (let at = 0; at < length; at += GRAIN) {
    const from = (quiet[Math.floor(random() * quiet.length)] as { at: number }).at;
    for (let i = 0; i < GRAIN + FADE; i++) {
      const edge = Math.min(1, (i + 0.5) / FADE, (GRAIN + FADE - i - 0.5) / FADE);
      out[at + i] = (out[at + i] as number) + (samples[from + i] as number) * Math.sin((edge * Math.PI) / 2);
    }
  }
  return Int16Array.from(out.subarray(0, length), (x) => Math.round(x));
}

/** The recording up to `SETTLE` after its speech, then its room. */
export interface Ended extends Recording {
  readonly stretches: readonly Stretch[];
  /** Of an inserted pause: sample at which it begins, length in samples. */
  readonly pause?: { readonly at: number; readonly length: number };
}

const SETTLE = RATE / 20;

function joined(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `other`: a recorded noise, for recordings without a room of their own. */
export function withTail(recording: Recording, seconds: number, other: Int16Array): Ended {
  const stretches = stretchesOf(recording.samples);
  const end = (stretches.at(-1) as Stretch).end;
  const cut = Math.min(recording.samples.length, end + SETTLE);
  const tail = room(recording.samples, seconds * RATE, generator(`${recording.id} tail`), other);
  return { ...recording, samples: joined(recording.samples.subarray(0, cut), tail), stretches };
}

/** A quiet place inside the speech: the quietest 50 ms of a random part of its middle. */
function gap(samples: Int16Array, random: () => number): number {
  const { start, end } = speechOf(samples);
  const level = levels(samples);
  const at = start + (end - start) * (0.25 + 0.4 * random());
  let best = Math.floor(at / FRAME);
  let least = Number.POSITIVE_INFINITY;
  for (let k = best; k < Math.floor((at + 0.2 * (end - start)) / FRAME); k++) {
    const here = (level[k - 1] ?? 0) + (level[k] ?? 0) + (level[k + 1] ?? 0);
    if (here < least) [best, least] = [k, here];
  }
  return best * FRAME + FRAME / 2;
}

export const PAUSES_MS = [300, 500, 800];

/** The same speaker thinking in mid-sentence. Undefined: too short a sentence to think in. */
export function withPause(recording: Recording, seconds: number, other: Int16Array): Ended | undefined {
  if (recording.text.split(" ").length < 3) return undefined;
  const random = generator(`${recording.id} pause`);
  const at = gap(recording.samples, random);
  const length = ((PAUSES_MS[Math.floor(random() * PAUSES_MS.length)] as number) * RATE) / 1000;
  const { samples } = recording;
  const slower = joined(samples.subarray(0, at), room(samples, length, random, other), samples.subarray(at));
  const later = (sample: number): number => (sample > at ? sample + length : sample);
  // Found in the recording as it was spoken: a pause would change its levels.
  const stretches = stretchesOf(samples).map(({ start, end }) => ({ start: later(start), end: later(end) }));
  const cut = Math.min(slower.length, later(speechOf(samples).end) + SETTLE);
  const tail = room(samples, seconds * RATE, generator(`${recording.id} tail`), other);
  return { ...recording, samples: joined(slower.subarray(0, cut), tail), stretches, pause: { at, length } };
}
