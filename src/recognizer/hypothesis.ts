// Reader of the coded hypothesis that the engine sends with partial, speculative and final events.
// Format, version 1, little-endian (native/include/earshot/runtime.h): u8 version; u16 words; per word u32 start,
// u32 end (samples of the capture clock), u8 confidence (255: not known), u8 bytes of text, UTF-8 text. Version 3: the
// same, then u8 confidence that all words are right (255: not known), then the coded lattice (lattice.ts) to the end.

import { decodeUtf8 } from "../base/utf8";

export interface Word {
  readonly text: string;
  /** Samples of the capture clock. */
  readonly start: number;
  readonly end: number;
  /** 0–1, or null when the engine does not know. */
  readonly confidence: number | null;
}

export interface Hypothesis {
  readonly text: string;
  readonly words: readonly Word[];
  /** That all words are right, 0–1; absent: not known. */
  readonly confidence?: number;
  /** Coded lattice of the utterance, where the engine sent one. */
  readonly lattice?: Uint8Array;
}

/** More words than any utterance can have: a bound for a damaged count. */
export const MAX_WORDS = 1024;

const VERSION = 1;
const VERSION_FROZEN = 3;
const HEADER_BYTES = 3;
const WORD_HEADER_BYTES = 10;
const CONFIDENCE_UNKNOWN = 255;

export const EMPTY_HYPOTHESIS: Hypothesis = { text: "", words: [] };

export class HypothesisError extends Error {
  /** Byte offset of what is wrong. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = "HypothesisError";
    this.offset = offset;
  }
}

/** Decodes a whole coded hypothesis or throws a HypothesisError; never a part of one. */
export function decodeHypothesis(bytes: Uint8Array): Hypothesis {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < HEADER_BYTES) throw new HypothesisError("the header is cut", view.byteLength);
  const version = view.getUint8(0);
  if (version !== VERSION && version !== VERSION_FROZEN)
    throw new HypothesisError(`version ${version} instead of ${VERSION} or ${VERSION_FROZEN}`, 0);
  const count = view.getUint16(1, true);
  if (count > MAX_WORDS) throw new HypothesisError(`${count} words, more than ${MAX_WORDS}`, 1);
  const words: Word[] = [];
  let text = "";
  let at = HEADER_BYTES;
  let lastStart = 0;
  for (let i = 0; i < count; i++) {
    const word = decodeWord(bytes, view, at, lastStart);
    words.push(word.value);
    text += i === 0 ? word.value.text : ` ${word.value.text}`;
    lastStart = word.value.start;
    at = word.next;
  }
  if (version === VERSION_FROZEN) {
    if (at === view.byteLength) throw new HypothesisError("the confidence is missing", at);
    const sure = view.getUint8(at);
    return {
      text,
      words,
      ...(sure === CONFIDENCE_UNKNOWN ? {} : { confidence: sure / 254 }),
      ...(at + 1 === view.byteLength ? {} : { lattice: bytes.slice(at + 1) }),
    };
  }
  if (at !== view.byteLength) throw new HypothesisError("more bytes than words", at);
  return { text, words };
}

function decodeWord(bytes: Uint8Array, view: DataView, at: number, earliest: number): { value: Word; next: number } {
  if (at + WORD_HEADER_BYTES > view.byteLength) throw new HypothesisError("a word is cut", view.byteLength);
  const start = view.getUint32(at, true);
  const end = view.getUint32(at + 4, true);
  if (start < earliest) throw new HypothesisError("a word starts before the one ahead of it", at);
  if (end < start) throw new HypothesisError("a word ends before it starts", at + 4);
  const confidence = view.getUint8(at + 8);
  const textStart = at + WORD_HEADER_BYTES;
  const next = textStart + view.getUint8(at + 9);
  if (next === textStart) throw new HypothesisError("a word is empty", at + 9);
  if (next > view.byteLength) throw new HypothesisError("a word's text is cut", view.byteLength);
  const text = decodeUtf8(bytes, textStart, next);
  if (text === undefined) throw new HypothesisError("a word's text is not UTF-8", textStart);
  const value = { text, start, end, confidence: confidence === CONFIDENCE_UNKNOWN ? null : confidence / 254 };
  return { value, next };
}
