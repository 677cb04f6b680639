// Lines with known intents: real people's requests of the data folder, requests of our grammar, spoken orders as
// transcript records. In: paths. Out: items for the scorer, each with what is right.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

export interface Line {
  readonly item: string | Uint8Array;
  readonly set: string;
  /** Our intent, or none. */
  readonly intent: string;
  /** A kind that holds requests of ours, too: left out where refusing is measured. */
  readonly partly: boolean;
  readonly slots?: Readonly<Record<string, string>>;
}

/** data/text/README.md, "How far to trust the labels". */
const PARTLY = new Set(
  (
    "volume play_music play_radio play_podcasts play_audiobook datetime_query lists_createoradd lists_remove " +
    "shopping_list_update todo_list_update AddToDo DeleteToDo smart_home HassTurnOn HassTurnOff iot_hue_lighton " +
    "iot_wemo_on iot_wemo_off general_commandstop timer alarm next_song player_pause"
  ).split(" "),
);

interface Row {
  readonly text: string;
  readonly intent: string;
  readonly set?: string;
  readonly split: string;
  readonly slots?: Readonly<Record<string, string>>;
}

const rowsOf = (text: string): Row[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);

const OTHER = "other:";

export function realLines(data: string, split: string): Line[] {
  const folder = join(data, "text");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .sort()
    .flatMap((name) => rowsOf(gunzipSync(readFileSync(join(folder, name))).toString("utf8")))
    .filter((row) => row.split === split && row.intent !== "unlabelled")
    .map(({ text, intent, set }) => {
      const other = intent.startsWith(OTHER);
      return {
        item: text,
        set: set ?? "",
        intent: other ? "none" : intent,
        partly: other && PARTLY.has(intent.slice(OTHER.length)),
      };
    });
}

/** The request corpus that `python -m earshot_training corpus` writes. */
export function grammarLines(path: string, split: string): Line[] {
  return rowsOf(readFileSync(path, "utf8"))
    .filter((row) => row.split === split)
    .map(({ text, intent, slots }) => ({ item: text, set: "our grammar", intent, partly: false, slots: slots ?? {} }));
}

interface Record_ {
  readonly file: string;
  readonly text?: string;
  readonly lattice?: { readonly base64: string } | null;
}

/** Spoken orders by the records of `transcribe --json`: their lattices, and their first hypotheses. */
export function spokenLines(data: string, path: string): { lattices: Line[]; texts: Line[] } {
  const known = new Map(
    rowsOf(readFileSync(join(data, "coffee.jsonl"), "utf8")).map((row) => [(row as Row & { id: string }).id, row]),
  );
  const lattices: Line[] = [];
  const texts: Line[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "") continue;
    const { file, text, lattice } = JSON.parse(line) as Record_;
    const row = known.get(basename(file).replace(/\.[^.]*$/, ""));
    if (row === undefined) continue;
    const { intent, slots = {} } = row;
    const item = lattice ? Buffer.from(lattice.base64, "base64") : "";
    lattices.push({ item, set: "spoken orders", intent, partly: false, slots });
    texts.push({ item: text ?? "", set: "spoken orders", intent, partly: false, slots });
  }
  return { lattices, texts };
}
