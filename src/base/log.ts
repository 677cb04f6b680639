// What the firmware did, for a person who looks for a fault: the last lines in memory, each one also to the host's log.
// A line never holds words that somebody said, unless debugging was switched on.

import { Ring } from "./ring";
import { samplesToMs } from "./time";

const LOG_LINES = 64;

export class Log {
  readonly #lines = new Ring<string>(LOG_LINES);
  readonly #now: () => number;
  readonly #sink: (line: string) => void;
  /** Details are written too, and they may hold spoken words. Off at each start. */
  debug = false;

  constructor(now: () => number, sink: (line: string) => void) {
    this.#now = now;
    this.#sink = sink;
  }

  write(part: string, message: string): void {
    const line = `${samplesToMs(this.#now())} ${part}: ${message}`;
    this.#lines.push(line);
    this.#sink(line);
  }

  /** A line that is wanted only while debugging: every small step, and spoken words. */
  detail(part: string, message: string): void {
    if (this.debug) this.write(part, message);
  }

  get capacity(): number {
    return LOG_LINES;
  }

  last(count: number = LOG_LINES): string[] {
    return this.#lines.last(count);
  }
}
