// The speaker's own voice: texts that packaged prompts can say, and earcons. It never talks over a person: what is to be
// said meanwhile waits, and a person who begins to speak stops it.

import { effectAt, msToSamples } from "../base/time";
import { type DuckDriver, Ducking } from "./ducking";

export interface PromptDriver {
  /** Says what it has of the text, from `at` on; samples of capture time that it takes, 0 when it has nothing of it. */
  say(text: string, at: number): number;
  /** Ends what is said at `at`, and takes back what was to be said later. */
  stop(at: number): void;
}

/** Between two texts. The engine opens a piece 110 ms before it sounds, and what played before has ended by then. */
const PAUSE = msToSamples(160);
/** More than this waits for nobody. */
const MAX_WAITING = 4;
/** A text that waited longer than this is not worth saying. */
const MAX_AGE = msToSamples(10_000);

export class Voice {
  readonly #driver: PromptDriver;
  readonly #ducking: Ducking;
  readonly #waiting: { readonly text: string; readonly t: number }[] = [];
  #listening = false;
  /** Capture time at which the last ordered text ends. */
  #until = 0;

  constructor(driver: PromptDriver, ducking: DuckDriver) {
    this.#driver = driver;
    this.#ducking = new Ducking(ducking);
  }

  /** True when something is heard, or will be, after `t`. */
  busy(t: number): boolean {
    return this.#until > t || this.#waiting.length > 0;
  }

  /** Says a text that belongs to an event at `t`, after what is being said. */
  say(text: string, t: number): void {
    if (text === "") return;
    if (this.#listening) {
      if (this.#waiting.length === MAX_WAITING) this.#waiting.shift();
      this.#waiting.push({ text, t });
      return;
    }
    const at = Math.max(effectAt(t), this.#until + PAUSE);
    const length = this.#driver.say(text, at);
    if (length <= 0) return;
    this.#ducking.cover(at, at + length);
    this.#until = at + length;
  }

  /** Somebody speaks since `t`. */
  speech(t: number): void {
    this.#listening = true;
    this.hush(t);
  }

  /** Nobody speaks to the device any more, for whatever reason. */
  silence(t: number): void {
    if (!this.#listening) return;
    this.#listening = false;
    for (const { text, t: since } of this.#waiting.splice(0)) if (t - since <= MAX_AGE) this.say(text, t);
  }

  /** Ends what is being said. */
  hush(t: number): void {
    const at = effectAt(t);
    if (this.#until <= at) return;
    this.#driver.stop(at);
    this.#ducking.release(at);
    this.#until = at;
  }

  /** After a start: what the program before this one ordered is ended. */
  reset(t: number): void {
    this.#driver.stop(effectAt(t));
    this.#ducking.reset(effectAt(t));
  }
}
