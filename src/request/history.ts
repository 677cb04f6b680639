// The last requests and what became of them, for the console. In memory only: nobody finds them in a flash chip. Erased
// by the owner, or never written when the owner does not want it.

import { Ring } from "../base/ring";

const KEPT = 16;

export interface HistoryEntry {
  /** 0: typed. */
  readonly utterance: number;
  /** Samples of the capture clock. */
  readonly t: number;
  readonly text: string;
  readonly intent: string;
  readonly skill: string;
  readonly action: string;
  /** "done", or why nothing was done; "…" while a driver works. */
  result: string;
}

export class History {
  #entries = new Ring<HistoryEntry>(KEPT);
  /** Off: nothing is kept. */
  on = true;

  get capacity(): number {
    return KEPT;
  }

  add(entry: HistoryEntry): void {
    if (this.on) this.#entries.push(entry);
  }

  last(count: number = KEPT): HistoryEntry[] {
    return this.#entries.last(count);
  }

  erase(): void {
    this.#entries = new Ring<HistoryEntry>(KEPT);
  }
}
