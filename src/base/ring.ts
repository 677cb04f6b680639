// The last N of something, in an array that is allocated once.

export class Ring<T> {
  readonly #slots: (T | undefined)[];
  #total = 0;

  constructor(capacity: number) {
    this.#slots = new Array<T | undefined>(capacity).fill(undefined);
  }

  push(value: T): void {
    this.#slots[this.#total % this.#slots.length] = value;
    this.#total++;
  }

  /** How many were pushed since the start, those that fell out included. */
  get total(): number {
    return this.#total;
  }

  get length(): number {
    return Math.min(this.#total, this.#slots.length);
  }

  /** The newest `count` values, oldest first. */
  last(count: number = this.#slots.length): T[] {
    const n = Math.min(count, this.length);
    const values: T[] = [];
    for (let i = this.#total - n; i < this.#total; i++) values.push(this.#slots[i % this.#slots.length] as T);
    return values;
  }
}
