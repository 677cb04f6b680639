// What every device of the commands has beside its options: the packaged voice, and where its settings are kept.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Arguments } from "../options.ts";
import { userPath } from "../user-path.ts";

/** Absent in a tree whose prompts were not made: then the speaker has no voice. */
export function promptsOf(root: string): string | undefined {
  const path = join(root, "models", "prompts", "english.prompts");
  return existsSync(path) ? path : undefined;
}

export function storageOf(args: Arguments): string | undefined {
  const file = args.text("storage");
  return file === undefined ? undefined : userPath(file);
}
