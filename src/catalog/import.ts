// Names from files that other programs write: JSON, CSV, vCard. In: text. Out: records to be checked one by one, each
// with the place it came from; or why the whole text can't be used. Pure: the command line uses it for files, the console
// for single records.

import type { CatalogRecord } from "./entry";
import { type JsonText, parseJson } from "./json-text";

export type ImportForm = "json" | "csv" | "vcard";

export interface ImportedRecord extends CatalogRecord {
  /** "line 3" or "entry 3", for sentences. */
  readonly place: string;
}

export interface Import {
  readonly records: readonly ImportedRecord[];
  /** Why the whole text was refused: then there are no records. */
  readonly refused: string | null;
}

/** More than this is somebody's whole company: refused before it is read entry by entry. */
export const MAX_RECORDS = 10_000;
const MAX_LETTERS = 4_000_000;

const refusal = (refused: string): Import => ({ records: [], refused });

/** The form of a file by its content. */
export function formOf(text: string): ImportForm {
  const head = withoutMark(text).trimStart();
  if (head.startsWith("[") || head.startsWith("{")) return "json";
  return head.slice(0, 11).toUpperCase() === "BEGIN:VCARD" ? "vcard" : "csv";
}

export function importText(text: string, form: ImportForm = formOf(text)): Import {
  if (text.length > MAX_LETTERS) return refusal(`expected at most ${MAX_LETTERS} letters; found ${text.length}`);
  const clean = withoutMark(text);
  const found = form === "json" ? fromJson(clean) : form === "vcard" ? fromVcard(clean) : fromCsv(clean);
  if (found.refused !== null) return found;
  if (found.records.length === 0) return refusal("expected names; found none");
  if (found.records.length > MAX_RECORDS) {
    return refusal(`expected at most ${MAX_RECORDS} entries; found ${found.records.length}`);
  }
  return found;
}

const withoutMark = (text: string): string => (text.startsWith("\ufeff") ? text.slice(1) : text);

const textOf = (value: JsonText | undefined): string =>
  typeof value === "string"
    ? value
    : Array.isArray(value)
      ? value.filter((item) => typeof item === "string").join(" ")
      : "";

/** An array of objects {class, name, room | number | pieces, kind}, or an object of arrays by class in the plural. */
function fromJson(text: string): Import {
  const value = parseJson(text);
  if (value === undefined) return refusal("expected JSON; it is not well-formed");
  if (Array.isArray(value)) {
    return { records: value.map((item, i) => jsonRecord(item, "contact", `entry ${i + 1}`)), refused: null };
  }
  if (!(value instanceof Map)) return refusal("expected a list of names; found none");
  if (value.has("name")) return { records: [jsonRecord(value, "contact", "entry 1")], refused: null };
  const records: ImportedRecord[] = [];
  for (const [key, list] of value) {
    if (!Array.isArray(list)) return refusal(`expected lists of names by class; ${JSON.stringify(key)} is none`);
    const entryClass = key.endsWith("s") ? key.slice(0, -1) : key;
    list.forEach((item, i) => {
      records.push(jsonRecord(item, entryClass, `${key} ${i + 1}`));
    });
  }
  return { records, refused: null };
}

function jsonRecord(item: JsonText, entryClass: string, place: string): ImportedRecord {
  if (typeof item === "string") return { class: entryClass, name: item, place };
  if (!(item instanceof Map)) return { class: entryClass, name: "", place };
  const first = (...keys: string[]): string => textOf(keys.map((key) => item.get(key)).find((value) => value != null));
  return {
    class: first("class") || entryClass,
    name: first("name"),
    detail: first("detail", "room", "number", "phone", "pieces"),
    kind: first("kind", "type"),
    place,
  };
}

/** A row a name: class,name,detail,kind. A first row that names the columns sets their order; a row of one field is a
 *  contact. RFC 4180: fields in double quotes may hold commas, quotes doubled, and line ends. */
function fromCsv(text: string): Import {
  const rows = csvRows(text);
  if (typeof rows === "string") return refusal(rows);
  const columns = columnsOf(rows[0]?.fields ?? []);
  const records = rows.slice(columns.named ? 1 : 0).map(({ fields, line }): ImportedRecord => {
    const field = (name: string): string => fields[columns.order.indexOf(name)] ?? "";
    if (!columns.named && fields.length === 1)
      return { class: "contact", name: fields[0] as string, place: `line ${line}` };
    const entryClass = columns.order.includes("class") ? field("class") : "contact";
    return {
      class: entryClass.trim().toLowerCase(),
      name: field("name"),
      detail: field("detail"),
      kind: field("kind").trim(),
      place: `line ${line}`,
    };
  });
  return { records, refused: null };
}

const ALIASES: readonly (readonly [string, string])[] = [
  ["class", "class type"],
  ["name", "name full_name display_name"],
  ["detail", "detail room number phone telephone pieces"],
  ["kind", "kind"],
];

function columnsOf(first: readonly string[]): { readonly named: boolean; readonly order: readonly string[] } {
  const order = first.map((field) => {
    const word = field.trim().toLowerCase().split(" ").join("_");
    return ALIASES.find(([, words]) => word !== "" && ` ${words} `.includes(` ${word} `))?.[0] ?? "";
  });
  if (order.includes("name")) return { named: true, order };
  return { named: false, order: ["class", "name", "detail", "kind"] };
}

interface Row {
  readonly fields: string[];
  readonly line: number;
}

/** Rows that are not empty, or why there are none. */
function csvRows(text: string): Row[] | string {
  const rows: Row[] = [];
  let line = 1;
  let row: Row = { fields: [], line };
  let field = "";
  let quoted = false;
  const endField = (): void => {
    row.fields.push(field);
    field = "";
  };
  const endRow = (): void => {
    endField();
    if (row.fields.some((value) => value.trim() !== "")) rows.push(row);
    row = { fields: [], line: line + 1 };
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (char === '"' && field === "") quoted = true;
    else if (char === "," || char === ";") endField();
    else if (char === "\n" || (char === "\r" && text[i + 1] !== "\n")) endRow();
    else if (char !== "\r") field += char;
    if (char === "\n") line++;
  }
  if (quoted) return `expected a closing quote; the row of line ${row.line} has none`;
  endRow();
  return rows;
}

/** FN, or N where there is none, and the first TEL of each card (RFC 6350; folded lines are joined). */
function fromVcard(text: string): Import {
  const records: ImportedRecord[] = [];
  const lines = text
    .split("\r\n")
    .join("\n")
    .split("\r")
    .join("\n")
    .split("\n ")
    .join("")
    .split("\n\t")
    .join("")
    .split("\n");
  let card: { name: string; family: string; number: string; line: number } | undefined;
  lines.forEach((content, i) => {
    const colon = content.indexOf(":");
    if (colon < 0) return;
    const property = (content.slice(0, colon).split(";")[0] as string).toUpperCase();
    const name = property.slice(property.lastIndexOf(".") + 1);
    const value = unescaped(content.slice(colon + 1).trim());
    if (name === "BEGIN") card = { name: "", family: "", number: "", line: i + 1 };
    else if (card === undefined) return;
    else if (name === "FN" && card.name === "") card.name = value;
    else if (name === "N") card.family = value.split(";").slice(0, 2).reverse().join(" ").trim();
    else if (name === "TEL" && card.number === "") card.number = value.startsWith("tel:") ? value.slice(4) : value;
    else if (name === "END") {
      records.push({
        class: "contact",
        name: card.name || card.family,
        detail: card.number,
        place: `card at line ${card.line}`,
      });
      card = undefined;
    }
  });
  if (card !== undefined) return refusal(`expected END:VCARD; the card at line ${card.line} has none`);
  return { records, refused: null };
}

function unescaped(text: string): string {
  return text.split("\\,").join(",").split("\\;").join(" ").split("\\n").join(" ").split("\\\\").join("\\");
}
