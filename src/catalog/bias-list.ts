// A list of names for biasing: one name a line, with an optional class and weight, parted by tabs. A line that can't be
// used is named with its number and the reason; the other lines are used. A text that can't be a list of names is
// refused whole.

import { fold } from "./fold";

/** A name as somebody gives it. */
export interface BiasEntry {
  readonly name: string;
  /** The class in which it is active; without one, everywhere. */
  readonly class?: string | null;
  /** Factor on the strength of biasing; 1 when absent. */
  readonly weight?: number;
}

export interface BiasName {
  /** As the owner writes it. */
  readonly name: string;
  /** As it is compared and spelled: see fold.ts. */
  readonly folded: string;
  /** The class in which it is active; null: everywhere. */
  readonly class: string | null;
  /** Factor on the strength of biasing; 1 where the line says nothing. */
  readonly weight: number;
  /** From 1. */
  readonly line: number;
}

export interface BiasProblem {
  readonly line: number;
  readonly reason: string;
}

export interface BiasList {
  readonly names: readonly BiasName[];
  readonly problems: readonly BiasProblem[];
  /** Why the whole text was refused: then there are no names. */
  readonly refused: string | null;
}

/** The device's memory for biasing holds this many. */
export const MAX_NAMES = 1000;
/** Letters and spaces of a folded name. */
export const MAX_NAME_LENGTH = 64;
export const MAX_WEIGHT = 10;

const MAX_CLASS_LENGTH = 32;
const MAX_FIELD_LENGTH = 1000;

export function parseBiasList(text: string): BiasList {
  const lines = splitLines(text.startsWith("\ufeff") ? text.slice(1) : text);
  const names: BiasName[] = [];
  const problems: BiasProblem[] = [];
  const seen = new Set<string>();
  let over = 0;
  let firstOver = 0;
  lines.forEach((content, index) => {
    const line = index + 1;
    if (content.trim() === "") return;
    const parsed = parseLine(content, line);
    if (typeof parsed === "string") problems.push({ line, reason: parsed });
    else if (seen.has(keyOf(parsed))) return;
    else if (names.length === MAX_NAMES) {
      over++;
      firstOver ||= line;
    } else {
      seen.add(keyOf(parsed));
      names.push(parsed);
    }
  });
  if (over > 0) problems.push({ line: firstOver, reason: overReason(over) });
  if (names.length === 0 && problems.length === 0) return refusal("expected names, one a line; found none");
  return { names, problems, refused: null };
}

function overReason(over: number): string {
  const more = over === 1 ? "" : `, the first of ${over} names beyond that,`;
  return `comes after the ${MAX_NAMES} names that the device holds${more}`;
}

/** Two lines that fold alike in one class are one name. */
function keyOf(name: BiasName): string {
  return `${name.class ?? ""}\t${name.folded}`;
}

function refusal(refused: string): BiasList {
  return { names: [], problems: [], refused };
}

/** LF, CRLF and CR each end a line; an end at the end of the text opens no further line. */
function splitLines(text: string): string[] {
  const lines = text.split("\r\n").join("\n").split("\r").join("\n").split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines;
}

/** The name of a line, or why it can't be used. */
function parseLine(content: string, line: number): BiasName | string {
  if (content.length > MAX_FIELD_LENGTH) return `is ${content.length} characters long`;
  const control = controlCharacter(content);
  if (control !== undefined) return `holds the control character ${control}`;
  const fields = content.split("\t").map((field) => field.trim());
  if (fields.length > 3) return `has ${fields.length} fields; expected a name, a class and a weight`;
  const [name = "", className = "", weightText = ""] = fields;
  const weight = weightText === "" ? 1 : parseWeight(weightText);
  if (weight === undefined) return `has a weight that is not a number from 0 to ${MAX_WEIGHT}`;
  const checked = checkEntry({ name, class: className, weight });
  return typeof checked === "string" ? checked : { ...checked, line };
}

/** A name as it may be given to the recogniser, or why it can't be: a clause that follows its name. */
export function checkEntry({ name, class: className, weight = 1 }: BiasEntry): Omit<BiasName, "line"> | string {
  const { text: folded, unspelled } = fold(name);
  if (unspelled !== undefined) return unspelledReason(unspelled);
  if (folded === "") return "holds no letters";
  if (folded.length > MAX_NAME_LENGTH) return `has ${folded.length} letters, more than ${MAX_NAME_LENGTH}`;
  if (!isClass(className ?? "")) return "has a class that is not letters, digits, - and _";
  if (!(weight >= 0 && weight <= MAX_WEIGHT)) return `has a weight that is not a number from 0 to ${MAX_WEIGHT}`;
  return { name, folded, class: className ? className.toLowerCase() : null, weight };
}

function unspelledReason(char: string): string {
  if (char === "\ufffd") return "holds bytes that are not UTF-8 text";
  return `has ${JSON.stringify(char)}, for which the model has no letters`;
}

/** "U+0007" for the first control character but tab, or undefined. */
function controlCharacter(text: string): string | undefined {
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if ((code < 0x20 && code !== 9) || (code >= 0x7f && code < 0xa0)) {
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    }
  }
  return undefined;
}

/** Empty, or a short word of letters, digits, - and _. */
function isClass(text: string): boolean {
  if (text.length > MAX_CLASS_LENGTH) return false;
  for (const char of text.toLowerCase()) {
    const letter = (char >= "a" && char <= "z") || (char >= "0" && char <= "9");
    if (!letter && char !== "-" && char !== "_") return false;
  }
  return true;
}

/** Digits with at most one decimal point; no sign, no exponent. */
function parseWeight(text: string): number | undefined {
  const parts = text.split(".");
  if (text.length > 8 || parts.length > 2) return undefined;
  for (const part of parts) {
    if (part === "") return undefined;
    for (const char of part) if (char < "0" || char > "9") return undefined;
  }
  const weight = Number(text);
  return weight <= MAX_WEIGHT ? weight : undefined;
}
