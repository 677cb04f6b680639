// When music makes way for a voice. How deep it goes and how fast is the mixer's.

import { effectAt } from "../base/time";

export interface DuckDriver {
  duck(on: boolean, at: number): void;
}

export class Ducking {
  readonly #driver: DuckDriver;
  #on = false;

  constructor(driver: DuckDriver) {
    this.#driver = driver;
  }

  get on(): boolean {
    return this.#on;
  }

  /** Somebody speaks since `t`. */
  speech(t: number): void {
    if (this.#on) return;
    this.#on = true;
    this.#driver.duck(true, effectAt(t));
  }

  /** Nobody speaks to the device any more, for whatever reason. */
  silence(t: number): void {
    if (!this.#on) return;
    this.#on = false;
    this.#driver.duck(false, effectAt(t));
  }

  /** After a start: the engine may still be ducked by the program that was replaced. */
  release(t: number): void {
    this.#on = false;
    this.#driver.duck(false, effectAt(t));
  }
}
