// report:understanding: how often requests are understood, refused and lost; as text, and as a page.

import { resolve } from "node:path";
import { type Understood, understandAll } from "../device/understanding.ts";
import { EXIT_OK, inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";
import { AsideFile } from "../session/aside-file.ts";
import {
  calibrationError,
  confusions,
  type Figures,
  figuresOf,
  type Judged,
  slotF1,
  wholeRight,
} from "../understanding/figures.ts";
import { grammarLines, type Line, realLines, spokenLines } from "../understanding/lines.ts";
import { type Point, pageOf, type Table } from "../understanding/page.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "report-understanding",
  invocation: "npm run --silent report:understanding --",
  summary: "How often requests are understood, refused and lost: real people's, our grammar's, spoken orders.",
  options: [
    { name: "split", value: "NAME", help: "dev or test (the default): of every source" },
    {
      name: "requests",
      value: "FILE",
      help: "lines of our grammar: `python3 -m earshot_training corpus --output FILE`",
    },
    {
      name: "transcripts",
      value: "FILE",
      help: "records of `transcribe --json` of the data folder's coffee recordings",
    },
    { name: "file", value: "FILE", help: "this packed file in place of the released one" },
    { name: "report", value: "OUT.html", help: "one self-contained page, with the trade-off curve" },
  ],
  notes: ["Reads EARSHOT_DATA (../shared/data)."],
};

const MIPS = 250_000;
const CURVE = 121;
const CURVE_REACH = 6;

async function judge(root: string, lines: readonly Line[], words: string | undefined): Promise<Judged[]> {
  async function* items(): AsyncGenerator<string | Uint8Array> {
    for (const { item } of lines) yield item;
  }
  const judged: Judged[] = [];
  for await (const found of understandAll(root, items(), words === undefined ? {} : { words })) {
    judged.push({ line: lines[judged.length] as Line, found });
  }
  return judged;
}

const tenths = (value: number): string => (Number.isNaN(value) ? "–" : value.toFixed(1));
const HEAD = [
  "",
  "covered",
  "right",
  "mean of intents",
  "refused",
  "others",
  "others refused",
  "… or a question",
  "questions",
];

function rowOf(name: string, figures: Figures): string[] {
  const { ours, right, macro, lost, others, refused, keptOut, questions } = figures;
  return [
    name,
    `${ours}`,
    tenths(right),
    tenths(macro),
    tenths(lost),
    `${others}`,
    tenths(refused),
    tenths(keptOut),
    tenths(questions),
  ];
}

function realTables(rows: readonly Judged[]): Table[] {
  const sets = [...new Set(rows.map(({ line }) => line.set))].sort();
  const own = (set: string): Judged[] => rows.filter(({ line }) => line.set === set);
  return [
    {
      title: "Real people's requests",
      note: "Percent. Partly mapped kinds are left out of the others. A corpus with few lines says little.",
      head: HEAD,
      rows: [rowOf("all", figuresOf(rows)), ...sets.map((set) => rowOf(set, figuresOf(own(set))))],
    },
    {
      title: "What is confused most",
      head: ["right → given", "lines"],
      rows: confusions(rows, 20).map(([pair, count]) => [pair, `${count}`]),
    },
  ];
}

function curveOf(rows: readonly Judged[]): Point[] {
  return Array.from({ length: CURVE }, (_, i) => {
    const more = CURVE_REACH * ((2 * i) / (CURVE - 1) - 1);
    const { lost, keptOut } = figuresOf(rows, more);
    return { lost, kept: keptOut, here: more === 0 };
  });
}

const milliseconds = (found: readonly Understood[]): string => {
  const all = found.map(({ instructions }) => instructions / MIPS).sort((a, b) => a - b);
  const mean = all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
  return `${mean.toFixed(2)} / ${(all[Math.floor(0.95 * all.length)] ?? 0).toFixed(2)} / ${(all.at(-1) ?? 0).toFixed(2)}`;
};

function otherTable(sources: readonly (readonly [string, readonly Judged[]])[]): Table {
  return {
    title: "Intents, slots, work",
    note: "Percent; device time at 250 MIPS by counted work: mean, 95 of 100, longest, in ms.",
    head: ["", "lines", "intent right", "slot F1", "intent and every slot", "calibration error", "ms"],
    rows: sources.map(([name, rows]) => {
      const right = (100 * rows.filter(({ line, found }) => found.intent.name === line.intent).length) / rows.length;
      const withSlots = rows.some(({ line }) => line.slots !== undefined);
      return [
        name,
        `${rows.length}`,
        tenths(right),
        withSlots ? tenths(slotF1(rows)) : "–",
        withSlots ? tenths(wholeRight(rows)) : "–",
        calibrationError(rows).toFixed(3),
        milliseconds(rows.map(({ found }) => found)),
      ];
    }),
  };
}

async function printTable({ title, head, rows }: Table): Promise<void> {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join("  ");
  await print(`${title}\n${all.map(line).join("\n")}\n\n`);
}

export async function run(args: Arguments, root: string): Promise<number> {
  const data = resolve(root, process.env.EARSHOT_DATA ?? "../shared/data");
  const split = args.text("split") ?? "test";
  if (split !== "dev" && split !== "test")
    throw inputFailure(`--split: expected dev or test; found ${JSON.stringify(split)}.`);
  const file = args.text("file");
  const words = file === undefined ? undefined : userPath(file);
  const [requests, transcripts, report] = [args.text("requests"), args.text("transcripts"), args.text("report")];
  const real = await judge(root, realLines(data, split), words);
  if (real.length === 0) say(`real people's requests were not found in ${data} (EARSHOT_DATA): they are left out.`);
  const sources: [string, readonly Judged[]][] = real.length > 0 ? [["real people's requests", real]] : [];
  if (requests !== undefined) {
    const made = await judge(root, grammarLines(userPath(requests), split), words);
    sources.push(["held-out phrasings of our grammar", made]);
  }
  if (transcripts !== undefined) {
    const { lattices, texts } = spokenLines(data, userPath(transcripts));
    sources.push(["spoken orders, lattice", await judge(root, lattices, words)]);
    sources.push(["spoken orders, first hypothesis", await judge(root, texts, words)]);
  }
  const tables = [...(real.length > 0 ? realTables(real) : []), otherTable(sources)];
  for (const table of tables) await printTable(table);
  if (report !== undefined) {
    const out = await AsideFile.open(report);
    const intro = `Lines of the ${split} split. Made by npm run report:understanding.`;
    await out.write(Buffer.from(pageOf(intro, tables, real.length > 0 ? curveOf(real) : [])));
    await out.commit();
  }
  return EXIT_OK;
}
