// The last hypotheses, for the console: what is being heard, and what was heard before.

import { Ring } from "../base/ring";
import type { EndReason, RecognizerEvent } from "./events";
import type { Hypothesis } from "./hypothesis";

const KEPT = 8;
/** The lattice of the last utterance alone is kept: eight of them would be a third of the heap. */
type WithoutLattice = Omit<Hypothesis, "lattice">;

export interface HeardUtterance {
  readonly utterance: number;
  /** Samples of the capture clock at which it ended. */
  readonly t: number;
  readonly revision: number;
  readonly reason: EndReason;
  readonly hypothesis: WithoutLattice;
}

export class Hypotheses {
  #heard = new Ring<HeardUtterance>(KEPT);
  #partial = "";
  /** Coded lattice of the last utterance that had one. */
  lattice: Uint8Array | undefined;

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
    const { text, words, lattice } = hypothesis;
    this.lattice = lattice;
    this.#heard.push({ utterance, t, revision, reason, hypothesis: { text, words } });
  }

  erase(): void {
    this.#heard = new Ring<HeardUtterance>(KEPT);
    this.lattice = undefined;
  }
}
