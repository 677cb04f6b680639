// Figures of understanding on lines with known intents. Pure.

import type { Understood } from "../device/understanding.ts";
import type { Line } from "./lines.ts";

export interface Judged {
  readonly line: Line;
  readonly found: Understood;
}

export interface Figures {
  /** Covered lines without questions; lines of nobody's. */
  readonly ours: number;
  readonly others: number;
  /** Percent. */
  readonly right: number;
  /** Mean of the intents. */
  readonly macro: number;
  /** Covered lines that were refused. */
  readonly lost: number;
  /** Of the others: refused, and refused or taken for a question (nothing is done then); partly mapped kinds left out. */
  readonly refused: number;
  readonly keptOut: number;
  readonly questions: number;
}

const percent = (rows: readonly Judged[], is: (row: Judged) => boolean): number =>
  rows.length === 0 ? Number.NaN : (100 * rows.filter(is).length) / rows.length;

/** What is decided when `more` nats are asked for beyond the file's constant. */
export const decided = ({ found }: Judged, more = 0): string => (found.margin >= more ? found.best : "none");

export function figuresOf(rows: readonly Judged[], more = 0): Figures {
  const ours = rows.filter(({ line }) => line.intent !== "none" && line.intent !== "question");
  const others = rows.filter(({ line }) => line.intent === "none" && !line.partly);
  const questions = rows.filter(({ line }) => line.intent === "question");
  const right = (row: Judged): boolean => decided(row, more) === row.line.intent;
  const recalls = [...new Set(ours.map(({ line }) => line.intent))].map((intent) =>
    percent(
      ours.filter(({ line }) => line.intent === intent),
      right,
    ),
  );
  return {
    ours: ours.length,
    others: others.length,
    right: percent(ours, right),
    macro: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    lost: percent(ours, (row) => decided(row, more) === "none"),
    refused: percent(others, (row) => decided(row, more) === "none"),
    keptOut: percent(others, (row) => ["none", "question"].includes(decided(row, more))),
    questions: percent(questions, right),
  };
}

/** F1 of slots with their values over all lines: a slot of a line whose intent is wrong is wrong. */
export function slotF1(rows: readonly Judged[]): number {
  let [right, given, there] = [0, 0, 0];
  for (const { line, found } of rows) {
    const wanted = Object.entries(line.slots ?? {});
    const own = Object.entries(found.intent.slots);
    there += wanted.length;
    given += own.length;
    if (found.intent.name !== line.intent) continue;
    right += wanted.filter(([name, words]) => found.intent.slots[name] === words).length;
  }
  return (200 * right) / Math.max(1, given + there);
}

/** Lines whose intent and every slot are right, percent. */
export function wholeRight(rows: readonly Judged[]): number {
  return percent(rows, ({ line, found }) => {
    const wanted = Object.entries(line.slots ?? {});
    const { name, slots } = found.intent;
    const same = wanted.every(([slot, words]) => slots[slot] === words);
    return name === line.intent && same && Object.keys(slots).length === wanted.length;
  });
}

/** Expected calibration error of the confidence over ten equal bins. */
export function calibrationError(rows: readonly Judged[]): number {
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0 }));
  for (const { line, found } of rows) {
    const bin = bins[Math.min(9, Math.floor(10 * found.intent.confidence))] as { sure: number; right: number };
    bin.sure += found.intent.confidence;
    bin.right += found.intent.name === line.intent ? 1 : 0;
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / Math.max(1, rows.length);
}

/** Pairs of right and given intents that are confused most, with their numbers. */
export function confusions(rows: readonly Judged[], count: number): [string, number][] {
  const tally = new Map<string, number>();
  for (const row of rows) {
    const { name } = row.found.intent;
    if (name === row.line.intent || row.line.partly) continue;
    const pair = `${row.line.intent} → ${name}`;
    tally.set(pair, (tally.get(pair) ?? 0) + 1);
  }
  return [...tally].sort((a, b) => b[1] - a[1]).slice(0, count);
}
