// measure.c, built and run over recordings. In: a model file, recordings, options. Out: one row a recording, in order.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fault, inputFailure } from "../cli/failure.ts";

const PARTS = ["base", "features", "model", "nn", "decoder"];
/** It counts as work in the background: a person may be at the machine. */
const NICE = 10;
const MOST_PROCESSES = 8;

export interface Heard {
  readonly text: string;
  readonly words: number;
  /** Confidence of each word, and 1 where an alignment with the fewest errors takes it for right. */
  readonly confidence: readonly [number, number][];
  /** Of each word: start, end (samples), acoustic score (Q10). */
  readonly heard: readonly [number, number, number][];
  readonly errors: number;
  readonly ten: number;
  readonly oracle: number;
  readonly edges: number;
  readonly bytes: number;
  /** Q10 log-probability of what the beam kept, a word. */
  readonly mass: number;
  /** Of 65534 that all words are right, -1: not known. */
  readonly sure: number;
  readonly samples: number;
  readonly instructions: number;
  readonly hits: number;
  readonly misses: number;
  readonly outputs: number;
  /** With "steps": hash of the labels, number of words, spoke, pause, expected pause (1/16), end logit (Q10), sound (Q3). */
  readonly steps?: readonly Step[];
}

export type Step = readonly [number, number, number, number, number, number, number];

/** Type, samples, reason, text, confidence. */
export type LiveEvent = readonly [string, number, string, string, number];

export interface Live {
  readonly events: readonly LiveEvent[];
  readonly samples: number;
  readonly instructions: number;
}

export function buildProgram(root: string): string {
  const folder = join(root, "build", "measure");
  mkdirSync(folder, { recursive: true });
  const sources = PARTS.flatMap((part) =>
    readdirSync(join(root, "native", part))
      .filter((name) => name.endsWith(".c"))
      .map((name) => join(root, "native", part, name)),
  );
  const program = join(folder, "measure");
  const args = [
    "-std=c11",
    "-D_POSIX_C_SOURCE=200809L",
    "-O2",
    "-Wall",
    "-Wextra",
    `-I${join(root, "native/include")}`,
  ];
  const { status, stderr } = spawnSync(
    process.env.CC ?? "cc",
    [...args, join(root, "host-sim/decoder/measure.c"), ...sources, "-o", program],
    { encoding: "utf8" },
  );
  if (status !== 0) throw fault(`the measuring program could not be compiled: ${stderr.trim().split("\n")[0] ?? ""}`);
  return program;
}

interface Input {
  readonly text: string;
  readonly samples: Int16Array;
}

function* packets(items: readonly Input[]): Generator<Buffer> {
  for (const { text, samples } of items) {
    const reference = Buffer.from(text, "utf8");
    const head = Buffer.alloc(8);
    head.writeUInt32LE(reference.length, 0);
    head.writeUInt32LE(samples.length, 4);
    yield Buffer.concat([head, reference, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
  }
}

async function feed(child: ChildProcess, items: readonly Input[]): Promise<void> {
  const input = child.stdin;
  if (input === null) return;
  let open = true;
  input.on("error", () => {}); // it says itself why it ended
  const closed = once(input, "close").finally(() => {
    open = false;
  });
  for (const packet of packets(items)) {
    if (!open) return;
    if (!input.write(packet)) await Promise.race([once(input, "drain").catch(() => {}), closed.catch(() => {})]);
  }
  input.end();
}

function one<Row>(program: string, model: string, items: readonly Input[], options: readonly string[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const child = spawn("nice", ["-n", String(NICE), program, model, ...options], { stdio: ["pipe", "pipe", "pipe"] });
    let [text, words] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      words += bytes.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const rows = text === "" ? [] : text.trim().split("\n");
      if (code === 2) reject(inputFailure(`${model}: expected a model of this version; it does not open.`));
      else if (code !== 0 || rows.length !== items.length)
        reject(fault(`the measuring program ended early: ${words.trim().split("\n").at(-1) ?? ""}`));
      else resolve(rows.map((row) => JSON.parse(row) as Row));
    });
    feed(child, items).catch(reject);
  });
}

/** Runs of one program; recordings are dealt to as many processes as there are cores, the longest first. */
export class Measure {
  constructor(
    readonly program: string,
    readonly model: string,
  ) {}

  /** Memory of a recogniser as the firmware has it: 2 s of frames, 64 words. */
  async bytes(): Promise<number> {
    const { stdout, status } = spawnSync(this.program, [this.model, "bytes"], { encoding: "utf8" });
    if (status !== 0) throw inputFailure(`${this.model}: expected a model of this version; it does not open.`);
    return Number(stdout);
  }

  async rows<Row = Heard>(items: readonly Input[], ...options: string[]): Promise<Row[]> {
    const count = Math.max(1, Math.min(MOST_PROCESSES, cpus().length, items.length));
    const parts = Array.from({ length: count }, () => ({ indices: [] as number[], samples: 0 }));
    const order = items.map((_, index) => index);
    order.sort((a, b) => (items[b] as Input).samples.length - (items[a] as Input).samples.length || a - b);
    for (const index of order) {
      const part = parts.reduce((least, other) => (other.samples < least.samples ? other : least));
      part.indices.push(index);
      part.samples += (items[index] as Input).samples.length;
    }
    const rows: Row[] = new Array(items.length);
    await Promise.all(
      parts.map(async ({ indices }) => {
        const found = await one<Row>(
          this.program,
          this.model,
          indices.map((index) => items[index] as Input),
          options,
        );
        indices.forEach((index, k) => {
          rows[index] = found[k] as Row;
        });
      }),
    );
    return rows;
  }
}
