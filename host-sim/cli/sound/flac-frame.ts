// One frame of FLAC (RFC 9639, section 9). In: bytes at a frame's first byte, what STREAMINFO says. Out: the channels'
// samples and the place after the frame, or null where no whole, correct frame begins there.

import { BitReader, BitsEnd } from "./bit-reader.ts";

export interface StreamInfo {
  readonly rate: number;
  readonly channels: number;
  readonly bits: number;
  readonly maxBlock: number;
  /** Sample frames; 0 = not known. */
  readonly total: number;
}

export interface Frame {
  readonly samples: Int32Array[];
  readonly next: number;
}

const MAX_RICE_QUOTIENT = 1 << 25;
/** Coefficients of the fixed predictors, nearest sample first. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];
const BITS_BY_CODE = [0, 8, 12, -1, 16, 20, 24, 32];
const RATE_BITS_BY_CODE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 16, 16, -1];

/** A value that can't be: the place is no frame, or the frame is damaged. */
class BadFrame extends Error {}

export function readFrame(bytes: Uint8Array, at: number, info: StreamInfo): Frame | null {
  try {
    return parse(new BitReader(bytes, at), at, info);
  } catch (error) {
    if (error instanceof BadFrame || error instanceof BitsEnd) return null;
    throw error;
  }
}

function need(condition: boolean): asserts condition {
  if (!condition) throw new BadFrame();
}

function parse(reader: BitReader, start: number, info: StreamInfo): Frame {
  const { size, assignment, bits } = parseHeader(reader, start, info);
  const samples: Int32Array[] = [];
  for (let channel = 0; channel < info.channels; channel++) {
    // The difference of two channels needs one bit more.
    const side =
      (assignment === 8 && channel === 1) ||
      (assignment === 9 && channel === 0) ||
      (assignment === 10 && channel === 1);
    samples.push(parseSubframe(reader, size, bits + (side ? 1 : 0)));
  }
  reader.align();
  const end = reader.at;
  need(reader.read(16) === crc(reader.bytes, start, end, CRC16, 16));
  undoStereo(assignment, samples);
  return { samples, next: reader.at };
}

function parseHeader(reader: BitReader, start: number, info: StreamInfo) {
  need(reader.read(15) === 0b111111111111100);
  reader.read(1); // fixed or variable block size: says only what the number counts
  const sizeCode = reader.read(4);
  const rateCode = reader.read(4);
  const assignment = reader.read(4);
  const bitsCode = reader.read(3);
  need(reader.read(1) === 0 && sizeCode !== 0 && assignment <= 10);
  skipNumber(reader);
  const size = blockSize(reader, sizeCode);
  const rateBits = RATE_BITS_BY_CODE[rateCode] ?? 0;
  need(rateBits >= 0);
  reader.read(rateBits);
  const end = reader.at;
  need(reader.read(8) === crc(reader.bytes, start, end, CRC8, 8));
  const channels = assignment < 8 ? assignment + 1 : 2;
  const bits = bitsCode === 0 ? info.bits : (BITS_BY_CODE[bitsCode] ?? -1);
  need(channels === info.channels && bits === info.bits && size <= info.maxBlock);
  return { size, assignment, bits };
}

function blockSize(reader: BitReader, code: number): number {
  if (code === 1) return 192;
  if (code <= 5) return 576 << (code - 2);
  if (code === 6) return reader.read(8) + 1;
  if (code === 7) return reader.read(16) + 1;
  return 256 << (code - 8);
}

/** The number of the frame or sample, coded as UTF-8 codes letters. */
function skipNumber(reader: BitReader): void {
  const first = reader.read(8);
  if (first < 0x80) return;
  const length = Math.clz32(~(first << 24));
  need(length >= 2 && length <= 7);
  for (let i = 1; i < length; i++) need(reader.read(8) >> 6 === 0b10);
}

function parseSubframe(reader: BitReader, size: number, frameBits: number): Int32Array {
  need(reader.read(1) === 0);
  const type = reader.read(6);
  const wasted = reader.read(1) === 1 ? reader.readUnary(frameBits) + 1 : 0;
  const bits = frameBits - wasted;
  need(bits > 0 && bits <= 32);
  const samples = new Int32Array(size);
  if (type === 0) samples.fill(reader.readSigned(bits));
  else if (type === 1) for (let i = 0; i < size; i++) samples[i] = reader.readSigned(bits);
  else if (type >= 8 && type <= 12) parseFixed(reader, samples, bits, type - 8);
  else if (type >= 32) parseLinear(reader, samples, bits, type - 31);
  else throw new BadFrame();
  if (wasted > 0) for (let i = 0; i < size; i++) samples[i] = (samples[i] as number) << wasted;
  return samples;
}

function parseFixed(reader: BitReader, samples: Int32Array, bits: number, order: number): void {
  need(order <= samples.length);
  for (let i = 0; i < order; i++) samples[i] = reader.readSigned(bits);
  parseResidual(reader, samples, order);
  predict(samples, FIXED[order] as number[], 0);
}

function parseLinear(reader: BitReader, samples: Int32Array, bits: number, order: number): void {
  need(order <= samples.length);
  for (let i = 0; i < order; i++) samples[i] = reader.readSigned(bits);
  const precision = reader.read(4) + 1;
  need(precision < 16);
  const shift = reader.readSigned(5);
  need(shift >= 0);
  const coefficients: number[] = [];
  for (let i = 0; i < order; i++) coefficients.push(reader.readSigned(precision));
  parseResidual(reader, samples, order);
  predict(samples, coefficients, shift);
}

function parseResidual(reader: BitReader, samples: Int32Array, order: number): void {
  const method = reader.read(2);
  need(method <= 1);
  const parameterBits = method === 0 ? 4 : 5;
  const unfolded = (1 << parameterBits) - 1;
  const partitions = 1 << reader.read(4);
  const length = samples.length / partitions;
  need(Number.isInteger(length) && length >= order);
  let at = order;
  for (let partition = 1; partition <= partitions; partition++) {
    const parameter = reader.read(parameterBits);
    const end = partition * length;
    if (parameter === unfolded) {
      const bits = reader.read(5);
      for (; at < end; at++) samples[at] = reader.readSigned(bits);
    } else {
      for (; at < end; at++) {
        const quotient = reader.readUnary(MAX_RICE_QUOTIENT);
        const folded = quotient * 2 ** parameter + reader.read(parameter);
        samples[at] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
  }
}

/** Residuals to samples, in place. Sums stay below 2^53: 33 bits by 15 bits by at most 32 terms. */
function predict(samples: Int32Array, coefficients: number[], shift: number): void {
  const order = coefficients.length;
  const scale = 2 ** shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += (coefficients[j] as number) * (samples[i - 1 - j] as number);
    samples[i] = (samples[i] as number) + Math.floor(sum / scale);
  }
}

function undoStereo(assignment: number, samples: Int32Array[]): void {
  const [first, second] = samples;
  if (assignment < 8 || first === undefined || second === undefined) return;
  for (let i = 0; i < first.length; i++) {
    const a = first[i] as number;
    const b = second[i] as number;
    if (assignment === 8) second[i] = a - b;
    else if (assignment === 9) first[i] = a + b;
    else {
      const middle = a * 2 + (b & 1);
      first[i] = (middle + b) / 2;
      second[i] = (middle - b) / 2;
    }
  }
}

/** x^8 + x^2 + x + 1 and x^16 + x^15 + x^2 + 1, tables by byte. */
const CRC8 = crcTable(8, 0x07);
const CRC16 = crcTable(16, 0x8005);

function crcTable(bits: number, polynomial: number): Uint16Array {
  const mask = (1 << bits) - 1;
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let i = 0; i < 8; i++)
      value = value & (1 << (bits - 1)) ? ((value << 1) ^ polynomial) & mask : (value << 1) & mask;
    return value;
  });
}

function crc(bytes: Uint8Array, start: number, end: number, table: Uint16Array, bits: number): number {
  const mask = (1 << bits) - 1;
  let value = 0;
  for (let at = start; at < end; at++) {
    value = ((value << 8) & mask) ^ (table[((value >> (bits - 8)) ^ (bytes[at] as number)) & 0xff] as number);
  }
  return value;
}
