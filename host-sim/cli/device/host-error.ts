// The process's error codes as sentences for a person.

import { openSync, readSync } from "node:fs";
import { type Failure, fault, inputFailure } from "../failure.ts";
import type { DeviceEnd } from "./device.ts";
import type { ErrorRecord } from "./records.ts";

const FOUND: Record<string, string> = {
  MISSING: "no such file",
  SHORT: "found one that is cut",
  CHECKSUM: "found one whose checksum does not hold: it is damaged",
  CORRUPT: "found one with a value outside its bounds",
  UNSUPPORTED: "found a form that is not handled",
  MEMORY: "found one that needs more memory than the device has",
};

const EXPECTED: Record<string, string> = {
  model: "expected an Earshot model of format 1",
  music: "expected music as 48 kHz 16-bit WAV or as Ogg Opus",
  storage: "expected a file of settings",
};

function start(path: string): string {
  try {
    const bytes = Buffer.alloc(64);
    return bytes.toString("latin1", 0, readSync(openSync(path, "r"), bytes));
  } catch {
    return "";
  }
}

export function failureOf(error: ErrorRecord): Failure {
  const expected = EXPECTED[error.what];
  if (expected === undefined) return fault(`the firmware's process failed at ${error.what} (${error.code}).`);
  const at = error.offset === null ? "" : ` (byte ${error.offset})`;
  return inputFailure(`${error.file}: ${expected}; ${foundOf(error)}${at}.`);
}

function foundOf(error: ErrorRecord): string {
  if (error.code === "MAGIC") {
    if (start(error.file).startsWith("version https://git-lfs")) {
      return "found a Git LFS pointer: type `git lfs pull` to bring the file itself";
    }
    return "found a file of another kind";
  }
  if (error.code === "VERSION") return "found one of another version";
  if (error.code === "IO") return "the file could not be read";
  return FOUND[error.code] ?? `found ${error.code}`;
}

/** How a process that should have gone on ended; undefined where it ended as it should. */
export function failureOfEnd(end: DeviceEnd, log: string): Failure | undefined {
  if (end.code === 0) return undefined;
  const last = log.trim().split("\n").at(-1) ?? "";
  const how = end.signal === null ? `code ${end.code}` : `signal ${end.signal}`;
  return fault(`the firmware's process ended with ${how}${last === "" ? "" : `: ${last.slice(0, 300)}`}.`);
}
