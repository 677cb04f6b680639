// FLAC files: metadata blocks, then frames. In: the file's bytes. Out: a Sound, or a SoundError. Damaged frames are left
// out with a warning: the next whole frame is looked for.

import { type Frame, readFrame, type StreamInfo } from "./flac-frame.ts";
import { checkShape, describe, type Sound, SoundError } from "./sound.ts";

const STREAMINFO_BYTES = 34;

export function readFlac(bytes: Uint8Array): Sound {
  const { info, start } = readMetadata(bytes);
  checkShape("a FLAC file", info.rate, info.channels);
  if (info.bits < 4) throw new SoundError(`expected at least 4 bits; found a FLAC file with ${info.bits}`);
  if (find(bytes, start, info) === null)
    throw new SoundError("expected sound; found a FLAC file without a whole frame");
  const warnings: string[] = [];
  return {
    form: describe("FLAC", info.bits, info.rate, info.channels),
    rate: info.rate,
    channels: info.channels,
    seconds: info.total > 0 ? info.total / info.rate : null,
    warnings,
    blocks: () => blocks(bytes, start, info, warnings),
  };
}

function readMetadata(bytes: Uint8Array): { info: StreamInfo; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let info: StreamInfo | undefined;
  let at = 4;
  for (let last = false; !last; ) {
    if (at + 4 > bytes.length)
      throw new SoundError(`expected a FLAC file; found one that is cut after ${bytes.length} bytes`);
    const head = view.getUint32(at);
    last = head >>> 31 === 1;
    const type = (head >>> 24) & 0x7f;
    const length = head & 0xffffff;
    at += 4;
    if (at + length > bytes.length)
      throw new SoundError(`expected a FLAC file; found one that is cut after ${bytes.length} bytes`);
    if (type === 0 && length >= STREAMINFO_BYTES) info = readStreamInfo(view, at);
    at += length;
  }
  if (info === undefined) throw new SoundError("expected a FLAC file with stream information; found one without");
  return { info, start: at };
}

function readStreamInfo(view: DataView, at: number): StreamInfo {
  const packed = view.getUint32(at + 10);
  return {
    maxBlock: view.getUint16(at + 2),
    rate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    total: (view.getUint8(at + 13) & 15) * 2 ** 32 + view.getUint32(at + 14),
  };
}

/** The first whole frame at or after `at`. */
function find(bytes: Uint8Array, at: number, info: StreamInfo): (Frame & { skipped: number }) | null {
  for (let place = at; place + 2 < bytes.length; place++) {
    if (bytes[place] !== 0xff || ((bytes[place + 1] as number) & 0xfe) !== 0xf8) continue;
    const frame = readFrame(bytes, place, info);
    if (frame !== null) return { ...frame, skipped: place - at };
  }
  return null;
}

async function* blocks(
  bytes: Uint8Array,
  start: number,
  info: StreamInfo,
  warnings: string[],
): AsyncGenerator<Float32Array[]> {
  const scale = 2 ** (1 - info.bits);
  let at = start;
  let frames = 0;
  let damaged = 0;
  for (;;) {
    const frame = find(bytes, at, info);
    if (frame === null) break;
    if (frame.skipped > 0) damaged++;
    at = frame.next;
    frames += frame.samples[0]?.length ?? 0;
    yield frame.samples.map((samples) => Float32Array.from(samples, (value) => value * scale));
  }
  warnings.length = 0; // the blocks may be read twice
  if (damaged > 0) warnings.push(`${damaged} damaged places were left out`);
  if (info.total > frames) warnings.push(`it should hold ${info.total} samples and ${frames} could be read`);
}
