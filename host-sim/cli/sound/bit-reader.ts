// Bits, most significant first. In: bytes and a place. Out: numbers. Reading past the end throws BitsEnd.

export class BitsEnd extends Error {}

export class BitReader {
  #bit = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** Of the next byte of which no bit was read, while the reader stands at a byte's edge. */
    public at: number,
  ) {}

  get aligned(): boolean {
    return this.#bit === 0;
  }

  align(): void {
    if (this.#bit === 0) return;
    this.#bit = 0;
    this.at++;
  }

  /** Up to 32 bits without a sign. */
  read(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new BitsEnd("the end of the data");
      const take = Math.min(left, 8 - this.#bit);
      const part = (byte >> (8 - this.#bit - take)) & ((1 << take) - 1);
      value = value * 2 ** take + part; // no shift: 32 bits would take the sign
      this.#bit += take;
      left -= take;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.at++;
      }
    }
    return value;
  }

  /** Two's complement. */
  readSigned(count: number): number {
    if (count === 0) return 0;
    const value = this.read(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** Zeros before the next one, at most `most`. */
  readUnary(most: number): number {
    let zeros = 0;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new BitsEnd("the end of the data");
      const rest = (byte << this.#bit) & 0xff;
      if (rest === 0) {
        zeros += 8 - this.#bit;
        this.#bit = 0;
        this.at++;
      } else {
        const lead = Math.clz32(rest) - 24;
        zeros += lead;
        this.#bit += lead + 1;
        if (this.#bit === 8) {
          this.#bit = 0;
          this.at++;
        }
        return zeros;
      }
      if (zeros > most) throw new BitsEnd("a number beyond its bound");
    }
  }
}
