// States, events and effects of a request, and which event is legal in which state.

import type { RecognizerEvent } from "../recognizer/events";
import type { Hypothesis } from "../recognizer/hypothesis";

export type RequestState =
  | { readonly name: "idle" }
  | { readonly name: "listening"; readonly utterance: number; readonly spoken: boolean }
  | { readonly name: "speculative"; readonly utterance: number; readonly revision: number }
  | { readonly name: "final"; readonly utterance: number }
  | { readonly name: "acting"; readonly utterance: number };

export type StateName = RequestState["name"];

export type RequestEvent =
  | RecognizerEvent
  /** The action of this utterance has begun, or is over. */
  | { readonly type: "begin" | "done"; readonly t: number; readonly utterance: number }
  /** Something failed: the request ends here. */
  | { readonly type: "fault"; readonly t: number; readonly reason: string };

export type RequestEffect =
  /** What was heard is frozen: understand it, without side effects. */
  | {
      readonly type: "prepare";
      readonly t: number;
      readonly utterance: number;
      readonly revision: number;
      readonly hypothesis: Hypothesis;
    }
  /** What was frozen goes on, or has gone: what was prepared is void. */
  | { readonly type: "forget"; readonly t: number; readonly utterance: number }
  /** Somebody speaks since t; nobody does any more. */
  | { readonly type: "speech" | "silence"; readonly t: number }
  /** Do what was asked. The only effect that changes anything outside. */
  | { readonly type: "act"; readonly t: number; readonly utterance: number; readonly hypothesis: Hypothesis }
  /** The request ended without an action. */
  | { readonly type: "dropped"; readonly t: number; readonly utterance: number; readonly reason: string };

/** Where each legal event leads; an event that is not in its state's row changes nothing. */
export const LEGAL: Readonly<Record<StateName, Readonly<Partial<Record<RequestEvent["type"], StateName>>>>> = {
  idle: { listen: "listening" },
  listening: {
    listen: "listening",
    partial: "listening",
    speculative: "speculative",
    final: "final",
    timeout: "idle",
    fault: "idle",
  },
  speculative: { listen: "listening", reset: "listening", final: "final", timeout: "idle", fault: "idle" },
  final: { listen: "listening", begin: "acting", done: "idle", fault: "idle" },
  acting: { listen: "listening", done: "idle", fault: "idle" },
};

export const IDLE: RequestState = { name: "idle" };
