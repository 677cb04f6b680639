// What the engine tells the firmware, typed. `t` is in samples of the capture clock: the sound that caused the event,
// not the moment of the computation.

import { decodeHypothesis, EMPTY_HYPOTHESIS, type Hypothesis } from "./hypothesis";

/**
 * Why an utterance ended: pause found, the model's own outputs, longest utterance reached, end of the sound, or no time
 * to hear it out; of a time-out also: what was heard is too unsure to be words.
 */
export type EndReason = "pause" | "eou" | "length" | "input" | "overload" | "unsure";

/** What the governor leaves of the recogniser's work: all, a narrower beam, one hypothesis; at last words come late. */
export type Load = "full" | "narrow" | "greedy" | "late";

interface At {
  readonly t: number;
  /** Counted from 1; 0 before the first. */
  readonly utterance: number;
}

export type RecognizerEvent =
  | (At & { readonly type: "listen" })
  | (At & { readonly type: "partial"; readonly hypothesis: Hypothesis })
  | (At & { readonly type: "speculative"; readonly revision: number; readonly hypothesis: Hypothesis })
  | (At & { readonly type: "reset"; readonly revision: number })
  | (At & {
      readonly type: "final";
      readonly revision: number;
      readonly hypothesis: Hypothesis;
      readonly reason: EndReason;
    })
  | (At & { readonly type: "timeout"; readonly reason: EndReason });

export type EngineEvent =
  | RecognizerEvent
  | (At & { readonly type: "recovered" | "musicStart" | "musicEnd" | "underrun" })
  | (At & { readonly type: "overload"; readonly load: Load; readonly lateMs: number })
  | (At & { readonly type: "duck"; readonly on: boolean });

/** A raw event of the driver: numbers as in es_event_type and es_end_reason. */
export interface RawEvent {
  readonly type: number;
  readonly t: number;
  readonly utterance: number;
  readonly revision: number;
  readonly value: number;
  readonly reason: number;
  readonly bytes: Uint8Array | undefined;
}

/** In the order of es_event_type. */
const TYPES = [
  "listen",
  "partial",
  "speculative",
  "reset",
  "final",
  "timeout",
  "overload",
  "recovered",
  "musicStart",
  "musicEnd",
  "duck",
  "underrun",
] as const;

/** In the order of es_end_reason, without ES_END_NONE. */
const REASONS = ["pause", "eou", "length", "input", "overload", "unsure"] as const;

/** In the order of es_load. */
const LOADS = ["full", "narrow", "greedy", "late"] as const;

export class EventError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EventError";
  }
}

/** The typed event; throws an EventError or a HypothesisError when the driver's values make no event. */
export function readEvent(raw: RawEvent): EngineEvent {
  const type = TYPES[raw.type];
  const { t, utterance, revision } = raw;
  switch (type) {
    case undefined:
      throw new EventError(`event type ${raw.type} is not known`);
    case "partial":
      return { type, t, utterance, hypothesis: hypothesisOf(raw) };
    case "speculative":
      return { type, t, utterance, revision, hypothesis: hypothesisOf(raw) };
    case "reset":
      return { type, t, utterance, revision };
    case "final":
      return { type, t, utterance, revision, hypothesis: hypothesisOf(raw), reason: reasonOf(raw) };
    case "timeout":
      return { type, t, utterance, reason: reasonOf(raw) };
    case "overload":
      return { type, t, utterance, load: loadOf(raw), lateMs: raw.value };
    case "duck":
      return { type, t, utterance, on: raw.value !== 0 };
    default:
      return { type, t, utterance };
  }
}

function hypothesisOf(raw: RawEvent): Hypothesis {
  return raw.bytes === undefined ? EMPTY_HYPOTHESIS : decodeHypothesis(raw.bytes);
}

function loadOf(raw: RawEvent): Load {
  const load = LOADS[raw.revision];
  if (load === undefined) throw new EventError(`load ${raw.revision} is not known`);
  return load;
}

function reasonOf(raw: RawEvent): EndReason {
  const reason = REASONS[raw.reason - 1];
  if (reason === undefined) throw new EventError(`end reason ${raw.reason} is not known`);
  return reason;
}
