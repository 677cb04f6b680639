// Words for the speaker in tests of skills, in the form of fake-understander.ts.

import type { Bench } from "../drivers";

/** The lines of `say` without the intent's and the last. */
export function said(speaker: Bench, text: string): string {
  return speaker.type(`say ${text}`).split("\n").slice(1, -1).join(" | ");
}
