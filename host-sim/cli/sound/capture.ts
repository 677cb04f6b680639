// Sound for the device's microphone: 16 kHz, mono, 16 bit. In: a Sound. Out: blocks, and the warnings of the reading.

import { Resampler } from "./resample.ts";
import type { Sound } from "./sound.ts";

export const CAPTURE_RATE = 16_000;

/** A channel this far below the loudest (40 dB) holds no voice: mixing it in would only halve the voice. */
const SILENT_RATIO = 1e-4;
/** 20 dB below one channel: channels of opposite phase, as from a miswired input. */
const CANCELED_RATIO = 1e-2;

export async function* toCapture(sound: Sound): AsyncGenerator<Int16Array> {
  const voices = sound.channels === 1 ? [0] : await channelsWithVoice(sound);
  const resampler = sound.rate === CAPTURE_RATE ? null : await Resampler.open(sound.rate, CAPTURE_RATE);
  for await (const block of sound.blocks()) {
    const samples = toInt16(mix(block, voices));
    const out = resampler === null ? samples : resampler.push(samples);
    if (out.length > 0) yield out;
  }
  const rest = resampler?.end();
  if (rest !== undefined && rest.length > 0) yield rest;
}

async function channelsWithVoice(sound: Sound): Promise<number[]> {
  const power = new Array<number>(sound.channels).fill(0);
  let mixed = 0;
  for await (const block of sound.blocks()) {
    block.forEach((samples, channel) => {
      power[channel] = (power[channel] ?? 0) + powerOf(samples);
    });
    mixed += powerOf(mix(block, [...power.keys()]));
  }
  const loudest = Math.max(...power);
  const voices = power.flatMap((value, channel) => (value >= loudest * SILENT_RATIO ? [channel] : []));
  // All channels together hold far less than one of them: they cancel each other.
  const all = voices.length === power.length;
  return all && mixed < loudest * CANCELED_RATIO ? [power.indexOf(loudest)] : voices;
}

function powerOf(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) if (Number.isFinite(value)) sum += value * value;
  return sum;
}

function mix(block: Float32Array[], channels: number[]): Float32Array {
  const [first, ...others] = channels.map((channel) => block[channel] as Float32Array);
  if (first === undefined || others.length === 0) return first ?? new Float32Array(0);
  const mixed = Float32Array.from(first);
  for (const other of others)
    for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] as number) + (other[i] as number);
  for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] as number) / channels.length;
  return mixed;
}

/** Nearest, saturated; what is not a number is silence. */
export function toInt16(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((samples[i] as number) * 32768);
    out[i] = Math.max(-32768, Math.min(32767, value)); // NaN becomes 0
  }
  return out;
}
