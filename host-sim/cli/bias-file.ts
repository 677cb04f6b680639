// A file of names for biasing: read, bounded and checked. In: a path. Out: the names, with a warning for each line that
// can't be used; a file that can't be a list of names is refused whole.

import { readFileSync, statSync } from "node:fs";
import { type BiasList, parseBiasList } from "../../src/catalog/bias-list";
import { inputFailure, systemReason } from "./failure.ts";
import { warn } from "./output.ts";
import { userPath } from "./user-path.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WARNINGS = 10;

export function readBiasFile(file: string): BiasList {
  const text = readText(file);
  const control = firstControl(text);
  if (control !== undefined)
    throw inputFailure(`${file}: expected names, one a line; found the control character ${control}.`);
  const list = parseBiasList(text);
  if (list.refused !== null) throw inputFailure(`${file}: ${list.refused}.`);
  for (const { line, reason } of list.problems.slice(0, MAX_WARNINGS))
    warn(file, `line ${line} ${reason} and was left out`);
  const more = list.problems.length - MAX_WARNINGS;
  if (more > 0) warn(file, `${more} more lines were left out`);
  if (list.names.length === 0) throw inputFailure(`${file}: expected names, one a line; found none that can be used.`);
  return list;
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
