// Names that somebody added by hand at the console. They lie in the store, in pages of lines, and are read one at a time:
// they survive a restart and take no memory.

import type { Store } from "../settings/store";
import { type BiasEntry, checkEntry } from "./bias-list";

const PAGES = 8;
const PAGE_LETTERS = 1500;

export type Added = "done" | "already" | "full";

export class OwnNames implements Iterable<BiasEntry> {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  *[Symbol.iterator](): IterableIterator<BiasEntry> {
    for (let page = 0; page < PAGES; page++) {
      const lines = this.#lines(page);
      if (lines === undefined) return;
      for (const line of lines) {
        const entry = parse(line);
        if (entry !== undefined) yield entry;
      }
    }
  }

  /** The entry has passed checkEntry. Throws when the storage fails; then nothing has changed. */
  add(entry: BiasEntry): Added {
    const line = lineOf(entry);
    let free: number | undefined;
    for (let page = 0; page < PAGES; page++) {
      const lines = this.#lines(page);
      if (lines?.includes(line)) return "already";
      const letters = lines === undefined ? 0 : lines.join("\n").length;
      if (free === undefined && letters + 1 + line.length <= PAGE_LETTERS) free = page;
      if (lines === undefined) break;
    }
    if (free === undefined) return "full";
    this.#write(free, [...(this.#lines(free) ?? []), line]);
    return "done";
  }

  /** Removes what is called so, of this class or, without one, of every class; returns how many that were. */
  remove(folded: string, className: string | null): number {
    return this.#keep((entry) => foldedOf(entry) !== folded || (className !== null && entry.class !== className));
  }

  clear(): number {
    return this.#keep(() => false);
  }

  #keep(wanted: (entry: BiasEntry) => boolean): number {
    let gone = 0;
    for (let page = 0; page < PAGES; page++) {
      const lines = this.#lines(page);
      if (lines === undefined) break;
      const kept = lines.filter((line) => {
        const entry = parse(line);
        return entry !== undefined && wanted(entry);
      });
      if (kept.length === lines.length) continue;
      gone += lines.length - kept.length;
      this.#write(page, kept);
    }
    return gone;
  }

  #lines(page: number): string[] | undefined {
    const text = this.#store.read(`bias${page}`);
    return text?.split("\n").filter((line) => line !== "");
  }

  #write(page: number, lines: readonly string[]): void {
    this.#store.write(`bias${page}`, lines.join("\n"));
  }
}

function lineOf({ name, class: className, weight = 1 }: BiasEntry): string {
  return `${name}\t${className ?? ""}\t${weight}`;
}

/** undefined when the line is none that lineOf writes: the storage is damaged there. */
function parse(line: string): BiasEntry | undefined {
  const [name, className, weight] = line.split("\t");
  if (name === undefined || className === undefined || weight === undefined) return undefined;
  const entry = { name, class: className === "" ? null : className, weight: Number(weight) };
  return typeof checkEntry(entry) === "string" ? undefined : entry;
}

function foldedOf(entry: BiasEntry): string {
  const checked = checkEntry(entry);
  return typeof checked === "string" ? "" : checked.folded;
}
