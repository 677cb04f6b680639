// One run of QEMU. In: the image, a folder with the run's files (mic.pcm, bank1.bin, serial.in). Out: what came over the
// serial port as it comes, the exit code; records.jsonl and played.pcm in the folder.

import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_INTERRUPTED, Failure, fault } from "../failure.ts";
import { BANK_BYTES } from "./flash-image.ts";

/** Millions of instructions a second to QEMU's shift: one instruction takes 2^shift ns. */
export const SPEEDS: ReadonlyMap<number, number> = new Map([
  [500, 1],
  [250, 2],
  [125, 3],
  [62.5, 4],
]);

/** Exit codes of boards/rv32/cpu.h from here on are no verdict of the firmware. */
const FIRST_CRASH = 4;

export interface EmulatorOptions {
  readonly image: string;
  readonly cpu: readonly string[];
  readonly folder: string;
  readonly mips: number;
  /** Words "key=value" for the firmware. */
  readonly words: readonly string[];
  /** A person at the console: real time, and the terminal is the serial port. */
  readonly live: boolean;
}

export class Emulator {
  #child: ChildProcess | undefined;
  #stopped = false;

  stop(): void {
    this.#stopped = true;
    this.#child?.kill("SIGKILL");
  }

  async run(options: EmulatorOptions, serial: (data: Buffer) => void | Promise<void>): Promise<number> {
    const bank0 = join(options.folder, "bank0.bin");
    await copyFile(options.image, bank0);
    await truncate(bank0, BANK_BYTES);
    const child = spawn("qemu-system-riscv32", emulatorArguments(options), {
      cwd: options.folder,
      detached: !options.live, // Ctrl-C is for us
      stdio: [options.live ? "inherit" : "ignore", options.live ? "inherit" : "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    const keep = (data: Buffer): void => {
      said = (said + data.toString()).slice(-2000);
    };
    child.stderr?.on("data", keep);
    const ended = new Promise<number>((resolve, reject) => {
      child.on("error", (error) => reject(fault(`qemu-system-riscv32 could not be started: ${error.message}.`)));
      child.on("close", (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
    });
    for await (const data of child.stdout ?? []) {
      keep(data as Buffer);
      await serial(data as Buffer);
    }
    const code = await ended;
    if (this.#stopped) throw new Failure("stopped.", EXIT_INTERRUPTED);
    if (code >= FIRST_CRASH) {
      const last = said.trim().split("\n").at(-1) ?? "";
      throw fault(`the emulated board stopped with code ${code}${last === "" ? "" : `: ${last}`}.`);
    }
    return code;
  }
}

function emulatorArguments({ cpu, mips, words, live }: EmulatorOptions): string[] {
  // The firmware's words; a comma would end one for QEMU.
  const semihosting = ["enable=on", "target=native", ...["earshot", ...words].map((word) => `arg=${word}`)].join(",");
  const drive = (unit: number, readonly: boolean): string =>
    `if=pflash,unit=${unit},format=raw,${readonly ? "readonly=on," : ""}file=bank${unit}.bin`;
  return [
    ...cpu,
    ...["-m", "512K"],
    // Without sleep the same run gives the same bytes; with it the board's time is the wall's.
    ...["-icount", `shift=${SPEEDS.get(mips)},sleep=${live ? "on" : "off"}`],
    ...["-semihosting-config", semihosting],
    ...["-drive", drive(0, true), "-drive", drive(1, false)],
    ...["-serial", "stdio"],
  ];
}
