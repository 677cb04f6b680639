// Sound of a client to sound of the device's microphone: 16 kHz, mono, 16 bit. In: PCM, little-endian, interleaved, in
// chunks of any length. Out: samples as they become certain.

import { CAPTURE_RATE, toInt16 } from "../cli/sound/capture.ts";
import { Resampler } from "../cli/sound/resample.ts";
import { MAX_CHANNELS, MAX_RATE, MIN_RATE } from "../cli/sound/sound.ts";

export interface PcmFormat {
  readonly rate: number;
  /** Bytes of a sample. */
  readonly width: number;
  readonly channels: number;
}

/** Why sound can't be taken: one clause. */
export class FormatError extends Error {}

const integer = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

/** Reads `rate`, `width` and `channels` of an event's data. */
export function pcmFormatOf(data: Readonly<Record<string, unknown>>): PcmFormat {
  const { rate, width, channels } = data;
  const found = (value: unknown): string => JSON.stringify(value)?.slice(0, 40) ?? "none";
  if (!integer(rate, MIN_RATE, MAX_RATE))
    throw new FormatError(`expected a rate of ${MIN_RATE} to ${MAX_RATE} Hz; found ${found(rate)}`);
  if (!integer(width, 2, 4)) throw new FormatError(`expected a width of 2, 3 or 4 bytes; found ${found(width)}`);
  if (!integer(channels, 1, MAX_CHANNELS))
    throw new FormatError(`expected 1 to ${MAX_CHANNELS} channels; found ${found(channels)}`);
  return { rate, width, channels };
}

export const sameFormat = (a: PcmFormat, b: PcmFormat): boolean =>
  a.rate === b.rate && a.width === b.width && a.channels === b.channels;

export class Converter {
  readonly #format: PcmFormat;
  readonly #resampler: Resampler | undefined;
  /** Bytes of a sample frame that is not whole yet. */
  #rest: Buffer = Buffer.alloc(0);

  static async open(format: PcmFormat): Promise<Converter> {
    return new Converter(
      format,
      format.rate === CAPTURE_RATE ? undefined : await Resampler.open(format.rate, CAPTURE_RATE),
    );
  }

  private constructor(format: PcmFormat, resampler: Resampler | undefined) {
    this.#format = format;
    this.#resampler = resampler;
  }

  push(bytes: Buffer): Int16Array {
    const whole = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const frame = this.#format.width * this.#format.channels;
    const count = Math.floor(whole.length / frame);
    this.#rest = Buffer.from(whole.subarray(count * frame));
    const samples = mono(whole, count, this.#format);
    return this.#resampler === undefined ? samples : this.#resampler.push(samples);
  }

  /** The last samples; an incomplete sample frame is dropped. */
  end(): Int16Array {
    return this.#resampler?.end() ?? new Int16Array(0);
  }
}

function mono(bytes: Buffer, count: number, { width, channels }: PcmFormat): Int16Array {
  const scale = 2 ** (8 * width - 1) * channels;
  const mixed = new Float32Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += width) sum += bytes.readIntLE(at, width);
    mixed[i] = sum / scale;
  }
  return toInt16(mixed);
}
