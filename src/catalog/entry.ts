// One name of the catalogue: what it is, how its owner writes it, how it is compared, and what belongs to it. In the
// store each is one line of fields parted by tabs; a record that somebody imports is checked here, whatever its form.

import { fold } from "./fold";

export const CLASSES = ["contact", "device", "room", "playlist"] as const;
export type CatalogClass = (typeof CLASSES)[number];

export const DEVICE_KINDS = ["light", "switch", "fan", "climate", "cover", "lock"] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

export interface CatalogEntry {
  readonly class: CatalogClass;
  /** As the owner writes it. */
  readonly name: string;
  /** As it is compared, spelled and spoken: see fold.ts. */
  readonly folded: string;
  /** device: folded name of its room, or empty. contact: number or address, or empty. playlist: pieces, parted by
   *  spaces. room: empty. */
  readonly detail: string;
  /** Of a device; else "switch". */
  readonly kind: DeviceKind;
}

/** A record as somebody wrote it, in any of the forms of import.ts. */
export interface CatalogRecord {
  readonly class: string;
  readonly name: string;
  readonly detail?: string;
  readonly kind?: string;
}

export const MAX_NAME_LENGTH = 64;
const MAX_DETAIL_LENGTH = 96;
const DIGITS = "zero one two three four five six seven eight nine".split(" ");

/** The entry of a record, or why it can't be one: a clause that follows its name. */
export function entryOf(record: CatalogRecord): CatalogEntry | string {
  const kindOfEntry = CLASSES.find((candidate) => candidate === record.class);
  if (kindOfEntry === undefined) return `has the class ${short(record.class)}; expected ${CLASSES.join(", ")}`;
  const name = record.name.trim();
  if (name.length > MAX_NAME_LENGTH) return `has ${name.length} letters, more than ${MAX_NAME_LENGTH}`;
  const bad = unprintable(name);
  if (bad !== undefined) return bad;
  const { text: folded, unspelled } = foldName(name);
  if (unspelled !== undefined) return `has ${JSON.stringify(unspelled)}, for which there are no letters`;
  if (folded === "") return "holds no letters";
  if (folded.length > MAX_NAME_LENGTH) return `has ${folded.length} letters, more than ${MAX_NAME_LENGTH}`;
  const detail = detailOf(kindOfEntry, (record.detail ?? "").trim());
  if (typeof detail !== "string") return detail.reason;
  const kind = kindOf(kindOfEntry, record.kind, folded);
  if (kind === undefined) return `has the kind ${short(record.kind ?? "")}; expected ${DEVICE_KINDS.join(", ")}`;
  return { class: kindOfEntry, name, folded, detail, kind };
}

/** A name with its digits as words: people say "lamp two". */
export function foldName(name: string) {
  let spelled = "";
  for (const char of name) spelled += char >= "0" && char <= "9" ? ` ${DIGITS[Number(char)]} ` : char;
  return fold(spelled);
}

function detailOf(entryClass: CatalogClass, text: string): string | { reason: string } {
  if (text.length > MAX_DETAIL_LENGTH) {
    return { reason: `has ${text.length} letters beside its name, more than ${MAX_DETAIL_LENGTH}` };
  }
  const bad = unprintable(text);
  if (bad !== undefined) return { reason: bad };
  if (entryClass === "room") return "";
  return entryClass === "device" ? foldName(text).text : text;
}

/** What a device is, by its own word where nobody said it. */
function kindOf(entryClass: CatalogClass, given: string | undefined, folded: string): DeviceKind | undefined {
  if (entryClass !== "device") return "switch";
  if (given !== undefined && given !== "") return DEVICE_KINDS.find((candidate) => candidate === given);
  return kindOfWords(folded) ?? "switch";
}

const KIND_WORDS: readonly (readonly [DeviceKind, string])[] = [
  ["light", "light lights lamp lamps chandelier spot spots lantern bulb"],
  ["fan", "fan fans ventilator"],
  ["climate", "heater heating heat thermostat radiator climate conditioner conditioning temperature"],
  ["cover", "blind blinds curtain curtains shutter shutters gate window awning"],
  ["lock", "door lock"],
];

/** By the last word of a device's name. */
export function kindOfWords(folded: string): DeviceKind | undefined {
  const last = folded.slice(folded.lastIndexOf(" ") + 1);
  if (folded.endsWith("garage door")) return "cover";
  return KIND_WORDS.find(([, words]) => ` ${words} `.includes(` ${last} `))?.[0];
}

function unprintable(text: string): string | undefined {
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code === 0xfffd || (code >= 0xd800 && code <= 0xdfff)) return "holds bytes that are not UTF-8 text";
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return `holds the control character ${code}`;
  }
  return undefined;
}

function short(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text);
}

/** The line that is stored. No field can hold a tab or a line end. */
export function entryLine({ class: entryClass, name, folded, detail, kind }: CatalogEntry): string {
  return `${entryClass}\t${folded}\t${name === folded ? "" : name}\t${detail}\t${entryClass === "device" ? kind : ""}`;
}

/** undefined when the line is none that entryLine writes. */
export function parseEntryLine(line: string): CatalogEntry | undefined {
  const [classText, folded, name, detail, kindText, ...more] = line.split("\t");
  const entryClass = CLASSES.find((candidate) => candidate === classText);
  if (entryClass === undefined || folded === undefined || name === undefined || detail === undefined) return undefined;
  if (!isFolded(folded) || more.length > 0) return undefined;
  const kind = kindText === "" ? "switch" : DEVICE_KINDS.find((candidate) => candidate === kindText);
  return kind === undefined ? undefined : { class: entryClass, name: name || folded, folded, detail, kind };
}

/** Letters and apostrophes in words parted by single spaces, each with a letter; cheaper than folding anew. */
function isFolded(text: string): boolean {
  let letters = 0;
  for (const char of text) {
    if (char === " ") {
      if (letters === 0) return false;
      letters = 0;
    } else if (char >= "a" && char <= "z") letters++;
    else if (char !== "'") return false;
  }
  return letters > 0;
}
