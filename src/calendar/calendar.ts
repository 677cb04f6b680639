// What the device knows of the calendar: the driver's clock, in UTC, and the owner's zone. It may not be known at all:
// a board without a battery learns it later.

import { msToSamples } from "../base/time";
import { type Instant, instantOfLocal, offsetAt, UTC, type Zone } from "./zone";

export interface CalendarDriver {
  /** UTC, ms since 1970; NaN while it is not known. */
  date(): number;
  setDate(utc: number): void;
}

export class Calendar {
  readonly #driver: CalendarDriver;
  readonly #now: () => number;
  zone: Zone = UTC;

  /** `now`: samples of the capture clock. */
  constructor(driver: CalendarDriver, now: () => number) {
    this.#driver = driver;
    this.#now = now;
  }

  get known(): boolean {
    return !Number.isNaN(this.#driver.date());
  }

  /** UTC at capture time `t`, or undefined. The same for the same `t`, whenever it is asked. */
  utc(t: number = this.#now()): number | undefined {
    const date = this.#driver.date();
    return Number.isNaN(date) ? undefined : Math.round(date + (t - this.#now()) / msToSamples(1));
  }

  local(t?: number): number | undefined {
    const utc = this.utc(t);
    return utc === undefined ? undefined : this.localOf(utc);
  }

  localOf(utc: number): number {
    return utc + offsetAt(this.zone, utc);
  }

  instantOf(local: number): Instant {
    return instantOfLocal(this.zone, local);
  }

  set(utc: number): void {
    this.#driver.setDate(utc);
  }
}
