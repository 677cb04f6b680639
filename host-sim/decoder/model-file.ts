// A packed model as a table of sections (models/FORMAT.md): what is tuned can be read and replaced, all else stays as it
// is, byte by byte. In: a file's bytes. Out: a file's bytes, checksum renewed.

const MAGIC = Buffer.from("\x89ESM\r\n\x1a\n", "latin1");
const HEADER = 32;
const ENTRY = 16;
const ALIGN = 64;
const THRESHOLDS = 7;
const WEIGHTS = 9;
const LANGUAGE = 10;
const CONFIDENCE = 11;
const CONFIG = 1;
export const KNOTS = 17;

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** As zlib has it (which Node.js lends since 20.15 only). */
function crc32(data: Uint8Array, before = 0): number {
  let c = ~before;
  for (const byte of data) c = (CRC[(c ^ byte) & 255] as number) ^ (c >>> 8);
  return ~c >>> 0;
}

export class ModelFileError extends Error {}

interface Section {
  readonly kind: number;
  readonly index: number;
  readonly data: Buffer;
}

/** Section 7, offsets and types as in the format's page. */
const FIELDS = {
  blankPenalty: [0, "i16"],
  maxSymbols: [2, "u16"],
  framesFinal: [4, "u16"],
  framesSpeculative: [6, "u16"],
  timeout: [8, "u16"],
  longest: [10, "u16"],
  scoreFinal: [12, "i16"],
  finish: [14, "u16"],
  leastFinal: [16, "u8"],
  leastSpeculative: [17, "u8"],
  scoreSpeculative: [18, "i16"],
  rest: [20, "i16"],
  sound: [22, "u16"],
  step: [24, "u16"],
  framesHeld: [26, "u16"],
  oneWord: [28, "i16"],
} as const;

export type Thresholds = Record<keyof typeof FIELDS, number>;

/** Section 9; Q8, the reward Q10. */
export interface Weights {
  readonly language: number;
  readonly internal: number;
  readonly bias: number;
  readonly reward: number;
}

/** Section 11. */
export interface Confidence {
  readonly offset: number;
  readonly posterior: number;
  readonly acoustic: number;
  readonly mass: number;
  /** Of 65534. */
  readonly least: number;
  readonly words: readonly number[];
  readonly utterance: readonly number[];
}

const rounded = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

export class ModelFile {
  readonly #sections: Section[];

  /** Throws a ModelFileError whose message ends a sentence that begins with the file's name. */
  constructor(bytes: Buffer) {
    if (bytes.length < HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
      throw new ModelFileError("expected an Earshot model (.esm); found something else");
    const length = bytes.readUInt32LE(12);
    if (length !== bytes.length)
      throw new ModelFileError(`expected a model of ${length} bytes, as it says itself; found ${bytes.length}`);
    const sum = crc32(bytes.subarray(24), crc32(Buffer.alloc(4), crc32(bytes.subarray(0, 20))));
    if (sum !== bytes.readUInt32LE(20)) throw new ModelFileError("expected a whole model; its checksum does not hold");
    this.#sections = Array.from({ length: bytes.readUInt32LE(16) }, (_, i) => {
      const at = HEADER + ENTRY * i;
      const from = bytes.readUInt32LE(at + 4);
      const data = Buffer.from(bytes.subarray(from, from + bytes.readUInt32LE(at + 8)));
      return { kind: bytes.readUInt16LE(at), index: bytes.readUInt16LE(at + 2), data };
    });
    if (this.#find(THRESHOLDS)?.length !== 32 || this.#find(CONFIG)?.length !== 32)
      throw new ModelFileError("expected a model of this version; found one without thresholds");
  }

  /** Milliseconds of an encoder step. */
  get stepMs(): number {
    return (this.#find(CONFIG) as Buffer).readUInt16LE(8) * 10;
  }

  get hasLanguage(): boolean {
    return this.#find(LANGUAGE) !== undefined;
  }

  get thresholds(): Thresholds {
    const data = this.#find(THRESHOLDS) as Buffer;
    const read = ([at, type]: readonly [number, string]): number =>
      type === "u8" ? data.readUInt8(at) : type === "i16" ? data.readInt16LE(at) : data.readUInt16LE(at);
    return Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, read(field)])) as Thresholds;
  }

  set thresholds(values: Thresholds) {
    const data = Buffer.from(this.#find(THRESHOLDS) as Buffer);
    for (const [name, [at, type]] of Object.entries(FIELDS)) {
      const value = values[name as keyof Thresholds];
      if (type === "u8") data.writeUInt8(value, at);
      else if (type === "i16") data.writeInt16LE(value, at);
      else data.writeUInt16LE(value, at);
    }
    this.#put(THRESHOLDS, data);
  }

  get weights(): Weights {
    const data = this.#find(WEIGHTS);
    if (data === undefined) return { language: 0, internal: 0, bias: 256, reward: 0 };
    return {
      language: data.readUInt16LE(0),
      internal: data.readUInt16LE(2),
      bias: data.readUInt16LE(4),
      reward: data.readInt16LE(6),
    };
  }

  set weights({ language, internal, bias, reward }: Weights) {
    const data = Buffer.alloc(16);
    data.writeUInt16LE(language, 0);
    data.writeUInt16LE(internal, 2);
    data.writeUInt16LE(bias, 4);
    data.writeInt16LE(reward, 6);
    this.#put(WEIGHTS, data);
  }

  set confidence({ offset, posterior, acoustic, mass, least, words, utterance }: Confidence) {
    const data = Buffer.alloc(112);
    for (const [i, value] of [offset, posterior, acoustic, mass].entries()) data.writeInt16LE(value, 2 * i);
    data.writeUInt16LE(least, 8);
    for (const [i, value] of words.entries()) data.writeUInt16LE(value, 16 + 2 * i);
    for (const [i, value] of utterance.entries()) data.writeUInt16LE(value, 64 + 2 * i);
    this.#put(CONFIDENCE, data);
  }

  bytes(): Buffer {
    const head = Buffer.alloc(rounded(HEADER + ENTRY * this.#sections.length));
    const parts: Buffer[] = [head];
    let at = head.length;
    this.#sections.forEach(({ kind, index, data }, i) => {
      const entry = HEADER + ENTRY * i;
      head.writeUInt16LE(kind, entry);
      head.writeUInt16LE(index, entry + 2);
      head.writeUInt32LE(at, entry + 4);
      head.writeUInt32LE(data.length, entry + 8);
      const padded = Buffer.alloc(rounded(data.length));
      data.copy(padded);
      parts.push(padded);
      at += padded.length;
    });
    MAGIC.copy(head);
    head.writeUInt16LE(1, 8);
    head.writeUInt16LE(HEADER, 10);
    head.writeUInt32LE(at, 12);
    head.writeUInt32LE(this.#sections.length, 16);
    const file = Buffer.concat(parts);
    file.writeUInt32LE(crc32(file), 20);
    return file;
  }

  #find(kind: number): Buffer | undefined {
    return this.#sections.find((section) => section.kind === kind && section.index === 0)?.data;
  }

  #put(kind: number, data: Buffer): void {
    const at = this.#sections.findIndex((section) => section.kind === kind && section.index === 0);
    if (at >= 0) this.#sections[at] = { kind, index: 0, data };
    else this.#sections.push({ kind, index: 0, data });
    this.#sections.sort((a, b) => a.kind - b.kind || a.index - b.index);
  }
}
