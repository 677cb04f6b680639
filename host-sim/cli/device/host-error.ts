// The process's error codes as sentences for a person.

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type Failure, fault, inputFailure } from "../failure.ts";
import type { DeviceEnd } from "./device.ts";
import type { ErrorRecord } from "./records.ts";

const FOUND: Record<string, string> = {
  MISSING: "no such file",
  IO: "the file could not be read",
  SHORT: "found one that is cut",
  CHECKSUM: "found one whose checksum does not hold: it is damaged",
  CORRUPT: "found one with a value outside its bounds",
  UNSUPPORTED: "found a form that is not handled",
  MEMORY: "found one that needs more memory than the device has",
};

const EXPECTED: Record<string, string> = {
  model: "expected an Earshot model of format 1",
  understanding: "expected a file for understanding of format 1",
  music: "expected music as 48 kHz 16-bit WAV or as Ogg Opus",
  storage: "expected a file of settings",
  prompts: "expected a file of prompts",
  names: "expected a list of names",
};

const NO_ECHO =
  "--room: this build has no echo canceller, whose sources cargo fetches: install the Debian package cargo and run again, or add --no-echo-canceller.";

/** The first bytes of a file that was refused, to say what it is. */
function start(path: string): Buffer {
  const bytes = Buffer.alloc(64);
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return bytes.subarray(0, readSync(file, bytes));
  } catch {
    return bytes.subarray(0, 0);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The names of what was given to the process, as the user wrote them. */
export type GivenNames = Readonly<Record<string, string | undefined>>;

export function failureOf(error: ErrorRecord, names: GivenNames = {}): Failure {
  const expected = EXPECTED[error.what];
  if (error.what === "echo") return inputFailure(NO_ECHO);
  if (expected === undefined) return fault(`the firmware's process failed at ${error.what} (${error.code}).`);
  const at = error.offset === null ? "" : ` (byte ${error.offset})`;
  return inputFailure(`${names[error.what] ?? error.file}: ${expected}; ${foundOf(error)}${at}.`);
}

/** Offsets of the model's header: models/FORMAT.md, "File". */
const VERSION_AT = 8;
const LENGTH_AT = 12;

function foundOf({ code, what, file, offset }: ErrorRecord): string {
  if (code === "NOFILE") {
    return statSync(file, { throwIfNoEntry: false })?.isDirectory() ? "found a folder" : "found no plain file";
  }
  if (code === "MAGIC") {
    if (start(file).toString("latin1").startsWith("version https://git-lfs")) {
      return "found a Git LFS pointer: type `git lfs pull` to bring the file itself";
    }
    return "found a file of another kind";
  }
  if (code === "VERSION") {
    const bytes = start(file);
    return what === "model" && bytes.length > VERSION_AT + 1
      ? `found format ${bytes.readUInt16LE(VERSION_AT)}`
      : "found one of another version";
  }
  if (code === "CORRUPT" && what === "model" && offset === LENGTH_AT)
    return "found one that is longer than its header says";
  return FOUND[code] ?? `found ${code}`;
}

/** How a process that should have gone on ended; undefined where it ended as it should. */
export function failureOfEnd(end: DeviceEnd, log: string): Failure | undefined {
  if (end.code === 0) return undefined;
  const last = log.trim().split("\n").at(-1) ?? "";
  const how = end.signal === null ? `code ${end.code}` : `signal ${end.signal}`;
  return fault(`the firmware's process ended with ${how}${last === "" ? "" : `: ${last.slice(0, 300)}`}.`);
}
