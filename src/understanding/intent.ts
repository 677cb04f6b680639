// What a request can mean. Slots, examples and value forms of every intent: docs/intents.md.

import type { Hypothesis } from "../recognizer/hypothesis";

/** In the order of the packed file's intents (models/UNDERSTANDING.md). */
export const INTENTS = [
  "play",
  "pause",
  "resume",
  "stop",
  "next",
  "previous",
  "volumeSet",
  "volumeChange",
  "timerSet",
  "timerCancel",
  "timerQuery",
  "alarmSet",
  "alarmCancel",
  "deviceOn",
  "deviceOff",
  "deviceSet",
  "call",
  "message",
  "listAdd",
  "listRemove",
  "listRead",
  "weather",
  "time",
  "date",
  "orderDrink",
  "question",
  "none",
] as const;

export type IntentName = (typeof INTENTS)[number];

export interface Intent {
  readonly name: IntentName;
  /** Words as they are said ("ten minutes", "double shot"); values.ts makes numbers, times and colors of them. */
  readonly slots: Readonly<Record<string, string>>;
  /** Probability, 0 to 1, that name and slots are what was meant; of "none": that it is for none of the skills. */
  readonly confidence: number;
  /** False: the words end where a request can't ("set a timer for"). The end-pointer may wait longer. */
  readonly complete: boolean;
}

/** The request that nobody made: no words at all. */
export const NO_INTENT: Intent = { name: "none", slots: {}, confidence: 1, complete: false };

/** The owner's names. Called only for spans that stand where a name can stand. */
export interface NameLookup {
  /** The owner's spellings of all entries of a class (contact, device, room, playlist) that sound like these words. */
  resolve(nameClass: string, words: string): readonly string[];
}

/** The scorer in native/understanding. */
export interface UnderstandingDriver {
  /** JSON of what it found for words separated by spaces, or for a coded lattice (form: scored.ts). */
  scoreText(words: string): string;
  scoreLattice(lattice: Uint8Array): string;
}

/** What the request flow needs; understanding.ts implements it. */
export interface Understander {
  understand(hypothesis: Hypothesis): Intent;
  understandText(text: string): Intent;
}
