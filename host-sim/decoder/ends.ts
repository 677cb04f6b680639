// The two end-pointers over what the recogniser saw of each step, with any thresholds: the arithmetic is that of
// native/decoder/endpoint.c, so that thousands of settings are tried without decoding again. In: steps, where speech
// ends. Out: when the ends come, and the settings whose ends come best.

import type { Thresholds } from "./model-file.ts";
import type { Step } from "./program.ts";
import { RATE } from "./recordings.ts";
import type { Ended } from "./rooms.ts";
import { endOfSpeech } from "./rooms.ts";

const FULL_REST = 20;
const LOUD = 256;
const WINDOW = 400;
const HOP = 160;

/** One recording, heard. */
export interface Track {
  readonly ended: Ended;
  readonly steps: readonly Step[];
  /** Samples: where its speech ends. */
  readonly end: number;
  readonly weight: number;
}

export type EndSettings = Pick<
  Thresholds,
  | "framesFinal"
  | "framesSpeculative"
  | "scoreFinal"
  | "scoreSpeculative"
  | "leastFinal"
  | "leastSpeculative"
  | "rest"
  | "sound"
  | "step"
  | "oneWord"
>;

export interface Ends {
  /** Samples; the end of the sound when an end-pointer never decided. */
  readonly final: number;
  /** Of the first speculative revision and of the one that the final commits. */
  readonly first: number;
  readonly last: number;
  readonly resets: number;
  /** The first revision's words are the final's. */
  readonly same: boolean;
}

export function trackOf(ended: Ended, steps: readonly Step[], text: string, framesAStep: number, weight = 1): Track {
  const spoken = steps.findLastIndex((step) => step[2] !== 0);
  // Where words are missing, the last label may not be the last word's.
  const whole = text.split(" ").length >= ended.text.split(" ").length;
  const label = whole && spoken >= 0 ? spoken * framesAStep * HOP : undefined;
  return { ended, steps, end: endOfSpeech(ended.stretches, label), weight };
}

const timeOf = (step: number, framesAStep: number): number => ((step + 1) * framesAStep - 1) * HOP + WINDOW;

export function decide({ steps }: Track, s: EndSettings, framesAStep: number): Ends {
  let run = 0;
  let [first, last, resets, same] = [0, 0, 0, true];
  let frozen: number | undefined;
  for (let i = 0; i < steps.length; i++) {
    const [labels, words, spoke, pause, expected, eou, sound] = steps[i] as Step;
    const still = eou - ((Math.max(0, Math.min(LOUD, sound)) * s.sound) >> 6);
    run = !spoke && (s.rest === 0 || still >= s.rest) ? run + 1 : 0;
    const rest = Math.min(expected >> 4, run);
    const score = still + s.step * Math.min(rest, FULL_REST) + (words === 1 ? s.oneWord : 0);
    if (frozen !== undefined && labels !== frozen) {
      frozen = undefined;
      resets++;
      same = false;
    }
    if (!words || spoke) continue;
    const reaches = (least: number, wanted: number, most: number): boolean =>
      rest >= most || pause >= 2 * most || (score >= wanted && rest >= least);
    const over = reaches(s.leastFinal, s.scoreFinal, s.framesFinal);
    if (frozen === undefined && (over || reaches(s.leastSpeculative, s.scoreSpeculative, s.framesSpeculative))) {
      frozen = labels;
      last = timeOf(i, framesAStep);
      first ||= last;
    }
    if (over) return { final: timeOf(i, framesAStep), first, last, resets, same };
  }
  const end = timeOf(steps.length, framesAStep);
  return { final: end, first: first || end, last: last || end, resets, same };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** Of weighted values. */
function weighted(values: readonly (readonly [number, number])[], q: number): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  let left = q * sorted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of sorted) {
    left -= weight;
    if (left < 0) return value;
  }
  return sorted.at(-1)?.[0] ?? Number.NaN;
}

/** Is it in the middle of a sound that stands out, and not in a pause? */
function cutsOff({ ended }: Track, at: number): boolean {
  const pause = ended.pause;
  if (pause !== undefined && at > pause.at && at < pause.at + pause.length + SLACK) return false;
  return ended.stretches.some(({ start, end }) => at > start + SLACK && at < end);
}

/** A decision that comes with the first sound after a pause was made in the pause. */
const SLACK = RATE / 5;

export interface Figures {
  readonly count: number;
  /** Shares of utterances, ms. */
  readonly split: number;
  readonly cut: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly lead: number;
  readonly same: number;
  /** Resets an utterance. */
  readonly resets: number;
}

const ms = (samples: number): number => (1000 * samples) / RATE;

export function figures(tracks: readonly Track[], s: EndSettings, framesAStep: number): Figures {
  const total = tracks.reduce((sum, { weight }) => sum + weight, 0);
  const delays: [number, number][] = [];
  const leads: [number, number][] = [];
  let [split, cut, same, resets] = [0, 0, 0, 0];
  for (const track of tracks) {
    const ends = decide(track, s, framesAStep);
    const { weight } = track;
    if (ends.final < track.end) {
      split += weight;
      if (cutsOff(track, ends.final)) cut += weight;
    } else delays.push([ms(ends.final - track.end), weight]);
    leads.push([ms(ends.final - ends.last), weight]);
    same += ends.same ? weight : 0;
    resets += ends.resets * weight;
  }
  return {
    count: tracks.length,
    split: split / total,
    cut: cut / total,
    p50: weighted(delays, 0.5),
    p90: weighted(delays, 0.9),
    p99: weighted(delays, 0.99),
    lead: weighted(leads, 0.5),
    same: same / total,
    resets: resets / total,
  };
}

// ---- the choice ----

/** What the design asks for; the choice stays a little on the safe side of it. */
const GOAL = { split: 0.1, cut: 0.02, p50: 450, p90: 900, leadLow: 150, leadHigh: 250, same: 0.9 };
const SAFE = 0.8;

const over = (value: number, bound: number): number => Math.max(0, value / bound - 1);

/** Delay, cut sentences, and what a goal is missed by, dearly. Small is good. */
function costOfFinal(f: Figures, p50: number): number {
  const missed = over(f.split, SAFE * GOAL.split) + over(f.cut, GOAL.cut) + over(p50, GOAL.p50) + over(f.p90, GOAL.p90);
  return p50 / GOAL.p50 + 0.5 * (f.p90 / GOAL.p90) + 6 * f.split + 8 * missed;
}

function costOfSpeculative(f: Figures): number {
  const missed = over(f.lead, GOAL.leadHigh) + over(GOAL.leadLow, f.lead) + over(1 - f.same, 1 - GOAL.same);
  return Math.abs(f.lead / 200 - 1) + 3 * (1 - f.same) + 8 * missed;
}

const range = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by + 1.0001) }, (_, i) => from + i * by);

const Q10 = 1024;

/** Tries every value of one field after the other, until none changes any more. */
function descend(
  start: EndSettings,
  choices: Partial<Record<keyof EndSettings, readonly number[]>>,
  cost: (s: EndSettings) => number,
): EndSettings {
  let [best, least] = [start, cost(start)];
  for (let turn = 0; turn < 4; turn++) {
    const before = best;
    for (const [name, values] of Object.entries(choices)) {
      for (const value of values ?? []) {
        const tried = { ...best, [name]: value };
        const price = cost(tried);
        if (price < least - 1e-9) [best, least] = [tried, price];
      }
    }
    if (best === before) break;
  }
  return best;
}

/** These three hang together closely and are few: all of them are tried. */
function chooseSpeculative(tracks: readonly Track[], chosen: EndSettings, framesAStep: number): EndSettings {
  let [best, least] = [chosen, Number.POSITIVE_INFINITY];
  for (const scoreSpeculative of range(-4 * Q10, chosen.scoreFinal, 512)) {
    for (const leastSpeculative of range(1, chosen.leastFinal, 1)) {
      for (const framesSpeculative of range(Math.max(1, chosen.framesFinal - 5), chosen.framesFinal - 1, 1)) {
        const tried = { ...chosen, scoreSpeculative, leastSpeculative, framesSpeculative };
        const price = costOfSpeculative(figures(tracks, tried, framesAStep));
        if (price < least) [best, least] = [tried, price];
      }
    }
  }
  return best;
}

/** Settings of the ends for these recordings. Bounds are in steps of `stepMs`. */
export function chooseEnds(tracks: readonly Track[], stepMs: number): { settings: EndSettings; figures: Figures } {
  const framesAStep = stepMs / 10;
  const steps = (time: number): number => Math.max(1, Math.round(time / stepMs));
  const kinds = [...new Set(tracks.map(({ ended }) => ended.set))].map((set) =>
    tracks.filter(({ ended }) => ended.set === set),
  );
  let found: { settings: EndSettings; price: number } | undefined;
  // Several starts, since the fields hang together.
  for (const sound of [300, 600, 1000]) {
    for (const rest of [-3 * Q10, -1 * Q10, 1]) {
      const start: EndSettings = {
        framesFinal: steps(840),
        framesSpeculative: steps(660),
        scoreFinal: 4 * Q10,
        scoreSpeculative: 2 * Q10,
        leastFinal: steps(300),
        leastSpeculative: steps(120),
        rest,
        sound,
        step: 150,
        oneWord: 1 * Q10,
      };
      // The median of each kind of request: how many there are of each is chance.
      const price = (s: EndSettings): number =>
        costOfFinal(
          figures(tracks, s, framesAStep),
          kinds.reduce((sum, kind) => sum + figures(kind, s, framesAStep).p50, 0) / kinds.length,
        );
      const settings = descend(
        start,
        {
          scoreFinal: range(1 * Q10, 10 * Q10, 256),
          leastFinal: range(2, steps(480), 1),
          framesFinal: range(steps(600), steps(1080), 1),
          rest: [...range(-5 * Q10, -256, 512), 1, 256, 512, 1024],
          sound: range(0, 1500, 150),
          step: range(0, 600, 75),
          oneWord: range(0, 4 * Q10, 512),
        },
        price,
      );
      if (found === undefined || price(settings) < found.price) found = { settings, price: price(settings) };
    }
  }
  const chosen = (found as { settings: EndSettings }).settings;
  const settings = chooseSpeculative(tracks, chosen, framesAStep);
  return { settings, figures: figures(tracks, settings, framesAStep) };
}
