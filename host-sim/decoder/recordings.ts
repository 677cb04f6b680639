// Recordings of the data folder with their words, and what end-pointers need to be tested: the sample at which speech
// ends, room noise behind it, pauses inside. In: DATA/<set>.jsonl, DATA/<set>-<split>.tar (Ogg Opus). Out: 16 kHz mono.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inputFailure, systemReason } from "../cli/failure.ts";
import { readOggOpus } from "../cli/sound/ogg-opus.ts";

export const RATE = 16_000;

export interface Recording {
  readonly id: string;
  readonly set: string;
  readonly text: string;
  readonly samples: Int16Array;
}

interface Line {
  readonly id: string;
  readonly file: string;
  readonly text?: string;
  readonly split: string;
}

/** Files of a tar archive (ustar, names of up to 100 bytes, as the data folder's README makes them). */
export function* tarFiles(bytes: Buffer): Generator<{ name: string; data: Buffer }> {
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const head = bytes.subarray(at, at + 512);
    const name = head.toString("latin1", 0, 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(head.toString("latin1", 124, 136), 8);
    if (!(size >= 0) || at + 512 + size > bytes.length) throw new Error("it is no whole tar archive");
    yield { name, data: bytes.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

async function decode(file: Buffer): Promise<Int16Array> {
  const sound = await readOggOpus(file);
  const blocks: Int16Array[] = [];
  for await (const [channel] of sound.blocks()) {
    blocks.push(
      Int16Array.from(channel as Float32Array, (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32768)))),
    );
  }
  const all = new Int16Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

function read(data: string, name: string): Buffer {
  try {
    return readFileSync(join(data, name));
  } catch (error) {
    throw inputFailure(
      `${join(data, name)}: expected recordings of the data folder (EARSHOT_DATA); ${systemReason(error)}.`,
    );
  }
}

function lines(data: string, set: string): Line[] {
  const name = `${set}.jsonl`;
  try {
    return read(data, name)
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputFailure(`${join(data, name)}: expected one JSON object a line; ${error.message}.`);
  }
}

/** Recordings of one split in the order of the manifest, every `step`th. Noise and music have no words. */
export async function recordings(data: string, set: string, split: string, step = 1): Promise<Recording[]> {
  const chosen = lines(data, set)
    .filter((line) => line.split === split)
    .filter((_, index) => index % step === 0);
  const wanted = new Map(chosen.map((line) => [line.file, line]));
  const found = new Map<string, Int16Array>();
  const archive = set === "noise" || set === "music" ? `${set}.tar` : `${set}-${split}.tar`;
  try {
    for (const { name, data: file } of tarFiles(read(data, archive))) {
      if (wanted.has(name)) found.set(name, await decode(file));
    }
  } catch (error) {
    if (!(error instanceof Error) || "exitCode" in error) throw error;
    throw inputFailure(`${join(data, archive)}: expected Ogg Opus files in a tar archive; ${error.message}.`);
  }
  return chosen.flatMap(({ id, file, text = "" }) => {
    const samples = found.get(file);
    return samples === undefined ? [] : [{ id, set, text, samples }];
  });
}

/** Rain: a noise that goes on, for rooms that have to be lent. */
export function lentRoom(noise: readonly Recording[]): Int16Array {
  const rain = noise.find(({ id }) => id.includes("rain")) ?? noise[0];
  return rain?.samples ?? new Int16Array(RATE);
}
