// NIST's time-marked conversation form, one word a line: file, channel, start and length in seconds, word, confidence.
// Source: SCTK, doc/infmts.htm.

import { basename, extname } from "node:path";
import type { Transcript } from "../device/transcript.ts";

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** The form's fields are separated by spaces. */
export function recordingName(file: string): string {
  return basename(file, extname(file)).replace(/\s+/g, "_") || "_";
}

export function ctmOf({ file, words }: Transcript): string {
  const name = recordingName(file);
  return words
    .map(({ word, startMs, endMs, confidence }) => {
      const fields = [name, "1", seconds(startMs), seconds(endMs - startMs), word];
      return `${(confidence === null ? fields : [...fields, confidence.toFixed(3)]).join(" ")}\n`;
    })
    .join("");
}
