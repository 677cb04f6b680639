// SubRip subtitles: an utterance is shown whole, a long one in parts that can be read.

import type { Word } from "../device/records.ts";
import type { Transcript } from "../device/transcript.ts";

/** Two lines of 42 letters, and seconds that a subtitle stands at most: usual in broadcasting. */
const MOST_LETTERS = 84;
const MOST_MS = 7000;

function time(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const whole = Math.max(0, Math.round(ms));
  const [hours, minutes, seconds] = [whole / 3_600_000, (whole / 60_000) % 60, (whole / 1000) % 60].map(Math.floor);
  return `${two(hours as number)}:${two(minutes as number)}:${two(seconds as number)},${String(whole % 1000).padStart(3, "0")}`;
}

function parts(words: readonly Word[]): Word[][] {
  const found: Word[][] = [];
  let letters = 0;
  for (const word of words) {
    const part = found.at(-1);
    letters += word.word.length + 1;
    if (part === undefined || letters > MOST_LETTERS || word.endMs - (part[0] as Word).startMs > MOST_MS) {
      found.push([word]);
      letters = word.word.length;
    } else part.push(word);
  }
  return found;
}

export function srtOf({ utterances }: Transcript): string {
  return utterances
    .flatMap(({ words }) => parts(words))
    .map((part, i) => {
      const [first, last] = [part[0] as Word, part.at(-1) as Word];
      const text = part.map(({ word }) => word).join(" ");
      return `${i + 1}\n${time(first.startMs)} --> ${time(last.endMs)}\n${text}\n`;
    })
    .join("\n");
}
