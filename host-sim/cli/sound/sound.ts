// Sound as its readers hand it on: planar blocks of floats, full scale 1.

export interface Sound {
  /** For people: "WAV, 24 bit, 44100 Hz, stereo". */
  readonly form: string;
  readonly rate: number;
  readonly channels: number;
  /** Null = only known when it was read to its end. */
  readonly seconds: number | null;
  /** What is wrong with the file and did not keep it from being read. Complete when blocks() has ended. */
  readonly warnings: readonly string[];
  /** May be read more than once. Each block has one array a channel, all of one length. */
  blocks(): AsyncIterable<Float32Array[]>;
}

/** Why a file can't be used: the end of a sentence that begins with the file's name. */
export class SoundError extends Error {}

export const MIN_RATE = 8000;
export const MAX_RATE = 192_000;
export const MAX_CHANNELS = 8;

/** Sample frames in a block, at most. */
export const BLOCK_FRAMES = 8192;

export function checkShape(form: string, rate: number, channels: number): void {
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw new SoundError(`expected 1 to ${MAX_CHANNELS} channels; found ${form} with ${channels}`);
  }
  if (rate < MIN_RATE || rate > MAX_RATE) {
    throw new SoundError(`expected a rate of ${MIN_RATE} to ${MAX_RATE} Hz; found ${form} with ${rate} Hz`);
  }
}

export function describe(form: string, bits: number | null, rate: number, channels: number): string {
  const width = bits === null ? "" : `, ${bits} bit`;
  const layout = channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`;
  return `${form}${width}, ${rate} Hz, ${layout}`;
}
