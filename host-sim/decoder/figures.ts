// All figures of the decoder's report, measured. In: a model file, the data folder. Out: one object of numbers, which
// page.ts shows.

import { quantile, type Track, trackOf } from "./ends.ts";
import { measureNames, type Names } from "./names.ts";
import type { Heard, Live, Measure } from "./program.ts";
import { lentRoom, RATE, type Recording, recordings } from "./recordings.ts";
import { type Ended, generator, withPause, withTail } from "./rooms.ts";
import { type Calibration, calibration } from "./sure.ts";

/** What a speaker hears; digits have no dev split. */
const REQUESTS = {
  dev: ["coffee", "wakewords", "speech-commands"],
  test: ["coffee", "wakewords", "speech-commands", "digits"],
};
/** Prose: every so many recordings, which is enough for a rate. */
const PROSE: Record<string, number> = { "librispeech-testclean": 3, speechocean762: 2 };
const TAIL_SECONDS = 2.5;
const PAUSED = 0.2;
const QUIET_GAIN = 0.1;
const WIDTHS = [1, 2, 4, 8, 16];
const PRUNES = [2048, 3584, 5632, 7168, 9216];
/** Of the dev requests, for the curves: every so many. */
const CURVE_STEP = 2;
const SILENT_MINUTES = 30;
const Q10 = 1024;

export type Split = "dev" | "test";

export interface SetFigures {
  readonly set: string;
  readonly split: Split;
  readonly utterances: number;
  readonly words: number;
  readonly wer: number;
  /** Of the errors of the first hypothesis. */
  readonly ten: number;
  readonly oracle: number;
  readonly edgesAWord: number;
  readonly bytes50: number;
  readonly bytes95: number;
  readonly mips: number;
}

export interface EndFigures {
  readonly split: Split;
  readonly kind: "as spoken" | "all with a pause" | "a pause in 20 %";
  readonly utterances: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly lead: number;
  readonly same: number;
  readonly resets: number;
  readonly apart: number;
  readonly cut: number;
  /** Word errors more than without end-pointers, of all words. */
  readonly lost: number;
  readonly delays: readonly number[];
  readonly leads: readonly number[];
}

export interface SilentFigures {
  readonly kind: string;
  readonly minutes: number;
  readonly distinct: number;
  readonly utterances: number;
  readonly words: number;
  readonly unsure: number;
  readonly examples: readonly string[];
}

export interface Weighed {
  readonly weight: number;
  readonly wer: number;
}

export interface Figures {
  readonly sets: readonly SetFigures[];
  readonly ends: readonly EndFigures[];
  readonly confidence: { readonly words: Calibration; readonly utterances: Calibration; readonly split: Split };
  readonly kept: { readonly right: number; readonly lost: number; readonly quiet: number; readonly quietLost: number };
  readonly silent: readonly SilentFigures[];
  readonly widths: readonly { width: number; wer: number; mips: number }[];
  readonly greedyMips: number;
  readonly prunes: readonly { nats: number; oracle: number; edges: number; bytes: number }[];
  /** WER with and without the language model; absent: the model has none. */
  readonly language?: readonly { set: string; split: Split; words: number; without: number; with: number }[];
  /** WER against the weights of the language model and of the network's own, the other as in the file. */
  readonly languageWeights?: { readonly language: readonly Weighed[]; readonly internal: readonly Weighed[] };
  /** Absent: there is no list of names to measure. */
  readonly names?: Names;
  readonly bytes: number;
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);
const werOf = (rows: readonly Heard[]): number =>
  sum(rows, (row) => row.errors) /
  Math.max(
    1,
    sum(rows, (row) => row.words),
  );
const mipsOf = (rows: readonly { instructions: number; samples: number }[]): number =>
  sum(rows, (row) => row.instructions) / (sum(rows, (row) => row.samples) / RATE) / 1e6;

function setFigures(set: string, split: Split, rows: readonly Heard[]): SetFigures {
  const errors = Math.max(
    1,
    sum(rows, (row) => row.errors),
  );
  const words = sum(rows, (row) => row.words);
  const bytes = rows.map((row) => row.bytes);
  return {
    ...{ set, split, utterances: rows.length, words, wer: werOf(rows) },
    ten: sum(rows, (row) => row.ten) / errors,
    oracle: sum(rows, (row) => row.oracle) / errors,
    edgesAWord: sum(rows, (row) => row.edges) / words,
    ...{ bytes50: quantile(bytes, 0.5), bytes95: quantile(bytes, 0.95), mips: mipsOf(rows) },
  };
}

// ---- ends ----

interface Lived {
  readonly track: Track;
  readonly live: Live;
  readonly whole: Heard;
}

const distance = (a: readonly string[], b: readonly string[]): number => {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  a.forEach((word, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      const change = (row[j] as number) + (word === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    });
    row = next;
  });
  return row[b.length] as number;
};

const finals = (live: Live) => live.events.filter(([type]) => type === "final");
const textOf = (live: Live): string =>
  finals(live)
    .map(([, , , text]) => text)
    .join(" ");
const wordsOf = (text: string): string[] => text.split(" ").filter((word) => word !== "");

/** The final that ends the request, and the speculative revisions before it. */
function endOf({
  live,
  track,
}: Lived): { at: number; lead: number; same: boolean; resets: number; early?: number } | undefined {
  const first = live.events.findIndex(([type]) => type === "final");
  if (first < 0) return undefined;
  const [, at, , text] = live.events[first] as Live["events"][number];
  const before = live.events.slice(0, first);
  const tried = before.filter(([type]) => type === "speculative");
  const last = tried.at(-1);
  return {
    at,
    lead: last === undefined ? 0 : at - last[1],
    same: tried.length === 0 || tried[0]?.[3] === text,
    resets: before.filter(([type]) => type === "reset").length,
    ...(at < track.end ? { early: at } : {}),
  };
}

const SLACK = RATE / 5;

function inWord({ ended }: Track, at: number): boolean {
  const pause = ended.pause;
  if (pause !== undefined && at > pause.at && at < pause.at + pause.length + SLACK) return false;
  return ended.stretches.some(({ start, end }) => at > start + SLACK && at < end);
}

/** Weighted by what each recording counts; `lived` holds a recording as spoken, with a pause, or both. */
function endFigures(
  split: Split,
  kind: EndFigures["kind"],
  lived: readonly Lived[],
  weight: (one: Lived) => number,
): EndFigures {
  const total = sum(lived, weight);
  const delays: number[] = [];
  const leads: number[] = [];
  let [same, resets, apart, cut, lost] = [0, 0, 0, 0, 0];
  const repeat = (one: Lived): number => Math.round(5 * weight(one));
  for (const one of lived) {
    const end = endOf(one);
    const share = weight(one) / total;
    lost += share * (distance(wordsOf(one.track.ended.text), wordsOf(textOf(one.live))) - one.whole.errors);
    if (end === undefined) continue;
    same += end.same ? share : 0;
    resets += end.resets * share;
    for (let i = 0; i < repeat(one); i++) leads.push((1000 * end.lead) / RATE);
    if (end.early === undefined) {
      for (let i = 0; i < repeat(one); i++) delays.push((1000 * (end.at - one.track.end)) / RATE);
    } else {
      apart += share;
      cut += inWord(one.track, end.early) ? share : 0;
    }
  }
  const words = sum(lived, (one) => weight(one) * one.whole.words) / total;
  return {
    ...{ split, kind, utterances: lived.length, same, resets, apart, cut, lost: lost / words, delays, leads },
    ...{
      p50: quantile(delays, 0.5),
      p90: quantile(delays, 0.9),
      p99: quantile(delays, 0.99),
      lead: quantile(leads, 0.5),
    },
  };
}

async function live(measure: Measure, items: readonly Ended[], framesAStep: number): Promise<Lived[]> {
  const steps = await measure.rows(items, "steps", "raw");
  const events = await measure.rows<Live>(items, "live");
  return items.map((ended, i) => {
    const whole = steps[i] as Heard;
    return { track: trackOf(ended, whole.steps ?? [], whole.text, framesAStep), live: events[i] as Live, whole };
  });
}

// ---- where nobody speaks to it ----

function mixed(parts: readonly Int16Array[], minutes: number, seed: string, layers: number, gain: number): Int16Array {
  const random = generator(seed);
  const out = new Float64Array(minutes * 60 * RATE);
  for (let layer = 0; layer < layers; layer++) {
    for (let at = Math.floor(random() * RATE); at < out.length; ) {
      const part = parts[Math.floor(random() * parts.length)] as Int16Array;
      // Loops begin anywhere, so that the same sound meets another state of the recogniser each time.
      const from = part.length > 20 * RATE ? Math.floor(random() * (part.length - 10 * RATE)) : 0;
      const loud = gain * (layer === 0 ? 1 : 0.4) * 2 ** (2 * random() - 1);
      const length = Math.min(part.length - from, out.length - at);
      for (let i = 0; i < length; i++) out[at + i] = (out[at + i] as number) + loud * (part[from + i] as number);
      at += length + Math.floor(random() * RATE * 2);
    }
  }
  return Int16Array.from(out, (x, i) => Math.max(-32768, Math.min(32767, Math.round(x + ((i * 7919) % 5) - 2))));
}

async function silentFigures(measure: Measure, data: string, minutes: number): Promise<SilentFigures[]> {
  const noise = await recordings(data, "noise", "test");
  const music = await recordings(data, "music", "test");
  const talk = await recordings(data, "librispeech-testclean", "test", 6);
  const sounds = (all: readonly Recording[]): Int16Array[] => all.map(({ samples }) => samples);
  const long = (all: readonly Int16Array[]): number => sum(all, (one) => one.length) / RATE / 60;
  const pieces = music.map(({ id, samples }) => ({
    kind: `music: ${id.replace("music-", "").replaceAll("-", " ")}`,
    parts: [samples],
  }));
  const kinds = [
    { kind: "noise", parts: sounds(noise), layers: 2, gain: 1, minutes },
    ...pieces.map((piece) => ({ ...piece, layers: 1, gain: 1, minutes: minutes / pieces.length })),
    { kind: "far babble: eight readers, 30 dB down", parts: sounds(talk), layers: 8, gain: 0.03, minutes: minutes / 6 },
    { kind: "a silent room", parts: [new Int16Array(RATE)], layers: 1, gain: 1, minutes: minutes / 6 },
  ];
  const items = kinds.map(({ kind, parts, layers, gain, minutes: most }) => ({
    text: "",
    samples: mixed(parts, most, kind, layers, gain),
  }));
  const rows = await measure.rows<Live>(items, "live");
  return kinds.map(({ kind, parts, minutes: most }, i) => {
    const events = (rows[i] as Live).events;
    const told = events.filter(([type]) => type === "final").map(([, , , text]) => text);
    return {
      ...{
        kind,
        minutes: most,
        distinct: long(parts),
        utterances: told.length,
        words: sum(told, (text) => wordsOf(text).length),
      },
      ...{ unsure: events.filter(([, , reason]) => reason === "unsure").length, examples: told.slice(0, 6) },
    };
  });
}

// ---- all ----

export interface Options {
  readonly root: string;
  readonly measure: Measure;
  readonly data: string;
  readonly stepMs: number;
  readonly hasLanguage: boolean;
  readonly minutes?: number;
  /** Every so many recordings: a quick look. */
  readonly step?: number;
  readonly say: (line: string) => void;
}

async function endsOf(
  measure: Measure,
  split: Split,
  items: readonly Recording[],
  framesAStep: number,
  other: Int16Array,
) {
  const plain = await live(
    measure,
    items.map((item) => withTail(item, TAIL_SECONDS, other)),
    framesAStep,
  );
  const paused = await live(
    measure,
    items.flatMap((item) => withPause(item, TAIL_SECONDS, other) ?? []),
    framesAStep,
  );
  const pausing = new Set(paused.map(({ track }) => track.ended.id));
  const share = ({ track }: Lived): number =>
    track.ended.pause !== undefined ? PAUSED : pausing.has(track.ended.id) ? 1 - PAUSED : 1;
  return {
    plain,
    figures: [
      endFigures(split, "as spoken", plain, () => 1),
      endFigures(split, "a pause in 20 %", [...plain, ...paused], share),
      endFigures(split, "all with a pause", paused, () => 1),
    ],
  };
}

/** Requests that are heard rightly as they are, and are lost by the least confidence; the same 20 dB more quietly. */
async function keptOf(measure: Measure, plain: readonly Lived[]): Promise<Figures["kept"]> {
  const right = plain.filter(({ whole, track }) => whole.text === track.ended.text);
  const nothing = (one: Live): boolean => finals(one).length === 0;
  const heard = plain.filter((one) => textOf(one.live) === one.track.ended.text);
  const quiet = heard.map(({ track: { ended } }) => ({
    text: ended.text,
    samples: ended.samples.map((x) => Math.round(x * QUIET_GAIN)),
  }));
  const rows = await measure.rows<Live>(quiet, "live");
  return {
    ...{ right: right.length, lost: right.filter((one) => nothing(one.live)).length },
    ...{ quiet: heard.length, quietLost: rows.filter(nothing).length },
  };
}

export async function measureAll({
  root,
  measure,
  data,
  stepMs,
  hasLanguage,
  minutes = SILENT_MINUTES,
  step = 1,
  say,
}: Options): Promise<Figures> {
  const sets: SetFigures[] = [];
  const ends: EndFigures[] = [];
  const language: { set: string; split: Split; words: number; without: number; with: number }[] = [];
  let [testPlain, testRows, devItems]: [Lived[], Heard[], Recording[]] = [[], [], []];
  for (const split of ["dev", "test"] as const) {
    say(`${split}: words and lattices …`);
    const requests: Recording[] = [];
    const rows: Heard[] = [];
    const names = [...REQUESTS[split], ...Object.keys(PROSE)];
    for (const set of names) {
      const items = await recordings(data, set, split, step * (PROSE[set] ?? 1));
      const heard = await measure.rows(items);
      sets.push(setFigures(set, split, heard));
      if (hasLanguage) {
        const without = await measure.rows(items, "nolanguage", "nolattice");
        language.push({
          set,
          split,
          words: sum(heard, (row) => row.words),
          without: werOf(without),
          with: werOf(heard),
        });
      }
      if (PROSE[set] !== undefined) continue;
      requests.push(...items);
      rows.push(...heard);
    }
    sets.push(setFigures("all requests", split, rows));
    say(`${split}: end-pointers …`);
    const other = lentRoom(await recordings(data, "noise", split === "dev" ? "train" : split));
    const found = await endsOf(measure, split, requests, stepMs / 10, other);
    ends.push(...found.figures);
    if (split === "dev") devItems = requests.filter((_, i) => i % CURVE_STEP === 0);
    else [testPlain, testRows] = [found.plain, rows];
  }
  say("confidence, and where nobody speaks …");
  const kept = await keptOf(measure, testPlain);
  const silent = await silentFigures(measure, data, minutes);
  say("beam and pruning …");
  const widths: { width: number; wer: number; mips: number }[] = [];
  for (const width of WIDTHS) {
    const rows = await measure.rows(devItems, `width=${width}`);
    widths.push({ width, wer: werOf(rows), mips: mipsOf(rows) });
  }
  const weighed = async (name: string, weights: readonly number[]): Promise<Weighed[]> => {
    const found: Weighed[] = [];
    for (const weight of weights) {
      const rows = await measure.rows(devItems, `${name}=${Math.round(weight * 256)}`, "nolattice");
      found.push({ weight, wer: werOf(rows) });
    }
    return found;
  };
  const languageWeights = hasLanguage
    ? {
        language: await weighed("lm", [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        internal: await weighed("ilm", [0, 0.1, 0.2, 0.3]),
      }
    : undefined;
  const greedyMips = mipsOf(await measure.rows(devItems, "width=1", "nolattice"));
  const prunes: { nats: number; oracle: number; edges: number; bytes: number }[] = [];
  for (const prune of PRUNES) {
    const f = setFigures("", "dev", await measure.rows(devItems, `prune=${prune}`, "lattice=4096"));
    prunes.push({ nats: prune / Q10, oracle: f.oracle, edges: f.edgesAWord, bytes: f.bytes50 });
  }
  say("names …");
  const names = step > 1 ? undefined : await measureNames(root, measure.model, data);
  const sure = testRows.filter((row) => row.sure >= 0);
  return {
    ...{ sets, ends, kept, silent, widths, greedyMips, prunes },
    confidence: {
      split: "test",
      words: calibration(testRows.flatMap((row) => row.confidence)),
      utterances: calibration(sure.map((row): [number, number] => [row.sure / 65534, row.errors === 0 ? 1 : 0])),
    },
    ...(hasLanguage ? { language } : {}),
    ...(languageWeights === undefined ? {} : { languageWeights }),
    ...(names === undefined ? {} : { names }),
    bytes: await measure.bytes(),
  };
}
