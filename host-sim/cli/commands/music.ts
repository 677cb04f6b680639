// The options about music, the same in every command that plays some.

import { join } from "node:path";
import { inputFailure } from "../failure.ts";
import type { Arguments, Option } from "../options.ts";
import { userPath } from "../user-path.ts";

export const MUSIC_OPTIONS: readonly Option[] = [
  { name: "music", value: "FILE", help: "play this piece (WAV, FLAC or Ogg Opus) in place of the packaged one" },
  { name: "no-music", help: "play nothing" },
];

export function musicOf(args: Arguments, root: string): { file: string; path: string } | undefined {
  const file = args.text("music");
  if (args.flag("no-music")) {
    if (file !== undefined) throw inputFailure("expected --music or --no-music; found both.");
    return undefined;
  }
  if (file !== undefined) return { file, path: userPath(file) };
  const packaged = join(root, "host-sim", "demo", "music.opus");
  return { file: packaged, path: packaged };
}
