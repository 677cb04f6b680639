// A settings storage for tests.

import type { Store } from "../../../src/settings/store";

/** Letters of a value in the log: the real engine has no room for all pages of a catalogue. */
const LOGGED = 40;
/** Writes that are remembered. */
const KEPT = 32;

export interface MemoryStore extends Store {
  readonly texts: Map<string, string>;
  readonly writes: string[];
}

export function memoryStore(texts: Record<string, string> = {}): MemoryStore {
  const map = new Map(Object.entries(texts));
  const writes: string[] = [];
  return {
    texts: map,
    writes,
    read: (key) => map.get(key),
    write: (key, value) => {
      writes.push(`${key}=${value.slice(0, LOGGED)}`);
      if (writes.length > KEPT) writes.shift();
      map.set(key, value);
    },
    delete: (key) => {
      map.delete(key);
    },
  };
}
