// understand: texts in, intents out, by the firmware's own understanding.

import type { Intent } from "../../../src/understanding/intent.ts";
import { understandAll } from "../device/understanding.ts";
import { EXIT_OK } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, readerGone } from "../output.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "understand",
  invocation: "npm run --silent understand --",
  summary: "Says what texts ask for: an intent and its slots.",
  operands: {
    name: "TEXT",
    least: 0,
    most: 1_000_000,
    help: "a request, as it is said or written; without one, lines of standard input",
  },
  options: [
    { name: "json", help: "one object a line, in order: text, intent with name, slots and confidence" },
    { name: "file", value: "FILE", help: "this packed file in place of the released one" },
  ],
  notes: [
    "What is not for the device, or no request at all, has the intent none. Intents and slots: docs/intents.md. Exit code 0 whatever the texts are.",
  ],
};

const DECIMALS = 1000;

async function* textsOf(args: Arguments): AsyncGenerator<string> {
  if (args.operands.length > 0) {
    yield* args.operands;
    return;
  }
  // Lines end with LF alone: a text may hold what readline takes for a line end.
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
}

const rounded = (confidence: number): number => Math.round(confidence * DECIMALS) / DECIMALS;

function readable(text: string, { name, slots, confidence, complete }: Intent): string {
  const values = Object.entries(slots).map(([slot, words]) => `${slot}: ${words}`);
  const more = complete ? "" : "  (more must follow)";
  return `${text}\n    ${name} ${rounded(confidence)}${values.length > 0 ? `  ${values.join(" · ")}` : ""}${more}\n`;
}

export async function run(args: Arguments, root: string): Promise<number> {
  void readerGone().then(() => process.exit(EXIT_OK));
  const json = args.flag("json");
  const file = args.text("file");
  const sent: string[] = [];
  async function* noted(): AsyncGenerator<string> {
    for await (const text of textsOf(args)) {
      sent.push(text);
      yield text;
    }
  }
  const models = file === undefined ? {} : { words: userPath(file) };
  for await (const { intent } of understandAll(root, noted(), models)) {
    const text = sent.shift() as string;
    const { name, slots, confidence } = intent;
    const record = { text, intent: { name, slots, confidence: rounded(confidence) } };
    await print(json ? `${JSON.stringify(record)}\n` : readable(text, intent));
  }
  return EXIT_OK;
}
