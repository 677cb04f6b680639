// When music makes way for the speaker's own voice. For a person's voice the engine ducks by itself; how deep it goes and
// how fast is the mixer's.

export interface DuckDriver {
  duck(on: boolean, at: number): void;
}

export class Ducking {
  readonly #driver: DuckDriver;
  /** Capture time of the latest end that was ordered. */
  #until = 0;

  constructor(driver: DuckDriver) {
    this.#driver = driver;
  }

  /** The speaker talks from one capture time to another. */
  cover(from: number, to: number): void {
    this.#driver.duck(true, from);
    this.#driver.duck(false, to);
    this.#until = Math.max(this.#until, to);
  }

  /** The speaker is silent from `at` on. */
  release(at: number): void {
    if (this.#until > at) this.#driver.duck(false, at);
    this.#until = 0;
  }

  /** After a start: the engine may still be ducked by the program that was replaced. */
  reset(at: number): void {
    this.#driver.duck(false, at);
    this.#until = 0;
  }
}
