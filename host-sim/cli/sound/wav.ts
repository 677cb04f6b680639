// WAV: walks the chunks by name and size, with their pad bytes. In: the file's bytes. Out: a Sound, or a SoundError.
// A length of 0xFFFFFFFF means "not known" (a pipe wrote the file): sound up to the end of the file. Other lengths that
// do not fit the file are read as far as there is sound, with a warning.

import { BLOCK_FRAMES, checkShape, describe, type Sound, SoundError } from "./sound.ts";

const UNKNOWN = 0xffffffff;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** The bytes of a sub-format's identifier after its two of the format. */
const SUBFORMAT_TAIL = "000000001000800000aa00389b71";

interface Format {
  readonly float: boolean;
  readonly channels: number;
  readonly rate: number;
  /** Bits of a sample's container, and those that count. */
  readonly container: number;
  readonly bits: number;
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

const FORMAT_NAMES: Record<number, string> = {
  2: "ADPCM",
  6: "A-law",
  7: "mu-law",
  17: "IMA ADPCM",
  49: "GSM",
  80: "MPEG",
  85: "MP3",
};

export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new SoundError(`expected a WAV file; found one that is cut after ${bytes.length} bytes`);
  const warnings: string[] = [];
  const { format, data } = walk(view, warnings);
  const frame = (format.container / 8) * format.channels;
  const frames = Math.floor((data.end - data.start) / frame);
  if (frames === 0) throw new SoundError("expected sound; found a WAV file that holds none");
  if ((data.end - data.start) % frame !== 0 && warnings.length === 0)
    warnings.push("the last sample is cut and was left out");
  const name = format.float ? "WAV, float" : "WAV";
  return {
    form: describe(name, format.bits, format.rate, format.channels),
    rate: format.rate,
    channels: format.channels,
    seconds: frames / format.rate,
    warnings,
    blocks: () => blocks(view, format, data.start, frames),
  };
}

function chunkName(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function walk(view: DataView, warnings: string[]): { format: Format; data: Extent } {
  const size = view.byteLength;
  let format: Format | undefined;
  let at = 12;
  while (at + 8 <= size) {
    const name = chunkName(view, at);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === "data") {
      if (format === undefined) throw new SoundError('expected a WAV "fmt " chunk before the sound; found none');
      return { format, data: extent(view, start, length, warnings) };
    }
    if (start + length > size) {
      const found = `found a WAV chunk ${printable(name)} of ${length} bytes where ${size - start} are left`;
      throw new SoundError(`expected sound; ${found}`);
    }
    if (name === "fmt ") format = readFormat(view, start, length);
    at = start + length + (length % 2);
  }
  const seen = format === undefined ? 'neither a "fmt " nor a "data" chunk' : 'no "data" chunk';
  throw new SoundError(`expected sound; found a WAV file with ${seen} in its ${size} bytes`);
}

/** Where the sound is; one warning at most for lengths that do not fit. */
function extent(view: DataView, start: number, length: number, warnings: string[]): Extent {
  const size = view.byteLength;
  const left = size - start;
  if (length === UNKNOWN) return { start, end: size };
  // A recorder that was stopped hard leaves the length at 0; a broken one writes less than there is.
  if (length > left || !chunksFollow(view, start + length + (length % 2))) {
    const least = length > left ? "" : ", and no chunk follows them";
    warnings.push(`its sound should be ${length} bytes long${least}; ${left} are there, which were read`);
    return { start, end: size };
  }
  const riff = view.getUint32(4, true);
  if (riff !== UNKNOWN && Math.abs(riff + 8 - size) > 1) {
    warnings.push(`its header says ${riff + 8} bytes and there are ${size}; the sound was read as its own length says`);
  }
  return { start, end: start + length };
}

/** Whether the rest of the file is chunks, or nothing; up to 8 bytes of padding are taken for nothing. */
function chunksFollow(view: DataView, from: number): boolean {
  let at = from;
  while (at + 8 <= view.byteLength) {
    if (!/^[ -~]{4}$/.test(chunkName(view, at))) return false;
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length % 2);
  }
  return at <= view.byteLength + 1;
}

/** Four characters as a person may see them. */
function printable(name: string): string {
  return JSON.stringify(name.replace(/[^\x20-\x7e]/g, "?"));
}

function readFormat(view: DataView, start: number, length: number): Format {
  if (length < 16) throw new SoundError(`expected a WAV "fmt " chunk of at least 16 bytes; found ${length}`);
  let tag = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const rate = view.getUint32(start + 4, true);
  const align = view.getUint16(start + 12, true);
  const container = view.getUint16(start + 14, true);
  let bits = container;
  if (tag === EXTENSIBLE) {
    if (length < 40) throw new SoundError(`expected an extensible WAV "fmt " chunk of 40 bytes; found ${length}`);
    const tail = hex(view, start + 26, 14);
    tag = view.getUint16(start + 24, true);
    if (tail !== SUBFORMAT_TAIL) throw new SoundError("expected PCM or float samples; found an unknown WAV sub-format");
    bits = view.getUint16(start + 18, true) || container;
  }
  if (tag !== PCM && tag !== FLOAT) {
    const name = FORMAT_NAMES[tag];
    throw new SoundError(
      `expected PCM or float samples; found WAV format ${tag}${name === undefined ? "" : ` (${name})`}`,
    );
  }
  checkShape("a WAV file", rate, channels);
  const float = tag === FLOAT;
  checkWidth(float, container, bits);
  if (align !== (container / 8) * channels) {
    throw new SoundError(
      `expected ${(container / 8) * channels} bytes for ${channels} samples of ${container} bit; found a WAV file that says ${align}`,
    );
  }
  return { float, channels, rate, container, bits };
}

function checkWidth(float: boolean, container: number, bits: number): void {
  const widths = float ? [32, 64] : [8, 16, 24, 32];
  if (!widths.includes(container)) {
    throw new SoundError(
      `expected samples of ${widths.join(", ")} bit${float ? " float" : ""}; found a WAV file with ${container} bit`,
    );
  }
  if (bits < 8 || bits > container || (float && bits !== container)) {
    throw new SoundError(`expected 8 to ${container} valid bits; found a WAV file with ${bits} bits in ${container}`);
  }
}

function hex(view: DataView, start: number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++)
    text += view
      .getUint8(start + i)
      .toString(16)
      .padStart(2, "0");
  return text;
}

/** Reads one sample at a byte offset, full scale 1. */
function sampleReader(view: DataView, { float, container }: Format): (at: number) => number {
  if (float) return container === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  switch (container) {
    case 8: // the only width without a sign
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 32768;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608;
    default:
      return (at) => view.getInt32(at, true) / 2147483648;
  }
}

async function* blocks(view: DataView, format: Format, start: number, frames: number): AsyncGenerator<Float32Array[]> {
  const read = sampleReader(view, format);
  const width = format.container / 8;
  const { channels } = format;
  for (let first = 0; first < frames; first += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - first);
    const block = Array.from({ length: channels }, () => new Float32Array(count));
    block.forEach((samples, channel) => {
      let at = start + (first * channels + channel) * width;
      for (let i = 0; i < count; i++, at += width * channels) samples[i] = read(at);
    });
    yield block;
  }
}
