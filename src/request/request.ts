// The running request: holds the state, runs the effects, and ends what stalls.

import { SAMPLES_PER_SECOND } from "../base/time";
import { IDLE, type RequestEffect, type RequestEvent, type RequestState } from "./states";
import { transition } from "./transition";

/** A request that heard words and then no event for this long has lost its end: 20 s, above the engine's longest
 *  utterance and its time-out. */
export const STALL_SAMPLES = 20 * SAMPLES_PER_SECOND;

export interface RequestHandlers {
  effect(effect: RequestEffect): void;
  /** After each legal event that changed the state's name. */
  changed(from: RequestState, to: RequestState): void;
  /** An event that was not legal where the request stood. */
  refused(state: RequestState, event: RequestEvent): void;
}

export class Request {
  readonly #handlers: RequestHandlers;
  readonly #now: () => number;
  #state: RequestState = IDLE;
  /** The latest utterance ever opened: an old one never opens again. */
  #opened = 0;
  #lastEvent = 0;

  constructor(now: () => number, handlers: RequestHandlers) {
    this.#now = now;
    this.#handlers = handlers;
  }

  get state(): RequestState {
    return this.#state;
  }

  /** Takes an event. Effects may call back with `begin` and `done`: the state is the new one when they run. */
  handle(event: RequestEvent): void {
    const stale = event.type === "listen" && event.utterance <= this.#opened;
    const step = transition(this.#state, event);
    if (stale || !step.legal) {
      this.#handlers.refused(this.#state, event);
      return;
    }
    if (event.type === "listen") this.#opened = event.utterance;
    this.#lastEvent = this.#now();
    const before = this.#state;
    this.#state = step.state;
    if (before.name !== step.state.name) this.#handlers.changed(before, step.state);
    for (const effect of step.effects) this.#handlers.effect(effect);
  }

  /** To be called about once a second: a stalled request ends as a fault. */
  guard(): void {
    const { name } = this.#state;
    const waiting = name === "idle" || (this.#state.name === "listening" && !this.#state.spoken);
    const now = this.#now();
    if (!waiting && now - this.#lastEvent > STALL_SAMPLES) this.handle({ type: "fault", t: now, reason: "stalled" });
  }
}
