// Requests in tests: a request with its effects written down, and events by short names.

import type { EndReason } from "../../../src/recognizer/events";
import { Request } from "../../../src/request/request";
import type { RequestEffect, RequestEvent } from "../../../src/request/states";
import { hypothesisOf } from "../recognizer/coded";

export const listen = (utterance: number): RequestEvent => ({ type: "listen", t: 0, utterance });
export const partial = (utterance: number, text = "stop"): RequestEvent => ({
  type: "partial",
  t: 1,
  utterance,
  hypothesis: hypothesisOf(text),
});
export const speculative = (utterance: number, revision = 0): RequestEvent => ({
  type: "speculative",
  t: 2,
  utterance,
  revision,
  hypothesis: hypothesisOf("stop"),
});
export const reset = (utterance: number, revision = 0): RequestEvent => ({ type: "reset", t: 3, utterance, revision });
export const final = (utterance: number, text = "stop", revision = 0): RequestEvent => ({
  type: "final",
  t: 4,
  utterance,
  revision,
  hypothesis: hypothesisOf(text),
  reason: "pause",
});
export const timeout = (utterance: number, reason: EndReason = "pause"): RequestEvent => ({
  type: "timeout",
  t: 5,
  utterance,
  reason,
});
export const fault = (reason = "broken"): RequestEvent => ({ type: "fault", t: 6, reason });
export const done = (utterance: number): RequestEvent => ({ type: "done", t: 7, utterance });
export const begin = (utterance: number): RequestEvent => ({ type: "begin", t: 7, utterance });

export interface Trial {
  readonly request: Request;
  readonly effects: RequestEffect[];
  readonly refused: RequestEvent[];
  /** Capture time; tests move it. */
  now: number;
}

export function trial(): Trial {
  const effects: RequestEffect[] = [];
  const refused: RequestEvent[] = [];
  const request = new Request(() => result.now, {
    effect: (effect) => effects.push(effect),
    changed: () => {},
    refused: (_state, event) => refused.push(event),
  });
  const result: Trial = { request, effects, refused, now: 0 };
  return result;
}

/** The effects of events that come one after the other, as short words. */
export function effectsOf(...events: RequestEvent[]): string[] {
  const { request, effects } = trial();
  for (const event of events) request.handle(event);
  return effects.map(shorten);
}

function shorten(effect: RequestEffect): string {
  if (effect.type === "act") return `act ${effect.utterance} ${effect.hypothesis.text}`;
  if (effect.type === "prepare") return `prepare ${effect.utterance}.${effect.revision} ${effect.hypothesis.text}`;
  if (effect.type === "dropped") return `dropped ${effect.utterance} ${effect.reason}`;
  return effect.type;
}
