// From a state and an event to the next state and what has to be done. Pure.

import { IDLE, LEGAL, type RequestEffect, type RequestEvent, type RequestState } from "./states";

export interface Step {
  readonly state: RequestState;
  readonly effects: readonly RequestEffect[];
  /** False: the event is not legal here, or belongs to another utterance; nothing has changed. */
  readonly legal: boolean;
}

const NOTHING: readonly RequestEffect[] = [];

export function transition(state: RequestState, event: RequestEvent): Step {
  const next = LEGAL[state.name][event.type];
  if (next === undefined || !belongs(state, event)) return { state, effects: NOTHING, legal: false };
  switch (event.type) {
    case "listen":
      // A request that the next utterance overtakes: after final its action is under way, before it there is none.
      return to({ name: "listening", utterance: event.utterance, spoken: false }, overtaken(state, event.t));
    case "partial":
    case "speculative":
      return heard(state, event);
    case "reset":
      // The speaker goes on: the revision is forgotten, music stays quiet.
      return to({ name: "listening", utterance: event.utterance, spoken: true }, [forget(event.utterance, event.t)]);
    case "final":
      return finished(event);
    case "timeout":
      return to(
        IDLE,
        dropped(
          event.utterance,
          event.t,
          event.reason === "input" || event.reason === "overload" ? event.reason : "timeout",
        ),
      );
    case "begin":
      return to({ name: "acting", utterance: event.utterance }, NOTHING);
    case "done":
      return to(IDLE, NOTHING);
    case "fault":
      return to(IDLE, state.name === "idle" ? NOTHING : dropped(state.utterance, event.t, event.reason));
  }
}

/** An event must be of the utterance that is open, a `listen` of a later one, a `reset` of the frozen revision. */
function belongs(state: RequestState, event: RequestEvent): boolean {
  if (event.type === "fault" || state.name === "idle") return true;
  if (event.type === "listen") return event.utterance > state.utterance;
  if (event.type === "reset" && state.name === "speculative" && event.revision !== state.revision) return false;
  return event.utterance === state.utterance;
}

function heard(state: RequestState, event: RequestEvent & { type: "partial" | "speculative" }): Step {
  const spoken = event.hypothesis.words.length > 0;
  const before = state.name === "listening" && state.spoken;
  const effects: readonly RequestEffect[] = spoken && !before ? [{ type: "speech", t: event.t }] : NOTHING;
  if (event.type === "speculative") {
    const { t, utterance, revision, hypothesis } = event;
    return to({ name: "speculative", utterance, revision }, [
      ...effects,
      { type: "prepare", t, utterance, revision, hypothesis },
    ]);
  }
  return to({ name: "listening", utterance: event.utterance, spoken: spoken || before }, effects);
}

function finished(event: RequestEvent & { type: "final" }): Step {
  const { t, utterance, hypothesis } = event;
  if (hypothesis.words.length === 0) return to(IDLE, dropped(utterance, t, "empty"));
  return to({ name: "final", utterance }, [
    { type: "silence", t },
    { type: "act", t, utterance, hypothesis },
  ]);
}

function overtaken(state: RequestState, t: number): readonly RequestEffect[] {
  if (state.name !== "listening" && state.name !== "speculative") return NOTHING;
  return dropped(state.utterance, t, "overtaken");
}

function dropped(utterance: number, t: number, reason: string): readonly RequestEffect[] {
  return [forget(utterance, t), { type: "silence", t }, { type: "dropped", t, utterance, reason }];
}

function forget(utterance: number, t: number): RequestEffect {
  return { type: "forget", t, utterance };
}

function to(state: RequestState, effects: readonly RequestEffect[]): Step {
  return { state, effects, legal: true };
}
