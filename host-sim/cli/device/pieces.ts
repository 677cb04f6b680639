// The word pieces of a packed model (models/FORMAT.md, section 6). In: the path of a model that the firmware has taken.
// Out: the text of each piece. Read once, at the first piece that is asked for.

import { readFileSync } from "node:fs";
import type { Spelling } from "../../../src/recognizer/lattice.ts";

const HEADER = 32;
const ENTRY = 16;
const KIND_CONFIG = 1;
const KIND_PIECES = 6;
const VOCABULARY_AT = 12;
const ALIGNMENT = 64;

function section(file: Buffer, kind: number): Buffer {
  const count = file.readUInt32LE(16);
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * ENTRY;
    if (file.readUInt16LE(at) === kind)
      return file.subarray(file.readUInt32LE(at + 4), file.readUInt32LE(at + 4) + file.readUInt32LE(at + 8));
  }
  throw new Error(`the model has no section of kind ${kind}`);
}

export function readPieces(file: Buffer): string[] {
  const vocabulary = section(file, KIND_CONFIG).readUInt16LE(VOCABULARY_AT);
  const pieces = section(file, KIND_PIECES);
  const text = pieces.subarray(Math.ceil((2 * (vocabulary + 2)) / ALIGNMENT) * ALIGNMENT);
  return Array.from({ length: vocabulary + 1 }, (_, label) =>
    text.toString("utf8", pieces.readUInt16LE(2 * label), pieces.readUInt16LE(2 * label + 2)),
  );
}

export function spellingOf(model: string): Spelling {
  let pieces: string[] | undefined;
  return (piece) => {
    pieces ??= readPieces(readFileSync(model));
    return pieces[piece] ?? "";
  };
}
