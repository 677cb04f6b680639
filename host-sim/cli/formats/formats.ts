// The forms by name.

import { basename } from "node:path";
import { decodeLattice, type Spelling } from "../../../src/recognizer/lattice.ts";
import type { Transcript } from "../device/transcript.ts";
import { slfOf } from "../lattice/values.ts";
import { ctmOf } from "./ctm.ts";
import { srtOf } from "./srt.ts";
import { textGridOf } from "./textgrid.ts";

export interface Format {
  readonly extension: string;
  /** Many recordings may stand behind each other in one text. */
  readonly joins: boolean;
  write(transcript: Transcript, spell: Spelling): string;
}

function slfOfAll({ file, utterances }: Transcript, spell: Spelling): string {
  return utterances
    .flatMap(({ lattice }) => (lattice === null ? [] : [decodeLattice(Buffer.from(lattice.base64, "base64"))]))
    .map((lattice) => slfOf(basename(file), lattice, spell))
    .join("\n");
}

export const FORMATS: Readonly<Record<string, Format>> = {
  json: { extension: "json", joins: true, write: (transcript) => `${JSON.stringify(transcript)}\n` },
  ctm: { extension: "ctm", joins: true, write: ctmOf },
  textgrid: { extension: "TextGrid", joins: false, write: textGridOf },
  srt: { extension: "srt", joins: false, write: srtOf },
  slf: { extension: "slf", joins: false, write: slfOfAll },
};
