// The last hypotheses, for the console: what is being heard, and what was heard before.

import { Ring } from "../base/ring";
import type { EndReason, RecognizerEvent } from "./events";
import type { Hypothesis } from "./hypothesis";

const KEPT = 8;

export interface HeardUtterance {
  readonly utterance: number;
  /** Samples of the capture clock at which it ended. */
  readonly t: number;
  readonly revision: number;
  readonly reason: EndReason;
  readonly hypothesis: Hypothesis;
}

export class Hypotheses {
  readonly #heard = new Ring<HeardUtterance>(KEPT);
  #partial = "";

  get capacity(): number {
    return KEPT;
  }

  /** Words of the utterance that is open; empty when none is. */
  get partial(): string {
    return this.#partial;
  }

  last(count: number = KEPT): HeardUtterance[] {
    return this.#heard.last(count);
  }

  follow(event: RecognizerEvent): void {
    if (event.type === "partial" || event.type === "speculative") {
      this.#partial = event.hypothesis.text;
      return;
    }
    if (event.type === "reset") return;
    this.#partial = "";
    if (event.type !== "final") return;
    const { utterance, t, revision, reason, hypothesis } = event;
    this.#heard.push({ utterance, t, revision, reason, hypothesis });
  }
}
