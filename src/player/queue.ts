// What is played one after the other: a piece, a playlist, or all there is.

export class Queue {
  #pieces: readonly string[] = [];
  #at = 0;

  set(pieces: readonly string[], at = 0): void {
    this.#pieces = pieces;
    this.#at = at;
  }

  get length(): number {
    return this.#pieces.length;
  }

  /** The present piece; undefined in an empty queue. */
  get piece(): string | undefined {
    return this.#pieces[this.#at];
  }

  /** Steps by one or more, around the ends. */
  step(by: number): string | undefined {
    const { length } = this.#pieces;
    if (length > 0) this.#at = (((this.#at + by) % length) + length) % length;
    return this.piece;
  }
}
