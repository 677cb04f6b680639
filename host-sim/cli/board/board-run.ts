// A run of the firmware on the emulated board. In: options, a microphone. Out: records and console text to an observer,
// trace and played sound as files, whole or not at all, the run summary.

import { createReadStream, existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { RecordLine } from "../device/device.ts";
import { spellingOf } from "../device/pieces.ts";
import { type DeviceRecord, isTraceEvent, type SummaryRecord } from "../device/records.ts";
import { type RunSummary, summaryOf, Utterances } from "../device/transcript.ts";
import { fault, inputFailure, systemReason } from "../failure.ts";
import { AsideFile } from "../session/aside-file.ts";
import type { Microphone } from "../session/microphone.ts";
import { PlayedFile } from "../session/played-file.ts";
import { musicForDevice } from "../sound/music-file.ts";
import { SoundError } from "../sound/sound.ts";
import { userPath } from "../user-path.ts";
import { Emulator } from "./emulator.ts";
import { type Partition, readPartition, SECTOR, writeFlash } from "./flash-image.ts";

/** Of flash: the least that its file system wants. */
const SETTINGS_BYTES = 4 * SECTOR;

export interface BoardOptions {
  readonly image: string;
  readonly cpu: readonly string[];
  readonly mips: number;
  readonly model: { readonly file: string; readonly path: string };
  readonly understanding: { readonly file: string; readonly path: string };
  readonly music: { readonly file: string; readonly path: string } | undefined;
  /** Absent = nobody speaks. */
  readonly microphone: Microphone | undefined;
  readonly date: number;
  readonly json: boolean;
  /** Console lines; absent = none. `live`: the terminal itself. */
  readonly console: { readonly lines: Buffer } | "live" | undefined;
  /** More words for the firmware: what only tests ask for. */
  readonly words: readonly string[];
  readonly trace: string | undefined;
  readonly out: string | undefined;
  /** The partition of settings, kept in this file; absent = they live as long as the run. */
  readonly settings: string | undefined;
}

export interface BoardObserver {
  record(entry: RecordLine): void | Promise<void>;
  /** What came over the serial port. */
  serial(data: Buffer): void | Promise<void>;
}

export interface BoardEnd {
  readonly summary: RunSummary;
  readonly exitCode: number;
}

export class BoardRun {
  readonly #emulator = new Emulator();

  constructor(readonly options: BoardOptions) {}

  stop(): void {
    this.#emulator.stop();
  }

  async run(observer: BoardObserver): Promise<BoardEnd> {
    const { trace, out, settings } = this.options;
    const sinks: { trace?: AsideFile; out?: PlayedFile; settings?: AsideFile } = {};
    const folder = await mkdtemp(join(tmpdir(), "earshot-board-"));
    try {
      if (trace !== undefined) sinks.trace = await AsideFile.open(trace);
      if (out !== undefined) sinks.out = await PlayedFile.open(out);
      if (settings !== undefined) sinks.settings = await AsideFile.open(settings);
      await this.#lay(folder);
      const exitCode = await this.#emulator.run(this.#emulated(folder), (data) => observer.serial(data));
      const summary = await this.#read(folder, sinks.trace, observer);
      if (sinks.out !== undefined) {
        for await (const data of createReadStream(join(folder, "played.pcm"))) await sinks.out.write(data as Buffer);
      }
      if (sinks.settings !== undefined)
        await sinks.settings.write(await readPartition(join(folder, "bank1.bin"), "settings"));
      await sinks.settings?.commit();
      await sinks.trace?.commit();
      await sinks.out?.commit();
      return { summary, exitCode };
    } finally {
      await sinks.settings?.discard();
      await sinks.trace?.discard();
      await sinks.out?.discard();
      await rm(folder, { recursive: true, force: true });
    }
  }

  #emulated(folder: string) {
    const { image, cpu, mips, date, json, console: lines, words } = this.options;
    const flags = [...(json ? ["json=1"] : []), ...(lines !== undefined && lines !== "live" ? ["script=1"] : [])];
    return {
      image,
      cpu,
      folder,
      mips,
      words: [`date=${date}`, ...flags, ...words],
      live: lines === "live",
    };
  }

  /** Puts into `folder` what the board finds when it starts. */
  async #lay(folder: string): Promise<void> {
    const { microphone, model, music, console: lines } = this.options;
    const partitions: Partition[] = [{ name: "model", data: await bytesOf(model) }];
    partitions.push({ name: "understanding", data: await bytesOf(this.options.understanding) });
    partitions.push({ name: "settings", data: await this.#settings(), bytes: SETTINGS_BYTES, writable: true });
    if (music !== undefined) partitions.push({ name: "music", data: await musicBytes(music) });
    await writeFlash(join(folder, "bank1.bin"), partitions);
    if (lines !== undefined && lines !== "live") await writeFile(join(folder, "serial.in"), lines.lines);
    if (microphone === undefined) return;
    const file = await open(join(folder, "mic.pcm"), "w");
    try {
      for await (const block of microphone.blocks()) {
        await file.write(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
      }
    } finally {
      await file.close();
    }
  }

  /** As they lie in the file; erased flash where there is none yet. */
  async #settings(): Promise<Buffer> {
    const { settings } = this.options;
    const erased = Buffer.alloc(SETTINGS_BYTES, 0xff);
    if (settings === undefined || !existsSync(userPath(settings))) return erased;
    try {
      const kept = await readFile(userPath(settings));
      kept.copy(erased);
      return erased;
    } catch (error) {
      throw inputFailure(`${settings}: expected a file of the board's settings; ${systemReason(error)}.`);
    }
  }

  async #read(folder: string, trace: AsideFile | undefined, observer: BoardObserver): Promise<RunSummary> {
    const utterances = new Utterances(spellingOf(this.options.model.path));
    let summary: SummaryRecord | undefined;
    const path = join(folder, "records.jsonl");
    if (!existsSync(path)) throw fault("the emulated board ended without a word.");
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = JSON.parse(line) as DeviceRecord;
      if (isTraceEvent(record)) {
        utterances.add(record);
        await trace?.write(Buffer.from(`${line}\n`));
      } else if (record.type === "summary") summary = record;
      await observer.record({ record, line });
    }
    if (summary === undefined) throw fault("the emulated board ended without its summary.");
    return summaryOf(summary, "rv32", utterances.list);
  }
}

async function bytesOf({ file, path }: { file: string; path: string }): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw inputFailure(`${file}: expected an Earshot model; ${systemReason(error)}.`);
  }
}

async function musicBytes({ file, path }: { file: string; path: string }): Promise<Buffer> {
  try {
    const music = await musicForDevice(path);
    try {
      return await readFile(music.path);
    } finally {
      await music.remove();
    }
  } catch (error) {
    throw error instanceof SoundError ? inputFailure(`${file}: ${error.message}.`) : error;
  }
}
