// Runs earshot-host of the test build on sound made here, without the command line in between.
// In: arguments, samples, console text. Out: its records, trace, replies, played sound and exit code.

import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const MODEL = join(ROOT, "test/native/golden/tiny.esm");
export const MUSIC = join(ROOT, "host-sim/demo/music.opus");

/** EARSHOT_TEST_BUILD=host-test-sanitize runs the build with sanitizers. */
export const PROGRAM = join(ROOT, "build", process.env.EARSHOT_TEST_BUILD ?? "host-test", "earshot-host");

export interface Run {
  readonly code: number | null;
  /** Records of the host and events of the trace, in order. */
  readonly records: readonly Record<string, unknown>[];
  readonly stdout: string;
  readonly log: string;
  readonly replies: string;
  readonly played: Buffer;
}

function frame(type: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeUInt32LE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

export function job(file: string, samples: Int16Array, part = 7777): Buffer {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const frames = [frame("J", Buffer.from(JSON.stringify({ file })))];
  for (let at = 0; at < bytes.length; at += part) frames.push(frame("A", bytes.subarray(at, at + part)));
  return Buffer.concat([...frames, frame("E", Buffer.alloc(0))]);
}

/** Something that is no speech: two tones and noise from a fixed generator. */
export function noise(seconds: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: Math.round(seconds * 16000) }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.round(6000 * Math.sin(i * 0.1) * Math.sin(i * 0.0007)) + (state >>> 23) - 256;
  });
}

export function runHost(args: readonly string[], jobs: Buffer = Buffer.alloc(0), lines?: string): Run {
  if (!existsSync(PROGRAM)) throw new Error("the test host is missing: node host-sim/build/build.mjs tests");
  const folder = mkdtempSync(join(tmpdir(), "earshot-"));
  const path = (name: string) => join(folder, name);
  const opened: number[] = [];
  const open = (name: string, flags: string) => {
    opened.push(openSync(path(name), flags));
    return opened.at(-1) as number;
  };
  try {
    writeFileSync(path("console"), lines ?? "");
    const result = spawnSync(
      PROGRAM,
      ["--model", MODEL, "--played", "--console", lines === undefined ? "none" : "fd", ...args],
      {
        input: jobs,
        stdio: ["pipe", "pipe", "pipe", open("console", "r"), open("replies", "w"), open("played", "w")],
        maxBuffer: 1 << 28,
      },
    );
    const stdout = result.stdout.toString();
    return {
      code: result.status,
      records: stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
      stdout,
      log: result.stderr.toString(),
      replies: readFileSync(path("replies"), "utf8"),
      played: readFileSync(path("played")),
    };
  } finally {
    for (const fd of opened) closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
  }
}
