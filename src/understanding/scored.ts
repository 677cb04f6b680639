// What the native scorer found, as JSON (es_understood_json in native/include/earshot/understanding.h).

import { INTENTS, type IntentName } from "./intent";

export interface Scored {
  /** The reading that was chosen: words separated by spaces. */
  readonly text: string;
  /** The likeliest but "none". */
  readonly intent: IntentName;
  readonly refused: boolean;
  /** 0 to 1, that the decision is right. */
  readonly confidence: number;
  /** Name and words, in the order in which they were said; a name may come twice. */
  readonly slots: readonly (readonly [string, string])[];
  /** How many different texts of the lattice were looked at, and which was chosen: 0 is the first hypothesis. */
  readonly readings: number;
  readonly reading: number;
}

const CERTAIN = 32_768;

/** Undefined when the scorer had no answer: an error, or words that are no request. */
export function readScored(json: string): Scored | undefined {
  const found = JSON.parse(json) as Partial<Scored> & { readonly intent?: string };
  const { text, intent, refused, confidence, slots, readings, reading } = found;
  if (text === undefined || slots === undefined || !INTENTS.includes(intent as IntentName)) return undefined;
  return {
    text,
    intent: intent as IntentName,
    refused: refused === true,
    confidence: (confidence ?? 0) / CERTAIN,
    slots,
    readings: readings ?? 1,
    reading: reading ?? 0,
  };
}
