// Frames between device and re-ranking server, version 1 (docs/protocol.md). Little-endian; varint: 7 bits a byte, lowest
// first. A reader takes a whole frame or throws a FrameError. Both ends use this file.

export type UpFrame =
  /** A frozen revision, or the final one where it differs from the last frozen one; `lattice` is coded (lattice.h). */
  | { readonly type: "speculative" | "final"; readonly session: number; readonly lattice: Uint8Array }
  /** This revision, which was sent before, is final; is void; ended without words. */
  | {
      readonly type: "committed" | "reset" | "cancel";
      readonly session: number;
      readonly utterance: number;
      readonly revision: number;
    };

export interface AnswerFrame {
  readonly session: number;
  readonly utterance: number;
  readonly revision: number;
  /** 0–1, of the chosen path. */
  readonly confidence: number;
  /** Indices of the lattice's edges, in the order of the words. */
  readonly path: readonly number[];
}

export class FrameError extends Error {
  override readonly name = "FrameError";
}

export const PROTOCOL_VERSION = 1;
/** Version, kind and session around the largest coded lattice. */
export const MAX_UP = 4096 + 6;
/** A path has at most as many edges as a lattice has nodes. */
const MAX_PATH = 160;
export const MAX_ANSWER = 2 * MAX_PATH + 32;

const UP_KINDS = ["speculative", "final", "committed", "reset", "cancel"] as const;
const ANSWER_KIND = 16;
const CONFIDENCE_STEPS = 254;

class Writer {
  readonly bytes: number[] = [];

  varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.bytes.push(128 + (rest % 128));
    this.bytes.push(rest);
  }
}

class Reader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  byte(): number {
    const value = this.bytes[this.#at++];
    if (value === undefined) throw new FrameError("the frame is cut");
    return value;
  }

  u32(): number {
    let value = 0;
    for (let i = 0; i < 4; i++) value += this.byte() * 256 ** i;
    return value;
  }

  varint(most: number, what: string): number {
    let value = 0;
    for (let i = 0; ; i++) {
      const byte = this.byte();
      if (i === 5 || (i > 0 && byte === 0)) throw new FrameError("a number is too long");
      value += (byte % 128) * 128 ** i;
      if (byte < 128) break;
    }
    if (value > most) throw new FrameError(`${what} is ${value}, more than ${most}`);
    return value;
  }

  rest(): Uint8Array {
    return this.bytes.subarray(this.#at);
  }
}

const U32 = 2 ** 32 - 1;

function begin(kind: number, session: number): Writer {
  const writer = new Writer();
  writer.bytes.push(PROTOCOL_VERSION, kind);
  for (let i = 0; i < 4; i++) writer.bytes.push(Math.floor(session / 256 ** i) % 256);
  return writer;
}

export function encodeUp(frame: UpFrame): Uint8Array {
  const writer = begin(UP_KINDS.indexOf(frame.type), frame.session);
  if ("lattice" in frame) {
    const bytes = new Uint8Array(writer.bytes.length + frame.lattice.length);
    bytes.set(writer.bytes);
    bytes.set(frame.lattice, writer.bytes.length);
    return bytes;
  }
  writer.varint(frame.utterance);
  writer.varint(frame.revision);
  return Uint8Array.from(writer.bytes);
}

/** The lattice of the frame is not looked into: decodeLattice does that. */
export function decodeUp(bytes: Uint8Array): UpFrame {
  const reader = open(bytes, MAX_UP);
  const type = UP_KINDS[reader.byte()];
  if (type === undefined) throw new FrameError("a kind of frame that is not known");
  const session = reader.u32();
  if (type === "speculative" || type === "final") {
    if (reader.left === 0) throw new FrameError("the frame is cut");
    return { type, session, lattice: reader.rest() };
  }
  const utterance = reader.varint(U32, "the utterance");
  const revision = reader.varint(U32, "the revision");
  if (reader.left > 0) throw new FrameError("more bytes than the frame has");
  return { type, session, utterance, revision };
}

export function encodeAnswer({ session, utterance, revision, confidence, path }: AnswerFrame): Uint8Array {
  const writer = begin(ANSWER_KIND, session);
  writer.varint(utterance);
  writer.varint(revision);
  writer.bytes.push(Math.round(Math.min(1, Math.max(0, confidence)) * CONFIDENCE_STEPS));
  writer.varint(path.length);
  for (const edge of path) writer.varint(edge);
  return Uint8Array.from(writer.bytes);
}

export function decodeAnswer(bytes: Uint8Array): AnswerFrame {
  const reader = open(bytes, MAX_ANSWER);
  if (reader.byte() !== ANSWER_KIND) throw new FrameError("no answer");
  const session = reader.u32();
  const utterance = reader.varint(U32, "the utterance");
  const revision = reader.varint(U32, "the revision");
  const confidence = reader.byte();
  if (confidence > CONFIDENCE_STEPS) throw new FrameError("a confidence above 1");
  const count = reader.varint(MAX_PATH, "the length of the path");
  const path: number[] = [];
  for (let i = 0; i < count; i++) path.push(reader.varint(0xffff, "an edge"));
  if (reader.left > 0) throw new FrameError("more bytes than the frame has");
  return { session, utterance, revision, confidence: confidence / CONFIDENCE_STEPS, path };
}

function open(bytes: Uint8Array, most: number): Reader {
  if (bytes.length > most) throw new FrameError(`${bytes.length} bytes, more than ${most}`);
  const reader = new Reader(bytes);
  const version = reader.byte();
  if (version !== PROTOCOL_VERSION) throw new FrameError(`version ${version} instead of ${PROTOCOL_VERSION}`);
  return reader;
}
