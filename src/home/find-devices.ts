// Which devices an order means. Exact names before kinds, the room that was said before the speaker's own, a device that
// can do it before one that can't; and where several are left, a question instead of a guess. Pure.

import type { Catalog } from "../catalog/catalog";
import { type CatalogEntry, type DeviceKind, foldName, kindOfWords } from "../catalog/entry";
import { can, type HomeOrder } from "./home";

export interface DeviceWords {
  readonly device?: string | undefined;
  readonly room?: string | undefined;
}

export type Found =
  | { readonly type: "devices"; readonly devices: readonly CatalogEntry[]; readonly all: boolean }
  | { readonly type: "none" | "no-room" | "several" | "unable" };

const EVERYTHING = ["everything", "all devices", "all the devices"];
const PLURALS: readonly (readonly [string, DeviceKind])[] = [
  ["lights", "light"],
  ["lamps", "light"],
  ["fans", "fan"],
  ["blinds", "cover"],
  ["curtains", "cover"],
  ["shutters", "cover"],
  ["doors", "lock"],
];
const HERE = ["here", "this room", "the room"];

export function findDevices(words: DeviceWords, order: HomeOrder["type"], catalog: Catalog, ownRoom: string): Found {
  const devices = [...catalog.entries("device")];
  const said = plain(words.room ?? "");
  const room = HERE.includes(said) ? ownRoom : said;
  if (room !== "" && !isRoom(room, devices, catalog)) return { type: "no-room" };
  const name = plain(words.device ?? "");
  const group = groupOf(name, room, devices, order);
  if (group !== undefined)
    return group.length === 0 ? { type: "none" } : { type: "devices", devices: group, all: true };
  return choose(candidates(name, room, devices), order, room === "" ? ownRoom : room);
}

/** Folded, without articles. */
function plain(words: string): string {
  const { text } = foldName(words);
  for (const article of ["the ", "my ", "a "]) if (text.startsWith(article)) return text.slice(article.length);
  return text;
}

function isRoom(room: string, devices: readonly CatalogEntry[], catalog: Catalog): boolean {
  return devices.some(({ detail }) => detail === room) || catalog.find("room", room).length > 0;
}

/** All devices that a plural or "everything" means; undefined: a single one is meant. */
function groupOf(
  name: string,
  room: string,
  devices: readonly CatalogEntry[],
  order: HomeOrder["type"],
): readonly CatalogEntry[] | undefined {
  const inRoom = devices.filter(({ detail }) => room === "" || detail === room);
  if (EVERYTHING.includes(name)) return inRoom.filter(({ kind }) => kind !== "lock" && kind !== "cover");
  const bare = ["all the ", "all ", "both "].reduce(
    (text, head) => (text.startsWith(head) ? text.slice(head.length) : text),
    name,
  );
  const plural = PLURALS.find(([word]) => word === bare);
  if (plural === undefined) return roomIn(bare, devices, order);
  // A device of that very name is one thing: "the blinds".
  const own = inRoom.filter(({ folded }) => folded === bare || folded === `${room} ${bare}`);
  if (own.length === 1 && bare === name) return own;
  return inRoom.filter(({ kind }) => kind === plural[1]);
}

/** "kitchen lights": a room's name and a plural. */
function roomIn(
  name: string,
  devices: readonly CatalogEntry[],
  order: HomeOrder["type"],
): readonly CatalogEntry[] | undefined {
  const space = name.lastIndexOf(" ");
  const plural = PLURALS.find(([word]) => word === name.slice(space + 1));
  if (space < 0 || plural === undefined || devices.some(({ folded }) => folded === name)) return undefined;
  const found = devices.filter(({ detail, kind }) => detail === name.slice(0, space) && kind === plural[1]);
  return found.length > 0 && found.every((device) => can(device, order)) ? found : undefined;
}

/** The best class of matches that is not empty. */
function candidates(name: string, room: string, devices: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const inRoom = room === "" ? devices : devices.filter(({ detail }) => detail === room);
  if (name === "") return inRoom;
  const full = room === "" ? name : `${room} ${name}`;
  const kind = kindOfWords(name);
  const classes: ((device: CatalogEntry) => boolean)[] = [
    ({ folded }) => folded === full,
    ({ folded }) => folded === name,
    ({ folded, detail }) => detail !== "" && `${detail} ${folded}` === name,
    ({ folded }) => singular(folded) === singular(name),
    ({ folded }) => ` ${folded} `.endsWith(` ${singular(name)} `),
    ({ kind: own }) => kind !== undefined && own === kind && !name.includes(" "),
  ];
  for (const matches of classes) {
    const found = inRoom.filter(matches);
    if (found.length > 0) return found;
  }
  return [];
}

const singular = (name: string): string => (name.endsWith("s") ? name.slice(0, -1) : name);

function choose(found: readonly CatalogEntry[], order: HomeOrder["type"], room: string): Found {
  if (found.length === 0) return { type: "none" };
  const near = found.filter(({ detail }) => room !== "" && detail === room);
  const able = (near.length > 0 ? near : found).filter((device) => can(device, order));
  if (able.length === 0) return { type: "unable" };
  return able.length === 1 ? { type: "devices", devices: able, all: false } : { type: "several" };
}
