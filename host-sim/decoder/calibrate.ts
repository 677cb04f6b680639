// Everything in a model file that is tuned, chosen on dev recordings: blank penalty and weights of the language model by
// word errors, thresholds of the end-pointers by when they decide, confidence by which words were right. The test splits
// are never read. In: a model file, the data folder. Out: the same file with new sections 7, 9 and 11.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseEnds, type EndSettings, type Figures, type Track, trackOf } from "./ends.ts";
import type { ModelFile, Weights } from "./model-file.ts";
import { type Heard, Measure } from "./program.ts";
import { lentRoom, type Recording, recordings } from "./recordings.ts";
import { withPause, withTail } from "./rooms.ts";
import {
  calibration,
  confidenceOf,
  fitSureness,
  meanConfidence,
  type SaidUtterance,
  type Sureness,
  saidOf,
} from "./sure.ts";

/** What a set's word error rate counts in the choice. Requests are what a speaker hears. */
const SETS: Record<string, number> = {
  coffee: 2,
  wakewords: 1,
  "speech-commands": 1,
  "librispeech-testclean": 0.5,
  speechocean762: 0.5,
};
const REQUESTS = ["coffee", "wakewords", "speech-commands"];
/** Of each set, while the search is tuned. */
const RECORDINGS = 40;
/** Training speakers help where dev has few: every so many of them, and what they count. */
const TRAIN_STEP = 8;
const TRAIN_WEIGHT = 0.4;
/** Share of the sentences in which the speaker pauses (seed-systems 4). */
const PAUSED = 0.2;
const TAIL_SECONDS = 2.5;
/** Words of prose count less for confidence: a speaker rarely hears any. */
const PROSE_WEIGHT = 0.2;
/** Requests that were heard rightly and may be lost for the sake of noise. */
const MOST_LOST = 0.015;
/** Word errors of prose may grow by this much: it is no request, but somebody said it. */
const MOST_PROSE = 0.02;
/** What is not complete may take this long. */
const HELD_MS = 1600;
const Q10 = 1024;

export type Say = (line: string) => void;

interface Dev {
  readonly sets: ReadonlyMap<string, Recording[]>;
  readonly more: readonly Recording[];
  readonly noise: readonly Recording[];
}

async function load(data: string, say: Say): Promise<Dev> {
  const sets = new Map<string, Recording[]>();
  for (const set of Object.keys(SETS)) sets.set(set, await recordings(data, set, "dev"));
  const more = await recordings(data, "coffee", "train", TRAIN_STEP);
  const noise = [...(await recordings(data, "noise", "train")), ...(await recordings(data, "music", "train"))];
  const minutes = (all: readonly Recording[]): string =>
    (all.reduce((sum, { samples }) => sum + samples.length, 0) / 16_000 / 60).toFixed(1);
  say(
    `dev: ${[...sets].map(([set, all]) => `${set} ${all.length}`).join(", ")} recordings, ${minutes([...sets.values()].flat())} min`,
  );
  say(`train: ${more.length} orders, ${minutes(more)} min; noise and music without words, ${minutes(noise)} min`);
  return { sets, more, noise };
}

// ---- the search ----

interface Search extends Weights {
  readonly penalty: number;
}

const optionsOf = ({ penalty, language, internal, reward }: Search): string[] => [
  `penalty=${penalty}`,
  `lm=${language}`,
  `ilm=${internal}`,
  `reward=${reward}`,
];

const rate = (rows: readonly Heard[]): number =>
  (100 * rows.reduce((sum, { errors }) => sum + errors, 0)) /
  Math.max(
    1,
    rows.reduce((sum, { words }) => sum + words, 0),
  );

class SearchTuner {
  readonly #items: Recording[];
  readonly #tried = new Map<string, number>();

  constructor(
    readonly measure: Measure,
    dev: Dev,
    readonly say: Say,
  ) {
    this.#items = [...dev.sets.values()].flatMap((all) => all.slice(0, RECORDINGS));
  }

  /** Weighted mean of the sets' word error rates; prints a line that shows them. */
  async cost(search: Search): Promise<number> {
    const options = optionsOf(search);
    const known = this.#tried.get(options.join());
    if (known !== undefined) return known;
    const rows = await this.measure.rows(this.#items, "nolattice", ...options);
    let [sum, weights] = [0, 0];
    const shown: string[] = [];
    for (const [set, weight] of Object.entries(SETS)) {
      const wer = rate(rows.filter((_, i) => this.#items[i]?.set === set));
      sum += weight * wer;
      weights += weight;
      shown.push(`${set} ${wer.toFixed(1)}`);
    }
    const cost = sum / weights;
    const nats = (value: number): string => (value / Q10).toFixed(2);
    this.say(
      `  blank penalty ${nats(search.penalty)}, language ${(search.language / 256).toFixed(2)}, internal ` +
        `${(search.internal / 256).toFixed(2)}, reward ${nats(search.reward)}: ${cost.toFixed(2)} (${shown.join(", ")})`,
    );
    this.#tried.set(options.join(), cost);
    return cost;
  }

  /** The best of some values of one field, the others as they are. */
  async along(search: Search, field: keyof Search, values: readonly number[]): Promise<Search> {
    let [best, least] = [search, await this.cost(search)];
    for (const value of values) {
      const tried = { ...search, [field]: value };
      const cost = await this.cost(tried);
      if (cost < least) [best, least] = [tried, cost];
    }
    return best;
  }
}

async function tuneSearch(file: ModelFile, measure: Measure, dev: Dev, say: Say): Promise<Search> {
  const tuner = new SearchTuner(measure, dev, say);
  const nats = (values: readonly number[]): number[] => values.map((value) => Math.round(value * Q10));
  const q8 = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 256));
  let search: Search = { penalty: file.thresholds.blankPenalty, ...file.weights };
  if (!file.hasLanguage) {
    search = { ...search, language: 0, internal: 0, reward: 0 };
    say("blank penalty by word errors (the model has no language model):");
    return tuner.along(search, "penalty", nats([0, 0.4, 0.8, 1.2, 1.6, 2.0]));
  }
  say("blank penalty and language model by word errors, weighted over the sets:");
  if (search.language === 0) search = { ...search, language: 64, internal: 51, reward: 0 };
  search = await tuner.along(search, "penalty", nats([0, 0.4, 0.8, 1.2, 1.6]));
  search = await tuner.along(search, "language", q8([0, 0.15, 0.25, 0.35, 0.5]));
  search = await tuner.along(search, "internal", q8([0, 0.1, 0.2, 0.3]));
  search = await tuner.along(search, "reward", nats([-0.2, 0, 0.2]));
  return search;
}

// ---- the ends ----

async function tracks(
  measure: Measure,
  items: readonly Recording[],
  weight: number,
  framesAStep: number,
  other: Int16Array,
): Promise<Track[]> {
  const plain = items.map((item) => withTail(item, TAIL_SECONDS, other));
  const paused = items.flatMap((item) => withPause(item, TAIL_SECONDS, other) ?? []);
  const pausing = new Set(paused.map(({ id }) => id));
  const all = [...plain, ...paused];
  const rows = await measure.rows(all, "steps", "raw");
  return all.map((ended, i) => {
    const share = ended.pause !== undefined ? PAUSED : pausing.has(ended.id) ? 1 - PAUSED : 1;
    const row = rows[i] as Heard;
    return trackOf(ended, row.steps ?? [], row.text, framesAStep, share * weight);
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function sayEnds(s: EndSettings, f: Figures, stepMs: number, say: Say): void {
  const logit = (q10: number): string => (q10 / Q10).toFixed(2);
  say(
    `  an end scores the end-of-utterance logit, less ${logit(s.sound)} a neper of sound above the background, plus ` +
      `${logit(s.step)} a step of rest and ${logit(s.oneWord)} for a single word; a step rests from ${logit(s.rest)} on`,
  );
  say(
    `  speculative from ${logit(s.scoreSpeculative)} and ${s.leastSpeculative * stepMs} ms, at the latest after ` +
      `${s.framesSpeculative * stepMs} ms; final from ${logit(s.scoreFinal)} and ${s.leastFinal * stepMs} ms, at the latest ` +
      `after ${s.framesFinal * stepMs} ms`,
  );
  say(
    `  final ${f.p50.toFixed(0)} ms (median) and ${f.p90.toFixed(0)} ms (90 %) after the last word, speculative ` +
      `${f.lead.toFixed(0)} ms before it with the same words in ${percent(f.same)}; in two parts ${percent(f.split)}, cut off in a ` +
      `word ${percent(f.cut)}, with a pause in ${percent(PAUSED)} of the sentences`,
  );
}

// ---- confidence ----

interface Prose {
  readonly said: SaidUtterance;
  readonly row: Heard;
}

/** Word errors of prose when utterances below `least` are nothing. */
const proseErrors = (s: Sureness, prose: readonly Prose[], least: number): number =>
  prose.reduce((sum, { said, row }) => sum + (meanConfidence(s, said) < least ? row.words : row.errors), 0);

/** The least confidence of an utterance: no higher than noise needs, nor than the loss of what people say allows. */
function leastOf(
  s: Sureness,
  requests: readonly SaidUtterance[],
  noise: readonly SaidUtterance[],
  prose: readonly Prose[],
): number {
  const right = requests.filter((said) => said.right).map((said) => meanConfidence(s, said));
  right.sort((a, b) => a - b);
  const highest = Math.max(0, ...noise.map((said) => meanConfidence(s, said)));
  let least = Math.max(0, Math.min(right[Math.floor(MOST_LOST * right.length)] ?? 0, highest + 0.01) - 0.001);
  const most = (1 + MOST_PROSE) * proseErrors(s, prose, 0);
  while (least > 0 && proseErrors(s, prose, least) > most) least = Math.max(0, least - 0.005);
  return least;
}

async function tuneConfidence(file: ModelFile, measure: Measure, dev: Dev, say: Say): Promise<void> {
  const spoken = [...dev.sets.values()].flat();
  const [rows, noise] = [await measure.rows(spoken, "raw"), await measure.rows(dev.noise, "raw")];
  const said = rows.map((row, i) => {
    const { set, text } = spoken[i] as Recording;
    return saidOf(row, text, REQUESTS.includes(set) ? 1 : PROSE_WEIGHT);
  });
  const invented = noise.map((row) => saidOf(row, "", 1, false)).filter(({ words }) => words.length > 0);
  const sureness = fitSureness([...said, ...invented]);
  const requests = said.filter((_, i) => REQUESTS.includes((spoken[i] as Recording).set));
  const prose = rows.flatMap((row, i): Prose[] =>
    REQUESTS.includes((spoken[i] as Recording).set) ? [] : [{ said: said[i] as SaidUtterance, row }],
  );
  const least = leastOf(sureness, requests, invented, prose);
  const q10 = (value: number): number => Math.max(-32768, Math.min(32767, Math.round(value * Q10)));
  const [posterior, acoustic, mass] = sureness.weights.map(q10) as [number, number, number];
  file.confidence = {
    ...{ offset: q10(sureness.offset), posterior, acoustic, mass, least: Math.round(least * 65534) },
    ...{ words: sureness.words, utterance: sureness.utterance },
  };
  const pairs = requests.flatMap(({ words }) =>
    words.map((word): [number, number] => [confidenceOf(sureness, word), word.right ? 1 : 0]),
  );
  const { ece, nce } = calibration(pairs);
  const lost = requests.filter((one) => one.right && meanConfidence(sureness, one) < least).length;
  const left = invented.filter((one) => meanConfidence(sureness, one) >= least).length;
  say(`  words of requests: expected calibration error ${ece.toFixed(3)}, normalized cross-entropy ${nce.toFixed(3)}`);
  say(
    `  nothing was said below ${least.toFixed(2)}: of ${dev.noise.length} noises and pieces ${left} still give words ` +
      `(${invented.length} without the bound), ${lost} of ${requests.filter(({ right }) => right).length} rightly heard requests are lost`,
  );
}

export interface Settings {
  readonly program: string;
  readonly data: string;
  readonly folder: string;
  /** Blank penalty and weights of the language model stay as they are. */
  readonly keepSearch: boolean;
  readonly say: Say;
}

/** Tunes `file` in place. `folder` holds candidates while it works; nothing is left in it. */
export async function calibrate(file: ModelFile, { program, data, folder, keepSearch, say }: Settings): Promise<void> {
  const candidate = join(folder, `candidate-${process.pid}.esm`);
  const measure = new Measure(program, candidate);
  const dev = await load(data, say);
  const write = (): void => writeFileSync(candidate, file.bytes());
  try {
    write();
    if (!keepSearch) {
      const { penalty, ...weights } = await tuneSearch(file, measure, dev, say);
      file.thresholds = { ...file.thresholds, blankPenalty: penalty };
      if (file.hasLanguage) file.weights = weights;
    }
    write();
    say("end-pointers by when they decide:");
    const [stepMs, framesAStep] = [file.stepMs, file.stepMs / 10];
    const requests = REQUESTS.flatMap((set) => dev.sets.get(set) ?? []);
    const other = lentRoom(dev.noise);
    const heard = [
      ...(await tracks(measure, requests, 1, framesAStep, other)),
      ...(await tracks(measure, dev.more, TRAIN_WEIGHT, framesAStep, other)),
    ];
    const { settings, figures } = chooseEnds(heard, stepMs);
    const held = Math.max(settings.framesFinal, Math.round(HELD_MS / stepMs));
    file.thresholds = { ...file.thresholds, ...settings, framesHeld: held };
    sayEnds(settings, figures, stepMs, say);
    write();
    say("confidence by which words were right:");
    await tuneConfidence(file, measure, dev, say);
  } finally {
    rmSync(candidate, { force: true });
  }
}
