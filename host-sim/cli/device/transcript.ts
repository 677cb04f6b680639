// Events to utterances, transcript records and the run summary. The order of the keys is part of the format. Fields that
// nothing fills yet are null.

import type { FileStats, FinalEvent, SummaryRecord, TraceEvent, Word } from "./records.ts";

const SAMPLES_A_MS = 16;

export interface Endpoint {
  readonly speculativeMs: number | null;
  readonly finalMs: number;
  readonly reason: string;
}

export interface Utterance {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly Word[];
  readonly endpoint: Endpoint;
  readonly nbest: null;
  readonly lattice: null;
  readonly intent: null;
}

export interface Transcript {
  readonly file: string;
  readonly text: string;
  readonly words: readonly Word[];
  readonly utterances: readonly Utterance[];
  readonly endpoint: Endpoint | null;
  readonly nbest: null;
  readonly lattice: null;
  readonly intent: null;
  readonly stats: FileStats;
}

export function utteranceOf(event: FinalEvent): Utterance {
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
    nbest: null,
    lattice: null,
    intent: null,
  };
}

/** Gathers the utterances of one file or run. */
export class Utterances {
  readonly list: Utterance[] = [];

  add(event: TraceEvent): void {
    if (event.type === "final") this.list.push(utteranceOf(event));
  }
}

export function transcriptOf(file: string, utterances: readonly Utterance[], stats: FileStats): Transcript {
  return {
    file,
    text: utterances.map(({ text }) => text).join(" "),
    words: utterances.flatMap(({ words }) => words),
    utterances,
    endpoint: utterances.at(-1)?.endpoint ?? null,
    nbest: null,
    lattice: null,
    intent: null,
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
