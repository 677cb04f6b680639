// Events to utterances, transcript records and the run summary. The order of the keys is part of the format. Fields that
// nothing fills yet are null.

import { decodeLattice, nbest, pathText, type Spelling } from "../../../src/recognizer/lattice.ts";
import type { FileStats, FinalEvent, IntentEvent, SummaryRecord, TraceEvent, Word } from "./records.ts";

const SAMPLES_A_MS = 16;
const NBEST = 10;
const DECIMALS = 1000;

export interface Hypothesis {
  readonly text: string;
  /** Natural logarithm of its probability among all that the search kept. */
  readonly score: number;
}

export interface CodedLattice {
  readonly bytes: number;
  readonly revision: number;
  readonly base64: string;
}

export interface Endpoint {
  readonly speculativeMs: number | null;
  readonly finalMs: number;
  readonly reason: string;
}

export type Intent = Pick<IntentEvent, "name" | "slots" | "confidence">;

export interface Utterance {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly Word[];
  readonly endpoint: Endpoint;
  readonly nbest: readonly Hypothesis[] | null;
  readonly lattice: CodedLattice | null;
  readonly intent: Intent | null;
}

export interface Transcript {
  readonly file: string;
  readonly text: string;
  readonly words: readonly Word[];
  readonly utterances: readonly Utterance[];
  readonly endpoint: Endpoint | null;
  readonly nbest: readonly Hypothesis[] | null;
  readonly lattice: CodedLattice | null;
  readonly intent: Intent | null;
  readonly stats: FileStats;
}

function hypothesesOf(base64: string, spell: Spelling): Hypothesis[] {
  const lattice = decodeLattice(Buffer.from(base64, "base64"));
  return nbest(lattice, spell, NBEST).map((path) => ({
    text: pathText(path, spell),
    score: Math.round(path.score * DECIMALS) / DECIMALS,
  }));
}

export function utteranceOf(event: FinalEvent, spell: Spelling): Utterance {
  const { lattice, revision } = event;
  return {
    startMs: event.startMs,
    endMs: event.endMs,
    text: event.text,
    words: event.words,
    endpoint: {
      speculativeMs: event.speculativeMs,
      finalMs: Math.round(event.t / SAMPLES_A_MS),
      reason: event.reason,
    },
    nbest: lattice === undefined ? null : hypothesesOf(lattice, spell),
    lattice: lattice === undefined ? null : { bytes: Buffer.byteLength(lattice, "base64"), revision, base64: lattice },
    intent: null,
  };
}

/** Gathers the utterances of one file or run. */
export class Utterances {
  readonly list: Utterance[] = [];
  /** The utterance that the last of the list is. */
  #number = 0;

  /** `spell`: the pieces of the model that runs. */
  constructor(readonly spell: Spelling) {}

  add(event: TraceEvent): void {
    if (event.type === "final") {
      this.list.push(utteranceOf(event, this.spell));
      this.#number = event.utterance;
    } else if (event.type === "intent" && event.utterance === this.#number && this.list.length > 0) {
      const { name, slots, confidence } = event;
      this.list.push({ ...(this.list.pop() as Utterance), intent: { name, slots, confidence } });
    }
  }
}

export function transcriptOf(file: string, utterances: readonly Utterance[], stats: FileStats): Transcript {
  return {
    file,
    text: utterances.map(({ text }) => text).join(" "),
    words: utterances.flatMap(({ words }) => words),
    utterances,
    endpoint: utterances.at(-1)?.endpoint ?? null,
    nbest: utterances.at(-1)?.nbest ?? null,
    lattice: utterances.at(-1)?.lattice ?? null,
    intent: utterances.at(-1)?.intent ?? null,
    stats,
  };
}

export interface RunSummary extends SummaryRecord {
  readonly board: string;
  readonly utterances: readonly Utterance[];
}

export function summaryOf(record: SummaryRecord, board: string, utterances: readonly Utterance[]): RunSummary {
  const { type, mips, audioMs, ...rest } = record;
  return { type, board, mips, audioMs, utterances, ...rest };
}
