// Confidence: weights by logistic regression, maps by isotonic regression, as section 11 of a model file has them; and
// how good a confidence is. The arithmetic is that of native/decoder/confidence.c. In: words with what was known of them
// and whether they were right. Out: numbers for the model file, expected calibration error, normalized cross-entropy.

import { KNOTS } from "./model-file.ts";
import type { Heard } from "./program.ts";

const SURE = 65534;
const Q10 = 1024;
const LOW = -4; // nats: a word of this score is as bad as any
const LOGIT = 5;
const WORDS_LOW = -4; // first knot of each map
const UTTERANCE_LOW = -8;
const SPACING = 0.5;
const SAMPLES_A_KNOT = 4; // of the curve that a map is drawn from: worth of evidence it starts with

export interface Sample {
  /** Nats: logit of the posterior, acoustic score of the word, mass a word of the utterance. */
  readonly signs: readonly number[];
  readonly right: boolean;
  readonly weight: number;
}

export interface SaidUtterance {
  readonly words: readonly Sample[];
  readonly right: boolean;
  readonly weight: number;
}

const within = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** What is known of an utterance's words; `spoken` false: it was noise, and no word is right. */
export function saidOf(row: Heard, text: string, weight: number, spoken = true): SaidUtterance {
  const mass = within(row.mass / Q10, LOW, 0);
  const words = row.confidence.map(([posterior, right], i): Sample => {
    const p = within(posterior, 1 / (1 + Math.exp(LOGIT)), 1 / (1 + Math.exp(-LOGIT)));
    const acoustic = within((row.heard[i]?.[2] ?? 0) / Q10, LOW, 0);
    return { signs: [Math.log(p / (1 - p)), acoustic, mass], right: spoken && right === 1, weight };
  });
  return { words, right: spoken && row.text === text, weight };
}

/** Solves a small symmetric system by elimination. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  for (let i = 0; i < n; i++) {
    const pivot = rows[i] as number[];
    for (let k = 0; k < n; k++) {
      const row = rows[k] as number[];
      if (k === i) continue;
      const factor = (row[i] as number) / (pivot[i] as number);
      for (let j = i; j <= n; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number));
}

/** Weights of the signs and an offset, by Newton's method; weights are never below 0: more evidence is never worse. */
export function logistic(samples: readonly Sample[]): { weights: number[]; offset: number } {
  const n = 4;
  let theta = [0.5, 0.5, 0.5, 0];
  for (let turn = 0; turn < 40; turn++) {
    const gradient = theta.map((value, i) => 0.5 * (i < 3 ? value : 0));
    const hessian = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 0.5 : 0)));
    for (const { signs, right, weight } of samples) {
      const x = [...signs, 1];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (theta[i] as number), 0)));
      for (let i = 0; i < n; i++) {
        gradient[i] = (gradient[i] as number) + weight * (p - (right ? 1 : 0)) * (x[i] as number);
        for (let j = 0; j < n; j++) {
          const row = hessian[i] as number[];
          row[j] = (row[j] as number) + weight * p * (1 - p) * (x[i] as number) * (x[j] as number);
        }
      }
    }
    const step = solve(hessian, gradient);
    theta = theta.map((value, i) => (i < 3 ? Math.max(0, value - (step[i] as number)) : value - (step[i] as number)));
  }
  return { weights: theta.slice(0, 3), offset: theta[3] as number };
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** The nearest curve that never falls (pool adjacent violators). */
function isotonic(points: readonly Point[]): Point[] {
  const pools: { points: Point[]; y: number; weight: number }[] = [];
  for (const point of [...points].sort((a, b) => a.x - b.x)) {
    pools.push({ points: [point], y: point.y, weight: point.weight });
    while (pools.length > 1) {
      const [a, b] = pools.slice(-2) as [(typeof pools)[0], (typeof pools)[0]];
      if (a.y < b.y) break;
      pools.splice(-2, 2, {
        points: [...a.points, ...b.points],
        y: (a.y * a.weight + b.y * b.weight) / (a.weight + b.weight),
        weight: a.weight + b.weight,
      });
    }
  }
  return pools.flatMap(({ points: members, y }) => members.map(({ x, weight }) => ({ x, y, weight })));
}

/** Knots of a map through the points: near each knot the mean of the isotonic curve, and of `prior` where few are. */
export function mapOf(points: readonly Point[], low: number, prior: (x: number) => number): number[] {
  const curve = isotonic(points);
  const knots = Array.from({ length: KNOTS }, (_, k) => {
    const x = low + k * SPACING;
    let [sum, weight] = [prior(x) * SAMPLES_A_KNOT, SAMPLES_A_KNOT];
    for (const point of curve) {
      const place = within(point.x, low, low + (KNOTS - 1) * SPACING);
      const near = Math.max(0, 1 - Math.abs(place - x) / SPACING) * point.weight;
      sum += near * point.y;
      weight += near;
    }
    return sum / weight;
  });
  let most = 0;
  return knots.map((value) => {
    most = Math.max(most, value);
    return Math.round(SURE * within(most, 0.001, 0.999));
  });
}

export function lookUp(knots: readonly number[], low: number, x: number): number {
  const at = within((x - low) / SPACING, 0, KNOTS - 1 - 1e-9);
  const k = Math.floor(at);
  const [a, b] = [knots[k] as number, knots[k + 1] as number];
  return (a + (b - a) * (at - k)) / SURE;
}

export interface Sureness {
  readonly offset: number;
  readonly weights: number[];
  readonly words: number[];
  readonly utterance: number[];
}

const rawOf = ({ offset, weights }: Pick<Sureness, "offset" | "weights">, sample: Sample): number =>
  offset + sample.signs.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);

export const confidenceOf = (s: Sureness, sample: Sample): number => lookUp(s.words, WORDS_LOW, rawOf(s, sample));

const sumOfLogs = (s: Sureness, words: readonly Sample[]): number =>
  words.reduce((sum, word) => sum + Math.log(Math.max(1e-5, confidenceOf(s, word))), 0);

export const meanConfidence = (s: Sureness, { words }: SaidUtterance): number =>
  words.length === 0 ? 0 : words.reduce((sum, word) => sum + confidenceOf(s, word), 0) / words.length;

export function fitSureness(utterances: readonly SaidUtterance[]): Sureness {
  const samples = utterances.flatMap(({ words }) => words);
  const { weights, offset } = logistic(samples);
  const line = { weights, offset };
  const words = mapOf(
    samples.map((sample) => ({ x: rawOf(line, sample), y: sample.right ? 1 : 0, weight: sample.weight })),
    WORDS_LOW,
    (x) => 1 / (1 + Math.exp(-x)),
  );
  const half = { offset, weights, words, utterance: [] };
  const utterance = mapOf(
    utterances
      .filter((said) => said.words.length > 0)
      .map((said) => ({ x: sumOfLogs(half, said.words), y: said.right ? 1 : 0, weight: said.weight })),
    UTTERANCE_LOW,
    (x) => Math.exp(x),
  );
  return { offset, weights, words, utterance };
}

export interface Bin {
  readonly count: number;
  readonly sure: number;
  readonly right: number;
}

export interface Calibration {
  readonly count: number;
  readonly ece: number;
  readonly nce: number;
  readonly bins: readonly Bin[];
}

/** Expected calibration error over ten equal bins, normalized cross-entropy, of [confidence, right] pairs. */
export function calibration(pairs: readonly (readonly [number, number])[]): Calibration {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, sure: 0, right: 0 }));
  const base = pairs.reduce((sum, [, right]) => sum + right, 0) / pairs.length;
  let entropy = 0;
  for (const [sure, right] of pairs) {
    const bin = bins[Math.min(9, Math.floor(sure * 10))] as { count: number; sure: number; right: number };
    bin.count++;
    bin.sure += sure;
    bin.right += right;
    const bounded = within(sure, 0.001, 0.999);
    entropy -= Math.log(right ? bounded : 1 - bounded);
  }
  const most = -pairs.length * (base * Math.log(base) + (1 - base) * Math.log(1 - base));
  const ece = bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / pairs.length;
  return {
    count: pairs.length,
    ece,
    nce: 1 - entropy / most,
    bins: bins.map(({ count, sure, right }) => ({ count, sure: sure / count, right: right / count })),
  };
}
