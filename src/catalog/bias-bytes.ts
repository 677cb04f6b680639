// Names as the native side takes them: one list of bytes. The format is in native/include/earshot/bias.h. Entries are
// read one at a time, so that a thousand of them never lie in memory as objects.

import { type BiasEntry, type BiasName, checkEntry, MAX_NAMES } from "./bias-list";
import { phrasesOf } from "./name-classes";

export const LIST_VERSION = 1;
export const MAX_LIST_BYTES = 19_500;
export const MAX_CLASSES = 15;
const HEAD = 4;
/** Weights are sixteenths. */
const ONE = 16;
/** Behind its own words a name is likelier than anywhere: chosen on dev requests, host-sim/decoder/README.md. */
const BEHIND_WORDS = 2 * ONE;

/** Why an entry was left out. */
export interface NameProblem {
  readonly name: string;
  /** A clause that follows the name. */
  readonly reason: string;
}

export interface EncodedNames {
  readonly bytes: Uint8Array;
  readonly names: number;
  /** The first of those that were left out, and how many they all are. */
  readonly problems: readonly NameProblem[];
  readonly left: number;
}

const SHOWN_PROBLEMS = 10;

/** What fits into one list, entry by entry. */
class Plan {
  readonly classes: string[] = [];
  readonly problems: NameProblem[] = [];
  bytes = HEAD;
  names = 0;
  left = 0;

  /** The checked entry when it finds room. */
  take(entry: BiasEntry): Omit<BiasName, "line"> | undefined {
    const checked = checkEntry(entry);
    const reason = typeof checked === "string" ? checked : this.#obstacle(checked);
    if (reason === undefined) return checked as Omit<BiasName, "line">;
    this.left++;
    if (this.problems.length < SHOWN_PROBLEMS) this.problems.push({ name: entry.name, reason });
    return undefined;
  }

  #obstacle(name: Omit<BiasName, "line">): string | undefined {
    const fresh = name.class !== null && !this.classes.includes(name.class);
    const bytes = 3 + name.folded.length + (fresh ? classBytes(name.class as string) : 0);
    if (this.names === MAX_NAMES) return `finds no room: ${MAX_NAMES} names are the most`;
    if (fresh && this.classes.length === MAX_CLASSES) return `finds no room: ${MAX_CLASSES} classes are the most`;
    if (this.bytes + bytes > MAX_LIST_BYTES) return `finds no room: names take ${MAX_LIST_BYTES} bytes at most`;
    if (fresh) this.classes.push(name.class as string);
    this.bytes += bytes;
    this.names++;
    return undefined;
  }
}

function classBytes(className: string): number {
  let bytes = 3 + className.length;
  for (const phrase of phrasesOf(className) ?? []) bytes += 1 + phrase.length;
  return bytes;
}

class Writer {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Folded text has one byte a letter. */
  text(text: string): void {
    this.byte(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }
}

/** `room` gives MAX_LIST_BYTES in which the list is made: on the device they lie outside the heap. Names are written as
 *  they come; then they make place for their classes, which stand before them. */
export function encodeNames(
  entries: Iterable<BiasEntry>,
  room: () => Uint8Array = () => new Uint8Array(MAX_LIST_BYTES),
): EncodedNames {
  const plan = new Plan();
  const bytes = room();
  const writer = new Writer(bytes);
  writer.at = HEAD;
  for (const entry of entries) {
    const name = plan.take(entry);
    if (name === undefined) continue;
    writer.byte(name.class === null ? 0 : plan.classes.indexOf(name.class) + 1);
    writer.byte(Math.round(name.weight * ONE));
    writer.text(name.folded);
  }
  bytes.copyWithin(HEAD + plan.bytes - writer.at, HEAD, writer.at);
  writer.at = 0;
  writer.byte(LIST_VERSION);
  writer.byte(plan.classes.length);
  writer.byte(plan.names & 255);
  writer.byte(plan.names >> 8);
  for (const name of plan.classes) writeClass(writer, name);
  const { names, problems, left } = plan;
  return { bytes: bytes.subarray(0, plan.bytes), names, problems, left };
}

function writeClass(writer: Writer, className: string): void {
  const phrases = phrasesOf(className) ?? [];
  writer.byte(phrases.length > 0 ? BEHIND_WORDS : ONE);
  writer.text(className);
  writer.byte(phrases.length);
  for (const phrase of phrases) writer.text(phrase);
}

/** The entries of a list that encodeNames or the native side has passed, one at a time. */
export function* decodeNames(bytes: Uint8Array): IterableIterator<BiasEntry> {
  let at = HEAD;
  const byte = (): number => bytes[at++] ?? 0;
  const text = (): string => {
    let read = "";
    for (let left = byte(); left > 0; left--) read += String.fromCharCode(byte());
    return read;
  };
  const names = byteOf(bytes, 2) + 256 * byteOf(bytes, 3);
  const classes: string[] = [];
  for (let left = byteOf(bytes, 1); left > 0; left--) {
    at++;
    classes.push(text());
    for (let phrases = byte(); phrases > 0; phrases--) text();
  }
  for (let i = 0; i < names; i++) {
    const className = classes[byte() - 1] ?? null;
    const weight = byte() / ONE;
    yield { name: text(), class: className, weight };
  }
}

function byteOf(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
