// Draws lines over the ones that it drew before, below what stands in the terminal. However the process ends, the
// terminal is given back: cursor shown, lines wrapped.

import type { WriteStream } from "node:tty";

const HIDE = "\x1b[?25l\x1b[?7l";
const SHOW = "\x1b[?25h\x1b[?7h";
/** Terminals that know it show the frame at once; the others ignore it. */
const BEGIN_FRAME = "\x1b[?2026h";
const END_FRAME = "\x1b[?2026l";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

export class Screen {
  #drawn = 0;
  #open = false;
  readonly #restore = (): void => this.close();
  readonly #resize = (): void => {
    // Wrapped rests of the old width can't be found again.
    this.out.write("\x1b[2J\x1b[H");
    this.#drawn = 0;
  };

  constructor(readonly out: WriteStream) {}

  get columns(): number {
    return this.out.columns || 80;
  }

  get rows(): number {
    return this.out.rows || 24;
  }

  draw(lines: readonly string[]): void {
    if (!this.#open) this.#begin();
    const up = this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : "";
    // Cleared before it is written: after it, the cursor may still stand on the last cell.
    const last = lines.length - 1;
    const body = lines.map((line, i) => (i === last ? CLEAR_BELOW : CLEAR_LINE) + line).join("\r\n");
    this.out.write(`${BEGIN_FRAME}\r${up}${body}${END_FRAME}`);
    this.#drawn = lines.length;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.removeListener("exit", this.#restore);
    this.out.removeListener("resize", this.#resize);
    this.out.write(`${SHOW}\r\n`);
  }

  #begin(): void {
    this.#open = true;
    process.once("exit", this.#restore);
    this.out.on("resize", this.#resize);
    this.out.write(HIDE);
  }
}
