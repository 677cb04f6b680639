// The firmware's process: build/host/earshot-host. In: options, sound in frames `u8 type, u32le length, payload`,
// console bytes. Out: records in order, played sound, console bytes, how it ended.
// Descriptors: 0 jobs, 1 records, 2 log, 3 console in, 4 console out, 5 played sound.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fault } from "../failure.ts";
import { releasedUnderstanding } from "./model-file.ts";
import type { DeviceRecord } from "./records.ts";

export interface DeviceOptions {
  readonly root: string;
  readonly model: string;
  readonly music?: string | undefined;
  readonly storage?: string | undefined;
  /** The speaker's voice; absent = it has none. */
  readonly prompts?: string | undefined;
  /** A file of console lines that the run begins with. */
  readonly startup?: string | undefined;
  /** Pieces beside `music`. */
  readonly pieces?: readonly { readonly name: string; readonly path: string }[] | undefined;
  /** A file with a list of names as bytes (native/include/earshot/bias.h). */
  readonly names?: string | undefined;
  /** Millions of instructions a second; absent = as many as are needed. */
  readonly mips?: number | undefined;
  /** Milliseconds since 1970 on the device's calendar. */
  readonly date?: number | undefined;
  readonly room?: string | undefined;
  /** The room without the echo canceller, to hear what it does. */
  readonly noEchoCanceller?: boolean;
  readonly ticks?: boolean;
  readonly slices?: boolean;
  /** Hours of a simulated life; its requests come as files. */
  readonly soak?: number;
  readonly played?: boolean;
  readonly paced?: boolean;
  readonly console?: "fd" | "pty" | "none";
  readonly json?: boolean;
  readonly transcribe?: boolean;
}

export interface DeviceEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A record and the line it came in: traces keep the very bytes. */
export interface RecordLine {
  readonly record: DeviceRecord;
  readonly line: string;
}

/** The device's buffer for a name holds 8 KB, and a letter may take six bytes; nobody needs more to tell files apart. */
const MAX_NAME = 1000;
const JOB_BEGIN = 0x4a;
const JOB_SOUND = 0x41;
const JOB_END = 0x45;

export class Device {
  readonly #child: ChildProcess;
  readonly ended: Promise<DeviceEnd>;

  constructor(options: DeviceOptions) {
    const program = join(options.root, "build", "host", "earshot-host");
    const withConsole = options.console === "fd" ? "pipe" : "ignore";
    this.#child = spawn(program, hostArguments(options), {
      cwd: options.root,
      detached: true, // Ctrl-C is for us: we decide how the run ends
      stdio: ["pipe", "pipe", "pipe", withConsole, withConsole, options.played ? "pipe" : "ignore"],
    });
    // A process that ends while it is written to is reported by `ended`, once.
    for (const stream of this.#child.stdio) stream?.on("error", () => {});
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", (error) =>
        reject(fault(`the firmware's process could not be started: ${error.message}`)),
      );
      this.#child.on("close", (code, signal) => resolve({ code, signal }));
    });
    this.ended.catch(() => {});
  }

  get log(): Readable {
    return this.#child.stderr as Readable;
  }

  get consoleIn(): Writable {
    return this.#child.stdio[3] as Writable;
  }

  get consoleOut(): Readable {
    return this.#child.stdio[4] as Readable;
  }

  get played(): Readable {
    return (this.#child.stdio as unknown as Readable[])[5] as Readable;
  }

  async *records(): AsyncGenerator<RecordLine> {
    for await (const line of lines(this.#child.stdout as Readable)) {
      let record: DeviceRecord;
      try {
        record = JSON.parse(line) as DeviceRecord;
      } catch {
        throw fault(`the firmware's process wrote a line that is no record: ${line.slice(0, 100)}`);
      }
      yield { record, line };
    }
  }

  beginFile(file: string): Promise<void> {
    return this.#frame(JOB_BEGIN, Buffer.from(JSON.stringify({ file: file.slice(0, MAX_NAME) })));
  }

  sound(samples: Int16Array): Promise<void> {
    return this.#frame(JOB_SOUND, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  endFile(): Promise<void> {
    return this.#frame(JOB_END, Buffer.alloc(0));
  }

  /** No more files. */
  endJobs(): void {
    (this.#child.stdin as Writable).end();
  }

  /** As if the sound and the console had ended. */
  hangUp(): void {
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #frame(type: number, payload: Buffer): Promise<void> {
    const stdin = this.#child.stdin as Writable;
    if (stdin.destroyed) return; // the process has ended; `ended` tells how
    const head = Buffer.alloc(5);
    head.writeUInt8(type, 0);
    head.writeUInt32LE(payload.length, 1);
    stdin.write(head);
    if (stdin.write(payload)) return;
    const waiting = new AbortController();
    await Promise.race([once(stdin, "drain", waiting).catch(() => {}), this.ended]);
    waiting.abort();
  }
}

/** The last words of the process's log, for the sentence that says how it ended. */
export function keepLog(log: Readable): () => string {
  let text = "";
  log.on("data", (data: Buffer) => {
    text = (text + data.toString()).slice(-4000);
  });
  return () => text;
}

function hostArguments(options: DeviceOptions): string[] {
  const args = ["--model", options.model, "--understanding", releasedUnderstanding(options.root)];
  if (options.music !== undefined) args.push("--music", options.music);
  if (options.names !== undefined) args.push("--names", options.names);
  if (options.storage !== undefined) args.push("--storage", options.storage);
  if (options.prompts !== undefined) args.push("--prompts", options.prompts);
  if (options.startup !== undefined) args.push("--startup", options.startup);
  for (const { name, path } of options.pieces ?? []) args.push("--piece", `${name}=${path}`);
  if (options.mips !== undefined) args.push("--mips", String(options.mips));
  if (options.date !== undefined) args.push("--date", String(options.date));
  if (options.soak !== undefined) args.push("--soak", String(options.soak));
  if (options.room !== undefined) args.push("--room", options.room);
  if (options.noEchoCanceller) args.push("--no-echo-canceller");
  if (options.console !== undefined) args.push("--console", options.console);
  for (const flag of ["ticks", "slices", "played", "paced", "json", "transcribe"] as const) {
    if (options[flag]) args.push(`--${flag}`);
  }
  return args;
}

/** Lines end with LF and nothing else: a text may hold letters that readline takes for line ends. */
async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      rest.push(chunk.subarray(start, end));
      yield Buffer.concat(rest).toString("utf8");
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
}
