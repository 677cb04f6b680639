// Orders to the native recogniser, and its events, typed.

import { decodeNames, type EncodedNames, encodeNames } from "../catalog/bias-bytes";
import type { BiasEntry } from "../catalog/bias-list";
import { type EngineEvent, readEvent } from "./events";

export type RawEventHandler = (
  type: number,
  t: number,
  utterance: number,
  revision: number,
  value: number,
  reason: number,
  bytes: Uint8Array | undefined,
) => void;

export interface RecognizerDriver {
  onEvent(handler: RawEventHandler): void;
  /** `once`: for one utterance; should this program break, the engine stops listening in its place. */
  listen(on: boolean, once: boolean): void;
  mute(on: boolean): void;
  hold(utterance: number, revision: number): void;
  /** A list of names as bytes; returns how many of them the word pieces can spell. */
  names(bytes: Uint8Array): number;
  /** MAX_LIST_BYTES in which the next list is made, then given to `names` in the same call. Throws: there are none. */
  namesRoom(): Uint8Array;
  /** The list that the board was given from outside. */
  givenNames(): Uint8Array | undefined;
  /** Number of the first name of the list, from `from` on, that can't be spelled; -1: there is none. */
  unspelled(from: number): number;
  /** Ways to write a folded name, one a line, its pieces parted by spaces. */
  spell(name: string): string;
}

/** What became of a list of names. */
export interface NamesTaken extends Omit<EncodedNames, "bytes"> {
  /** Names that the model's word pieces can't spell: they are left out too. */
  readonly unspelled: number;
}

/** off; once: until one utterance has ended; on: listening resumes after each utterance. */
export type ListenMode = "off" | "once" | "on";

export class Recognizer {
  readonly #driver: RecognizerDriver;
  #mode: ListenMode = "off";
  /** By their source; what somebody adds by hand comes first, where it finds room and is seen. */
  readonly #names = new Map<string, Iterable<BiasEntry>>([["console", []]]);

  constructor(driver: RecognizerDriver, onEvent: (event: EngineEvent) => void) {
    this.#driver = driver;
    driver.onEvent((type, t, utterance, revision, value, reason, bytes) => {
      const event = readEvent({ type, t, utterance, revision, value, reason, bytes });
      this.#follow(event);
      onEvent(event);
    });
  }

  get mode(): ListenMode {
    return this.#mode;
  }

  /** As if the button were pressed: one utterance, or with "on" every utterance until "off". */
  listen(mode: ListenMode): void {
    const was = this.#mode;
    this.#mode = mode;
    if (was !== mode) this.#driver.listen(mode !== "off", mode === "once");
  }

  mute(on: boolean): void {
    this.#driver.mute(on);
  }

  /** "Not complete yet", of a speculative revision: its final end waits up to the upper bound. A revision that is open
   *  no more changes nothing. */
  hold(utterance: number, revision: number): void {
    this.#driver.hold(utterance, revision);
  }

  /**
   * Names to listen for, from the next utterance on; from the one under way on when no sound of it has come. Each source replaces what it gave before and leaves the others'
   * alone. `entries` is gone through now and whenever another source changes: an array, or an object that begins anew
   * each time, so that a thousand names need not lie in memory.
   */
  setNames(entries: Iterable<BiasEntry>, source = "catalog"): NamesTaken {
    this.keepNames(entries, source);
    const { bytes, ...encoded } = encodeNames(this.names(), () => this.#driver.namesRoom());
    return { ...encoded, unspelled: encoded.names - this.#driver.names(bytes) };
  }

  /** The same, for the next time that another source gives its names: both go to the engine in one list. */
  keepNames(entries: Iterable<BiasEntry>, source: string): void {
    this.#names.set(source, entries);
  }

  /** All names of all sources: those that the board was given from outside, those of the console, each other source's. */
  *names(): IterableIterator<BiasEntry> {
    const given = this.#driver.givenNames();
    if (given !== undefined) yield* decodeNames(given);
    for (const entries of this.#names.values()) yield* entries;
  }

  /** Ways to write a folded name with the model's word pieces, the likeliest first; none: it can't be heard. */
  spell(folded: string): string[] {
    const ways = this.#driver.spell(folded);
    return ways === "" ? [] : ways.split("\n");
  }

  /** After a start of the program: the engine may already listen. */
  adopt(listening: boolean): void {
    this.#mode = listening ? "on" : "off";
  }

  /** The host can press the button too: listening that nobody here asked for goes on until it is switched off. */
  #follow(event: EngineEvent): void {
    if (event.type === "listen" && this.#mode === "off") this.#mode = "on";
    if ((event.type === "final" || event.type === "timeout") && this.#mode === "once") this.listen("off");
  }
}
