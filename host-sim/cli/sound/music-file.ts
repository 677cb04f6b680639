// A user's piece of music in a form that the device plays: Ogg Opus as it is, a 48 kHz 16-bit WAV as it is, everything
// else that can be read as such a WAV in a temporary folder. In: a path. Out: a path and how to clean up.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toInt16 } from "./capture.ts";
import { isOgg } from "./ogg.ts";
import { Resampler } from "./resample.ts";
import { type Sound, SoundError } from "./sound.ts";
import { readBytes, readSound } from "./sound-file.ts";
import { wavHeader } from "./wav-file.ts";

const DEVICE_RATE = 48_000;
/** An hour of stereo: the piece is held in memory on the PC. */
const MAX_SECONDS = 3600;

export interface DeviceMusic {
  readonly path: string;
  remove(): Promise<void>;
}

export async function musicForDevice(path: string): Promise<DeviceMusic> {
  const bytes = await readBytes(path);
  const sound = await readSound(bytes);
  if (isOgg(bytes) && sound.channels <= 2) return { path, remove: async () => {} };
  const pcm = await toDevicePcm(sound);
  const folder = await mkdtemp(join(tmpdir(), "earshot-music-"));
  const target = join(folder, "music.wav");
  const channels = Math.min(2, sound.channels);
  await writeFile(target, Buffer.concat([wavHeader(DEVICE_RATE, channels, pcm.byteLength), pcm]));
  return { path: target, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function toDevicePcm(sound: Sound): Promise<Buffer> {
  const channels = Math.min(2, sound.channels);
  const resampler = sound.rate === DEVICE_RATE ? null : await Resampler.open(sound.rate, DEVICE_RATE, channels);
  const parts: Buffer[] = [];
  let frames = 0;
  const keep = (samples: Int16Array): void => {
    parts.push(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  };
  for await (const block of sound.blocks()) {
    frames += block[0]?.length ?? 0;
    if (frames > MAX_SECONDS * sound.rate)
      throw new SoundError(`expected at most ${MAX_SECONDS / 60} minutes of music; found more`);
    const samples = interleave(block.slice(0, channels).map(toInt16));
    keep(resampler === null ? samples : resampler.push(samples));
  }
  if (resampler !== null) keep(resampler.end());
  return Buffer.concat(parts);
}

function interleave(channels: Int16Array[]): Int16Array {
  const [left, right] = channels;
  if (left === undefined || right === undefined) return left ?? new Int16Array(0);
  const out = new Int16Array(left.length * 2);
  for (let i = 0; i < left.length; i++) {
    out[2 * i] = left[i] as number;
    out[2 * i + 1] = right[i] as number;
  }
  return out;
}
