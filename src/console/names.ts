// Commands that list, add, remove and import names of one class of the catalogue.

import { type CatalogClass, type CatalogEntry, type CatalogRecord, entryOf } from "../catalog/entry";
import { formOf, importText } from "../catalog/import";
import { type Answer, badArgument, type Command, type ConsoleDevice, ConsoleError, MANY } from "./command";

export interface NamesCommand {
  readonly name: string;
  readonly class: CatalogClass;
  readonly one: string;
  /** Of what add takes. */
  readonly form: string;
  readonly summary: string;
  readonly details: readonly string[];
}

/** More lines than this no terminal shows; `find` narrows. */
const MOST_SHOWN = 100;

export function catalogCommand(about: NamesCommand): Command {
  return {
    name: about.name,
    usage: `[find NAME|add ${about.form}|remove NAME|import RECORD|erase]`,
    summary: about.summary,
    details: [
      ...about.details,
      "import takes one record as CSV, JSON or vCard (line ends as \\n); whole files: sim --catalog FILE.",
      "A name is known by voice within a second. Up to 1,000 names in all.",
    ],
    most: MANY,
    run(args, device) {
      const [order, ...rest] = args;
      const text = rest.join(" ");
      switch (order) {
        case undefined:
          return list(device, about, [...first(device.catalog.entries(about.class))]);
        case "find":
          return list(device, about, device.catalog.find(about.class, text));
        case "add":
          return addNames(device, [recordOf(about.class, text)]);
        case "import":
          return addNames(device, recordsOf(text, about.class));
        case "remove":
          return removed(device.catalog.remove(about.class, text), about);
        case "erase":
          return removed(device.catalog.erase(about.class), about);
        default:
          throw badArgument("find, add, remove, import or erase", order);
      }
    },
  };
}

function* first(entries: Iterable<CatalogEntry>): Iterable<CatalogEntry> {
  let count = 0;
  for (const entry of entries) if (count++ < MOST_SHOWN) yield entry;
}

function list({ catalog }: ConsoleDevice, about: NamesCommand, entries: readonly CatalogEntry[]): Answer {
  const lines = entries.map(({ name, detail }) => (detail === "" ? name : `${name}, ${detail}`));
  lines.push(`${entries.length} shown, ${catalog.count} names in all`);
  const rows = entries.map(({ name, detail }) => ({ name, detail }));
  return { lines, data: { [about.name]: rows, count: catalog.count } };
}

/** "Name, detail"; a device: "Name, room, kind". */
export function recordOf(entryClass: CatalogClass, text: string): CatalogRecord {
  const [name = "", detail = "", kind = ""] = text.split(",").map((part) => part.trim());
  return { class: entryClass, name, detail, kind };
}

export function recordsOf(text: string, entryClass: CatalogClass): readonly CatalogRecord[] {
  const written = text.split("\\n").join("\n");
  const { records, refused } = importText(written, formOf(written));
  if (refused !== null) throw new ConsoleError("bad-argument", refused);
  return records.map((record) => ({ ...record, class: record.class === "contact" ? entryClass : record.class }));
}

export function addNames(device: ConsoleDevice, records: readonly CatalogRecord[]): Answer {
  let added = 0;
  for (const record of records) {
    const entry = entryOf(record);
    if (typeof entry === "string") throw new ConsoleError("bad-name", `${shownName(record.name)} ${entry}`);
    const result = device.catalog.add(entry);
    if (result === "full")
      throw new ConsoleError("full", `the catalogue is full; ${added} of ${records.length} names were added`);
    if (result === "already" && records.length === 1) {
      throw new ConsoleError("already", `${shownName(record.name)} is known already`);
    }
    if (result === "done") added++;
  }
  return { lines: [`added: ${added}`], data: { added } };
}

export function removed(count: number, { one }: Pick<NamesCommand, "one">): Answer {
  if (count === 0) throw new ConsoleError("nothing", `there is no such ${one}`);
  return { lines: [`removed: ${count}`], data: { removed: count } };
}

const shownName = (name: string): string => JSON.stringify(name.length > 32 ? `${name.slice(0, 32)}…` : name);
