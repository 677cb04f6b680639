// An understander for tests: "name slot=words with spaces; slot=…" is the intent itself, and a few plain wordings. Words
// that end in "…" are not complete.

import type { Hypothesis } from "../../src/recognizer/hypothesis";
import { INTENTS, type Intent, type IntentName, type Understander } from "../../src/understanding/intent";

const PLAIN: Readonly<Record<string, string>> = {
  stop: "stop",
  "stop it": "stop",
  "stop the music": "stop",
  "play music": "play",
  "what time is it": "time",
};

export function fakeIntent(text: string): Intent {
  const [head = "", ...rest] = (PLAIN[text] ?? text).split(" ");
  const name = INTENTS.find((candidate) => candidate.toLowerCase() === head.toLowerCase()) as IntentName | undefined;
  if (name === undefined) return { name: "none", slots: {}, confidence: 0.9, complete: true };
  const slots: Record<string, string> = {};
  for (const part of rest.join(" ").split(";")) {
    const [slot = "", words = ""] = part.trim().split("=");
    if (words !== "") slots[slot] = words;
  }
  return { name, slots, confidence: 0.9, complete: !text.endsWith("…") };
}

export class FakeUnderstander implements Understander {
  readonly asked: string[] = [];

  understand({ text }: Hypothesis): Intent {
    this.asked.push(text);
    return fakeIntent(text);
  }

  understandText(text: string): Intent {
    this.asked.push(text);
    return fakeIntent(text);
  }
}
