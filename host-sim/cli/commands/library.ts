// --library: a folder of music. In: a path. Out: its sound files by name, in the order of their names.

import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { isPieceName } from "../../../src/player/library.ts";
import { inputFailure, systemReason } from "../failure.ts";
import type { Option } from "../options.ts";
import { warn } from "../output.ts";
import { userPath } from "../user-path.ts";

export const LIBRARY_OPTION: Option = {
  name: "library",
  value: "FOLDER",
  help: "pieces of music (WAV, FLAC, Ogg Opus) to be asked for by the names of their files",
};

const MOST = 64;
const KINDS = [".wav", ".flac", ".opus", ".ogg"];

export interface NamedPiece {
  readonly name: string;
  readonly file: string;
  readonly path: string;
}

export async function libraryOf(folder: string): Promise<NamedPiece[]> {
  let files: string[];
  try {
    files = (await readdir(userPath(folder))).filter((file) => KINDS.includes(extname(file).toLowerCase())).sort();
  } catch (error) {
    throw inputFailure(`${folder}: expected a folder of music; ${systemReason(error)}.`);
  }
  const pieces: NamedPiece[] = [];
  for (const file of files) {
    const name = basename(file, extname(file))
      .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
      .slice(0, 64);
    if (!isPieceName(name) || name === "default" || pieces.some((piece) => piece.name === name)) {
      warn(join(folder, file), "has a name that can't be a piece's, or stands twice; it was left out");
    } else pieces.push({ name, file: join(folder, file), path: join(userPath(folder), file) });
  }
  if (pieces.length === 0) throw inputFailure(`${folder}: expected WAV, FLAC or Ogg Opus files; found none.`);
  if (pieces.length > MOST) throw inputFailure(`${folder}: expected at most ${MOST} pieces; found ${pieces.length}.`);
  return pieces;
}
