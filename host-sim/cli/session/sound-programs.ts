// The PC's sound system through its own programs: ALSA's arecord and aplay, else PipeWire's pw-record and pw-play.
// In: the search path. Out: a started program with raw sound on its standard output or input.

import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { inputFailure } from "../failure.ts";
import { CAPTURE_RATE } from "../sound/capture.ts";
import { PLAYED_CHANNELS, PLAYED_RATE } from "./played-file.ts";

interface Candidate {
  readonly name: string;
  readonly args: readonly string[];
}

const alsa = (rate: number, channels: number): string[] => [
  "-q",
  "-t",
  "raw",
  "-f",
  "S16_LE",
  "-r",
  String(rate),
  "-c",
  String(channels),
];
const pipewire = (rate: number, channels: number): string[] => [
  "--raw",
  "--format",
  "s16",
  "--rate",
  String(rate),
  "--channels",
  String(channels),
  "-",
];

const RECORDERS: readonly Candidate[] = [
  { name: "arecord", args: alsa(CAPTURE_RATE, 1) },
  { name: "pw-record", args: pipewire(CAPTURE_RATE, 1) },
];
const PLAYERS: readonly Candidate[] = [
  { name: "aplay", args: alsa(PLAYED_RATE, PLAYED_CHANNELS) },
  { name: "pw-play", args: pipewire(PLAYED_RATE, PLAYED_CHANNELS) },
];

function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    try {
      const path = join(folder, name);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // the next folder
    }
  }
  return undefined;
}

export interface SoundProgram {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it has ended: undefined where it ended well, else why not. */
  readonly ended: Promise<string | undefined>;
  /** Times the program said that sound was lost. */
  lost(): number;
}

function start(candidates: readonly Candidate[], what: string, lossWord: RegExp): SoundProgram {
  for (const { name, args } of candidates) {
    const path = onPath(name);
    if (path === undefined) continue;
    const child = spawn(path, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    let log = "";
    let lost = 0;
    child.stderr.on("data", (data: Buffer) => {
      log = (log + data.toString()).slice(-2000);
      lost += data.toString().match(lossWord)?.length ?? 0;
    });
    for (const stream of child.stdio) stream?.on("error", () => {});
    const ended = new Promise<string | undefined>((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code, signal) => {
        const last = log.trim().split("\n").at(-1) ?? "";
        resolve(code === 0 || signal !== null ? undefined : last || `exit code ${code}`);
      });
    });
    return { name, child, ended, lost: () => lost };
  }
  const names = candidates.map(({ name }) => name).join(" nor ");
  throw inputFailure(
    `there is no ${what} here: neither ${names} was found on the path (Debian packages alsa-utils, pipewire-bin).`,
  );
}

export const startRecorder = (): SoundProgram => start(RECORDERS, "microphone", /overrun/g);
export const startPlayer = (): SoundProgram => start(PLAYERS, "speaker", /underrun/g);
