// Writes coded hypotheses for tests: the counterpart of src/recognizer/hypothesis.ts.

import { encodeUtf8 } from "../../../src/base/utf8";
import type { Hypothesis, Word } from "../../../src/recognizer/hypothesis";

export function encodeHypothesis(words: readonly Word[]): Uint8Array {
  const bytes: number[] = [1, words.length & 255, words.length >> 8];
  const u32 = (value: number) => bytes.push(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  for (const { text, start, end, confidence } of words) {
    const coded = encodeUtf8(text);
    u32(start);
    u32(end);
    bytes.push(confidence === null ? 255 : Math.round(confidence * 254), coded.length, ...coded);
  }
  return Uint8Array.from(bytes);
}

/** Words of 0.3 s each, from `start` on. */
export function hypothesisOf(text: string, start = 0): Hypothesis {
  const words = text === "" ? [] : text.split(" ");
  return {
    text,
    words: words.map((word, i) => ({
      text: word,
      start: start + i * 4800,
      end: start + (i + 1) * 4800,
      confidence: null,
    })),
  };
}
