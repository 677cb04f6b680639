// The pieces that can be played: what the board has, by name. The engine knows one by the name "default": the piece the
// device was given.

import { fold } from "../catalog/fold";

export const DEFAULT_PIECE = "default";

const MAX_NAME_LENGTH = 64;
const MAX_PIECES = 1000;

export interface LibraryDriver {
  /** Name of the n-th piece; undefined after the last. */
  name(index: number): string | undefined;
}

/** A name that is safe to hand to the driver and to show: letters, digits and . _ - only. */
export function isPieceName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) return false;
  for (const char of name) {
    const letter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char >= "0" && char <= "9");
    if (!letter && char !== "." && char !== "_" && char !== "-") return false;
  }
  return true;
}

export class Library {
  readonly #driver: LibraryDriver;

  constructor(driver: LibraryDriver) {
    this.#driver = driver;
  }

  *pieces(): IterableIterator<string> {
    for (let i = 0; i < MAX_PIECES; i++) {
      const name = this.#driver.name(i);
      if (name === undefined) return;
      yield name;
    }
  }

  has(piece: string): boolean {
    for (const name of this.pieces()) if (name === piece) return true;
    return false;
  }

  /** Pieces whose name holds all these words, in any order; names of files are read as words. */
  matching(words: string): string[] {
    const wanted = fold(words).text.split(" ");
    const found: string[] = [];
    for (const name of this.pieces()) {
      const text = ` ${fold(name).text} `;
      if (wanted.every((word) => word !== "" && text.includes(` ${word} `))) found.push(name);
    }
    return found;
  }
}
