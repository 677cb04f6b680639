// The console's line editor where standard input is a terminal: earlier lines by the arrow keys, completion by Tab. In:
// keys. Out: whole lines for the firmware's console, a prompt after each reply.

import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { Command } from "../../../src/console/command.ts";
import { COMMANDS } from "../../../src/console/commands/index.ts";

export interface Terminal {
  readonly lines: NodeJS.ReadableStream;
  /** After something was printed. */
  prompt(): void;
}

const HISTORY = 200;

export function openTerminal(): Terminal {
  const lines = new PassThrough();
  const editor = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: "> ",
    historySize: HISTORY,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(line, COMMANDS),
  });
  editor.on("line", (line) => (line.trim() === "" ? editor.prompt() : lines.write(`${line}\n`)));
  editor.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  editor.on("close", () => lines.end());
  lines.on("close", () => editor.close());
  editor.prompt();
  return { lines, prompt: () => editor.prompt() };
}

/** What may follow, and the part of the line that it replaces. A command's own words are those of its usage. */
export function completions(line: string, commands: readonly Command[]): [string[], string] {
  const words = line.trimStart().split(" ");
  const last = words[words.length - 1] ?? "";
  const [name = ""] = words;
  const names = commands.map((command) => command.name);
  const command = commands.find((candidate) => candidate.name === name.toLowerCase());
  const own = name === "help" ? names : (command?.usage ?? "").split(/[^a-z]+/).filter((word) => word !== "");
  const candidates = words.length === 1 ? names : words.length === 2 ? own : [];
  return [
    [...new Set(candidates)].filter((word) => word.startsWith(last.toLowerCase())).map((word) => `${word} `),
    last,
  ];
}
