// --catalog: a file of the user's names (JSON, CSV, vCard). In: a path. Out: console lines that give them to the device,
// in a file that is removed after the run; a sentence for each name that can't be used.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_ENTRIES } from "../../../src/catalog/catalog.ts";
import { type CatalogEntry, entryOf } from "../../../src/catalog/entry.ts";
import { importText } from "../../../src/catalog/import.ts";
import { inputFailure, systemReason } from "../failure.ts";
import type { Option } from "../options.ts";
import { warn } from "../output.ts";
import { userPath } from "../user-path.ts";

export const CATALOG_OPTION: Option = {
  name: "catalog",
  value: "FILE",
  help: "names of people, devices, rooms and playlists: JSON, CSV (class,name,room or number,kind) or vCard",
};

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_WARNINGS = 10;
const COMMANDS = { contact: "contacts", device: "home", room: "rooms", playlist: "playlists" } as const;

export interface Startup {
  readonly path: string;
  remove(): Promise<void>;
}

export async function startupOf(file: string): Promise<Startup> {
  const entries = entriesOf(file, await textOf(file));
  const folder = await mkdtemp(join(tmpdir(), "earshot-catalog-"));
  const path = join(folder, "startup");
  await writeFile(path, entries.map((entry) => `${lineOf(entry)}\n`).join(""));
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** One record of CSV, quoted, so that every name comes through as it is written. */
function lineOf({ class: entryClass, name, detail, kind }: CatalogEntry): string {
  const fields = [entryClass, name, detail, entryClass === "device" ? kind : ""];
  return `${COMMANDS[entryClass]} import ${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")}`;
}

async function textOf(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(userPath(file));
  } catch (error) {
    throw inputFailure(`${file}: expected a file of names; ${systemReason(error)}.`);
  }
  if (bytes.length > MAX_BYTES) {
    throw inputFailure(`${file}: expected at most ${MAX_BYTES} bytes of names; found ${bytes.length}.`);
  }
  return bytes.toString("utf8");
}

/** Those that can be used; each other one is named. */
function entriesOf(file: string, text: string): CatalogEntry[] {
  const { records, refused } = importText(text);
  if (refused !== null) throw inputFailure(`${file}: ${refused}.`);
  const entries: CatalogEntry[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { place, ...record } of records) {
    const entry = entryOf(record);
    const key = JSON.stringify(entry);
    if (typeof entry === "string") problems.push(`${place}: ${JSON.stringify(record.name.slice(0, 40))} ${entry}`);
    else if (entries.length === MAX_ENTRIES) problems.push(`${place}: more than ${MAX_ENTRIES} names`);
    else if (!seen.has(key)) entries.push(entry);
    seen.add(key);
  }
  for (const problem of problems.slice(0, MAX_WARNINGS)) warn(file, `${problem}; it was left out`);
  if (problems.length > MAX_WARNINGS) warn(file, `${problems.length - MAX_WARNINGS} more were left out`);
  if (entries.length === 0) throw inputFailure(`${file}: expected names; found none that can be used.`);
  return entries;
}
