// The user's names. They lie in the store, in pages of a few kilobytes, and are read when somebody asks: a thousand names
// would not fit the heap as objects. A page is "\n", then lines, each with its "\n", so that a search for
// "\n<class>\t<folded>\t" finds the beginning of an entry.

import type { Store } from "../settings/store";
import { DEFAULT_PAGES } from "./defaults";
import { type CatalogClass, type CatalogEntry, entryLine, foldName, parseEntryLine } from "./entry";

/** As many as biasing takes. */
export const MAX_ENTRIES = 1000;
const MAX_PAGES = 120;
const PAGE_LETTERS = 1500;
const COUNT_KEY = "catalog";

export type AddResult = "done" | "already" | "full";

export class Catalog {
  readonly #store: Store;
  readonly #changed: () => void;
  /** Letters of each page; their number is that of the pages. */
  readonly #sizes: number[] = [];
  #count = 0;
  #stored = false;
  #damaged = 0;
  #cachedAt = -1;
  #cached = "";

  /** `changed`: names were added or have gone. */
  constructor(store: Store, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
    const pages = Number(store.read(COUNT_KEY) ?? Number.NaN);
    this.#stored = Number.isInteger(pages) && pages >= 0 && pages <= MAX_PAGES;
    const known = this.#stored ? pages : DEFAULT_PAGES.length;
    for (let i = 0; i < known; i++) this.#sizes.push(this.#page(i, known).length);
    for (const _ of this.entries()) this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** Stored lines that could not be read. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Every entry, or those of a class, in the order in which they were added. */
  *entries(entryClass?: CatalogClass): IterableIterator<CatalogEntry> {
    this.#damaged = 0;
    for (let i = 0; i < this.#sizes.length; i++) {
      const page = this.#page(i);
      for (let at = 1; at < page.length; ) {
        const end = page.indexOf("\n", at);
        const line = page.slice(at, end < 0 ? page.length : end);
        at = end < 0 ? page.length : end + 1;
        if (entryClass !== undefined && !line.startsWith(`${entryClass}\t`)) continue;
        const entry = parseEntryLine(line);
        if (entry === undefined) this.#damaged++;
        else yield entry;
      }
    }
  }

  /** Entries of a class that are called so, in any spelling. */
  find(entryClass: CatalogClass, words: string): CatalogEntry[] {
    const found: CatalogEntry[] = [];
    const { text } = foldName(words);
    if (text === "") return found;
    const head = `\n${entryClass}\t${text}\t`;
    for (let i = 0; i < this.#sizes.length; i++) {
      const page = this.#page(i);
      for (let at = page.indexOf(head); at >= 0; at = page.indexOf(head, at + 1)) {
        const entry = parseEntryLine(page.slice(at + 1, page.indexOf("\n", at + 1)));
        if (entry !== undefined) found.push(entry);
      }
    }
    return found;
  }

  /** For understanding: the owner's spellings of what is called so. */
  resolve(entryClass: string, words: string): readonly string[] {
    return this.find(entryClass as CatalogClass, words).map((entry) => entry.name);
  }

  /** Throws when the storage fails; then nothing has changed. */
  add(entry: CatalogEntry): AddResult {
    const line = entryLine(entry);
    if (this.find(entry.class, entry.folded).some((other) => entryLine(other) === line)) return "already";
    if (this.#count >= MAX_ENTRIES) return "full";
    this.#own();
    let page = this.#sizes.findIndex((size) => size + line.length < PAGE_LETTERS);
    if (page < 0) {
      if (this.#sizes.length === MAX_PAGES) return "full";
      page = this.#sizes.length;
      this.#write(page, `\n${line}\n`);
      this.#store.write(COUNT_KEY, String(page + 1));
    } else this.#write(page, `${this.#page(page)}${line}\n`);
    this.#count++;
    this.#changed();
    return "done";
  }

  /** Removes what is called so; returns how many that were. */
  remove(entryClass: CatalogClass, words: string): number {
    const { text } = foldName(words);
    return this.#keep((entry) => entry.class !== entryClass || entry.folded !== text);
  }

  /** Removes a class, or everything. */
  erase(entryClass?: CatalogClass): number {
    return this.#keep((entry) => entryClass !== undefined && entry.class !== entryClass);
  }

  /** As a new device. */
  reset(): void {
    for (let i = 0; i < this.#sizes.length; i++) if (this.#stored) this.#store.delete(pageKey(i));
    this.#store.delete(COUNT_KEY);
    this.#stored = false;
    this.#cachedAt = -1;
    this.#sizes.splice(0, this.#sizes.length, ...DEFAULT_PAGES.map((page) => page.length));
    this.#count = 0;
    for (const _ of this.entries()) this.#count++;
    this.#changed();
  }

  #keep(wanted: (entry: CatalogEntry) => boolean): number {
    let gone = 0;
    this.#own();
    for (let i = 0; i < this.#sizes.length; i++) {
      const lines = this.#page(i).split("\n");
      const kept = lines.filter((line) => {
        const entry = line === "" ? undefined : parseEntryLine(line);
        return entry !== undefined && wanted(entry);
      });
      const entries = lines.filter((line) => line !== "").length;
      if (kept.length === entries) continue;
      this.#write(i, kept.length === 0 ? "\n" : `\n${kept.join("\n")}\n`);
      gone += entries - kept.length;
    }
    this.#count -= gone;
    if (gone > 0) this.#changed();
    return gone;
  }

  /** Before the first change: the devices that came with the program become the owner's. */
  #own(): void {
    if (this.#stored) return;
    for (let i = 0; i < DEFAULT_PAGES.length; i++) this.#store.write(pageKey(i), DEFAULT_PAGES[i] as string);
    this.#store.write(COUNT_KEY, String(DEFAULT_PAGES.length));
    this.#stored = true;
  }

  #page(index: number, known = this.#sizes.length): string {
    if (index >= known) return "\n";
    if (!this.#stored) return DEFAULT_PAGES[index] ?? "\n";
    if (this.#cachedAt !== index) {
      this.#cached = framed(this.#store.read(pageKey(index)) ?? "\n");
      this.#cachedAt = index;
    }
    return this.#cached;
  }

  #write(index: number, page: string): void {
    this.#cachedAt = -1;
    this.#store.write(pageKey(index), page);
    this.#cached = page;
    this.#cachedAt = index;
    this.#sizes[index] = page.length;
  }
}

/** A page that was damaged may lack its frame. */
function framed(page: string): string {
  const begun = page.startsWith("\n") ? page : `\n${page}`;
  return begun.endsWith("\n") ? begun : `${begun}\n`;
}

function pageKey(index: number): string {
  return `names${index}`;
}
