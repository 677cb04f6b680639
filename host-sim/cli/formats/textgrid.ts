// Praat's TextGrid, long text form: a tier of utterances and one of words; what lies between them has an empty label.
// Source: Praat's manual, "TextGrid file formats".

import type { Transcript } from "../device/transcript.ts";

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

interface Labeled {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** Intervals from 0 to `end` without gaps; what would overlap the one before begins where that ends. */
function intervals(items: readonly Labeled[], end: number): Interval[] {
  const found: Interval[] = [];
  let at = 0;
  for (const { startMs, endMs, text } of items) {
    const from = Math.max(at, startMs / 1000);
    const to = Math.min(end, endMs / 1000);
    if (to <= from) continue;
    if (from > at) found.push({ from: at, to: from, text: "" });
    found.push({ from, to, text });
    at = to;
  }
  if (at < end || found.length === 0) found.push({ from: at, to: end, text: "" });
  return found;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function tier(name: string, index: number, items: readonly Interval[], end: number): string[] {
  return [
    `    item [${index}]:`,
    '        class = "IntervalTier"',
    `        name = ${quoted(name)}`,
    "        xmin = 0",
    `        xmax = ${end}`,
    `        intervals: size = ${items.length}`,
    ...items.flatMap(({ from, to, text }, i) => [
      `        intervals [${i + 1}]:`,
      `            xmin = ${from}`,
      `            xmax = ${to}`,
      `            text = ${quoted(text)}`,
    ]),
  ];
}

export function textGridOf({ utterances, words, stats }: Transcript): string {
  // Praat wants a length above 0; a word's end may lie after the last sample by a part of an encoder step.
  const end = Math.max(1, stats.audioMs, ...words.map(({ endMs }) => endMs)) / 1000;
  const lines = [
    'File type = "ooTextFile"',
    'Object class = "TextGrid"',
    "",
    "xmin = 0",
    `xmax = ${end}`,
    "tiers? <exists>",
    "size = 2",
    "item []:",
    ...tier("utterances", 1, intervals(utterances, end), end),
    ...tier(
      "words",
      2,
      intervals(
        words.map((word) => ({ ...word, text: word.word })),
        end,
      ),
      end,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
