// A file of names for biasing: read, bounded and checked. In: a path. Out: the names as the device takes them, with a
// warning for each line that can't be used; a file that can't be a list of names is refused whole.

import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeNames, type NameProblem } from "../../src/catalog/bias-bytes";
import { type BiasList, type BiasName, parseBiasList } from "../../src/catalog/bias-list";
import type { NamesRecord } from "./device/records.ts";
import { inputFailure, systemReason } from "./failure.ts";
import { warn } from "./output.ts";
import { userPath } from "./user-path.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WARNINGS = 10;

/** Names on their way to the device. */
export interface DeviceNames {
  /** Of the coded list. */
  readonly path: string;
  /** Names the lines whose names the model's word pieces can't spell. */
  warn(record: NamesRecord): void;
  remove(): Promise<void>;
}

/** `file`: as the user wrote it; absent = no names. */
export async function namesForDevice(file: string | undefined): Promise<DeviceNames | undefined> {
  if (file === undefined) return undefined;
  const { names } = readBiasFile(file);
  const { bytes, problems, left } = encodeNames(names);
  const taken = warnOfRoom(file, names, problems, left);
  const folder = await mkdtemp(join(tmpdir(), "earshot-names-"));
  const path = join(folder, "names");
  await writeFile(path, bytes);
  return {
    path,
    warn: ({ unspelled }) =>
      warnEach(
        file,
        unspelled.map((index) => ({
          line: taken[index]?.line ?? 0,
          reason: "can't be spelled with the model's word pieces",
        })),
      ),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Names that found no room, in one sentence; out: the others. */
function warnOfRoom(
  file: string,
  names: readonly BiasName[],
  problems: readonly NameProblem[],
  left: number,
): readonly BiasName[] {
  const [first] = problems;
  if (first === undefined) return names;
  const line = names.find(({ name }) => name === first.name)?.line ?? 0;
  const more = left > 1 ? `, and so do ${left - 1} names after it` : "";
  warn(file, `line ${line} ${first.reason}${more}`);
  // Whether a name fits depends on those before it alone: once more, to know which did.
  return names.filter((name) => !problems.some((problem) => problem.name === name.name));
}

function readBiasFile(file: string): BiasList {
  const text = readText(file);
  const control = firstControl(text);
  if (control !== undefined)
    throw inputFailure(`${file}: expected names, one a line; found the control character ${control}.`);
  const list = parseBiasList(text);
  if (list.refused !== null) throw inputFailure(`${file}: ${list.refused}.`);
  warnEach(file, list.problems);
  if (list.names.length === 0) throw inputFailure(`${file}: expected names, one a line; found none that can be used.`);
  return list;
}

function warnEach(file: string, problems: readonly { line: number; reason: string }[]): void {
  for (const { line, reason } of problems.slice(0, MAX_WARNINGS)) warn(file, `line ${line} ${reason} and was left out`);
  const more = problems.length - MAX_WARNINGS;
  if (more > 0) warn(file, `${more} more lines were left out`);
}

function readText(file: string): string {
  const path = userPath(file);
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw inputFailure(`${file}: expected at most ${MAX_BYTES} bytes of names; found ${size}.`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "exitCode" in error) throw error;
    throw inputFailure(`${file}: expected names, one a line; ${systemReason(error)}.`);
  }
}

/** "U+0007 in line 3" for the first one that no text has. */
function firstControl(text: string): string | undefined {
  let line = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) line++;
    if ((code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) {
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")} in line ${line}`;
    }
  }
  return undefined;
}
