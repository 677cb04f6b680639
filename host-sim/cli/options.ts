// Options of the commands. In: a command's description and its arguments. Out: values and operands, or one sentence.
// The help text is made of the same description.

import { inputFailure } from "./failure.ts";

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  /** What stands for the value in the help; absent = a flag. */
  readonly value?: string;
  /** The value may be left out, and then only --name=value gives one. */
  readonly optional?: boolean;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  /** As the user types it, before the options: "npm run --silent sim --". */
  readonly invocation: string;
  readonly summary: string;
  readonly operands?: { readonly name: string; readonly least: number; readonly most: number; readonly help: string };
  readonly options: readonly Option[];
  /** More paragraphs of the help. */
  readonly notes?: readonly string[];
}

export class Arguments {
  constructor(
    readonly values: ReadonlyMap<string, string | true>,
    readonly operands: readonly string[],
  ) {}

  flag(name: string): boolean {
    return this.values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === "string" ? value : undefined;
  }

  number(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw inputFailure(`--${name}: expected a number from ${least} to ${most}; found ${JSON.stringify(text)}.`);
    }
    return value;
  }
}

export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const values = new Map<string, string | true>();
  const operands: string[] = [];
  let onlyOperands = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (onlyOperands || !arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      continue;
    }
    if (arg === "--") {
      onlyOperands = true;
      continue;
    }
    const { option, attached } = findOption(command, arg);
    if (values.has(option.name)) throw inputFailure(`--${option.name} is given twice.`);
    if (option.value === undefined) {
      if (attached !== undefined)
        throw inputFailure(`--${option.name} takes no value; found ${JSON.stringify(attached)}.`);
      values.set(option.name, true);
    } else if (attached !== undefined || option.optional) values.set(option.name, attached ?? true);
    else {
      const value = args[++i];
      if (value === undefined) throw inputFailure(`--${option.name} needs a value: ${option.value}.`);
      values.set(option.name, value);
    }
  }
  checkCount(command, operands);
  return new Arguments(values, operands);
}

function findOption(command: Command, arg: string): { option: Option; attached: string | undefined } {
  const equals = arg.indexOf("=");
  const name = (equals < 0 ? arg : arg.slice(0, equals)).replace(/^--/, "");
  const option = command.options.find((candidate) => candidate.name === name);
  if (option === undefined)
    throw inputFailure(`there is no option ${arg}; ${command.invocation} --help shows what there is.`);
  return { option, attached: equals < 0 ? undefined : arg.slice(equals + 1) };
}

function checkCount(command: Command, operands: readonly string[]): void {
  const { least, most, name } = command.operands ?? { least: 0, most: 0, name: "" };
  if (operands.length < least)
    throw inputFailure(`expected ${least === 1 ? "at least one " : `${least} × `}${name}; found none.`);
  if (operands.length > most) {
    const wanted = most === 0 ? "no file" : `at most ${most} × ${name}`;
    throw inputFailure(`expected ${wanted}; found ${JSON.stringify(operands[most])} too.`);
  }
}

const HELP_WIDTH = 96;

export function helpText(command: Command): string {
  const { operands } = command;
  const names = command.options.map(label);
  const width = Math.max(...names.map((name) => name.length), operands?.name.length ?? 0, 6) + 2;
  const row = (name: string, text: string): string =>
    wrap(text, HELP_WIDTH - width - 2)
      .map((line, i) => `  ${(i === 0 ? name : "").padEnd(width)}${line}`)
      .join("\n");
  const operand =
    operands === undefined
      ? ""
      : ` ${operands.least === 0 ? `[${operands.name}]` : operands.name}${operands.most > 1 ? "…" : ""}`;
  const lines = [...wrap(command.summary, HELP_WIDTH), "", `  ${command.invocation} [options]${operand}`, ""];
  if (operands !== undefined) lines.push(row(operands.name, operands.help));
  command.options.forEach((option, i) => {
    lines.push(row(names[i] as string, option.help));
  });
  lines.push(row("--help", "this page"));
  for (const note of command.notes ?? []) lines.push("", ...wrap(note, HELP_WIDTH));
  return `${lines.join("\n")}\n`;
}

function label(option: Option): string {
  if (option.value === undefined) return `--${option.name}`;
  return option.optional ? `--${option.name}[=${option.value}]` : `--${option.name} ${option.value}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
