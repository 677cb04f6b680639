// Requests of the data folder as one sound. In: EARSHOT_DATA's coffee.jsonl and coffee-dev.tar. Out: 16 kHz mono, all
// requests at one loudness, and where each begins.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inputFailure } from "../failure.ts";
import { CAPTURE_RATE, toCapture } from "../sound/capture.ts";
import { openSound } from "../sound/sound-file.ts";

/** Music plays this long before the first request. */
export const LEAD_SECONDS = 6;
const PAUSE_SECONDS = 2.5;
const SET = "coffee";
const FULL_SCALE = 32_767;

export interface Request {
  readonly text: string;
  /** Samples from the start of the sound. */
  readonly start: number;
}

export interface Requests {
  readonly sound: Int16Array;
  readonly requests: readonly Request[];
}

interface Row {
  readonly file: string;
  readonly text: string;
  readonly split: string;
}

function rows(data: string): Row[] {
  const list = join(data, `${SET}.jsonl`);
  if (!existsSync(list))
    throw inputFailure(`${list}: expected the data folder's list of requests; found no such file.`);
  return readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row)
    .filter(({ split }) => split === "dev");
}

async function samplesOf(path: string): Promise<Int16Array> {
  const parts: Int16Array[] = [];
  for await (const block of toCapture(await openSound(path))) parts.push(block);
  return join16(parts);
}

function join16(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const rmsOf = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length));

/** Silence before and after the words does not count: frames more than 30 dB below the loudest are left out. */
function spokenRms(samples: Int16Array): number {
  const frame = CAPTURE_RATE / 50;
  const levels: number[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame) levels.push(rmsOf(samples.subarray(at, at + frame)) ** 2);
  const spoken = levels.filter((level) => level > Math.max(...levels) / 1000);
  return Math.sqrt(spoken.reduce((sum, level) => sum + level, 0) / Math.max(1, spoken.length));
}

function atLoudness(samples: Int16Array, rms: number): Int16Array<ArrayBuffer> {
  const factor = rms / spokenRms(samples);
  return Int16Array.from(samples, (value) => Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(value * factor))));
}

export async function readRequests(root: string, rms: number, most: number): Promise<Requests> {
  const data = resolve(root, process.env.EARSHOT_DATA ?? "../shared/data");
  const chosen = rows(data).slice(0, most);
  const folder = mkdtempSync(join(tmpdir(), "earshot-echo-"));
  try {
    const archive = join(data, `${SET}-dev.tar`);
    execFileSync("tar", ["-xf", archive, "-C", folder, ...chosen.map(({ file }) => file)], { stdio: "pipe" });
    const parts = [new Int16Array(LEAD_SECONDS * CAPTURE_RATE)];
    const requests: Request[] = [];
    let at = parts[0]?.length ?? 0;
    for (const { file, text } of chosen) {
      const spoken = atLoudness(await samplesOf(join(folder, file)), rms);
      const pause = new Int16Array(PAUSE_SECONDS * CAPTURE_RATE);
      requests.push({ text, start: at });
      parts.push(spoken, pause);
      at += spoken.length + pause.length;
    }
    return { sound: join16(parts), requests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
