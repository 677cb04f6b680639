// The sound of timers and alarms that ring: an earcon every two seconds, what it is for now and then, until it is
// stopped. After ten minutes it rings once a minute: whom that does not wake is not at home, and neighbors are.

import { msToSamples } from "../base/time";
import type { Voice } from "./voice";

const PERIOD = msToSamples(2000);
const LOUD = msToSamples(10 * 60_000);
const LATER_PERIOD = msToSamples(60_000);
/** The text comes with the first earcon and with every eighth. */
const TEXT_EVERY = 8;

export class Ringer {
  readonly #voice: Voice;
  #since = 0;
  #next = 0;
  #rings = 0;
  #earcon = "";
  #text = "";

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  get on(): boolean {
    return this.#earcon !== "";
  }

  /** One more thing rings: the newest one names itself. */
  start(earcon: string, text: string, t: number): void {
    if (!this.on) this.#since = t;
    this.#earcon = earcon;
    this.#text = text;
    this.#rings = 0;
    this.#next = t;
    this.tick(t);
  }

  stop(t: number): void {
    if (!this.on) return;
    this.#earcon = "";
    this.#voice.hush(t);
  }

  /** To be called several times a second. A voice that is busy, its own or a person's, is let finish. */
  tick(t: number): void {
    if (!this.on || t < this.#next) return;
    this.#next += t - this.#since < LOUD ? PERIOD : LATER_PERIOD;
    if (this.#next <= t) this.#next = t + PERIOD;
    if (this.#voice.busy(t + PERIOD)) return;
    this.#voice.say(this.#earcon, t);
    if (this.#rings++ % TEXT_EVERY === 0) this.#voice.say(this.#text, t);
  }
}
