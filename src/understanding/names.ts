// Slots that hold the owner's names: words that were said become the owner's spelling. Pure but for the look-ups.

import type { IntentName, NameLookup } from "./intent";

/** Class of the catalogue for a slot of that name. */
const CLASSES: Readonly<Record<string, string>> = {
  contact: "contact",
  device: "device",
  room: "room",
  playlist: "playlist",
};
/** Words that stand before a name and are none of it. */
const ARTICLES = new Set(["the", "my", "our", "a", "an", "your"]);
/** How many words a name may have beyond what the tagger took for it. */
const REACH = 2;

export type Slots = Record<string, string>;

/** `slots` with names as the owner spells them; slots of other words stay as they are. */
export function nameSlots(intent: IntentName, words: string, slots: Slots, names: NameLookup): Slots {
  const list = words.split(" ");
  const found: Slots = { ...slots };
  if (!joinRoom(list, found, names)) {
    for (const [slot, nameClass] of Object.entries(CLASSES)) {
      const said = found[slot];
      if (said !== undefined) found[slot] = spelled(list, said, nameClass, names) ?? said;
    }
  }
  const missing = NAMED[intent];
  if (missing !== undefined && found[missing] === undefined) {
    const name = trailing(list, CLASSES[missing] as string, names);
    if (name !== undefined) found[missing] = name;
  }
  return found;
}

/** The slot that an intent's name stands in. */
const NAMED: Readonly<Partial<Record<IntentName, string>>> = {
  deviceOn: "device",
  deviceOff: "device",
  deviceSet: "device",
  call: "contact",
  message: "contact",
};

/** A device may be called "kitchen light": then it is one name and no room. */
function joinRoom(words: readonly string[], slots: Slots, names: NameLookup): boolean {
  const { room, device } = slots;
  if (room === undefined || device === undefined) return false;
  for (const both of [`${room} ${device}`, `${device} ${room}`]) {
    if (!` ${words.join(" ")} `.includes(` ${both} `)) continue;
    const [name] = names.resolve("device", both);
    if (name === undefined) continue;
    slots.device = name;
    delete slots.room;
    return true;
  }
  return false;
}

/** The owner's spelling of what was said, or of a little more or less around it. */
function spelled(words: readonly string[], said: string, nameClass: string, names: NameLookup): string | undefined {
  const own = said.split(" ");
  const start = words.findIndex((_, at) => own.every((word, i) => words[at + i] === word));
  const exact = names.resolve(nameClass, said);
  if (exact.length > 0) return exact[0];
  if (start < 0) return undefined;
  const end = start + own.length;
  for (let more = 1; more <= REACH; more++) {
    for (let left = 0; left <= more; left++) {
      const from = start - left;
      const to = end + more - left;
      if (from < 0 || to > words.length || ARTICLES.has(words[from] as string)) continue;
      const [name] = names.resolve(nameClass, words.slice(from, to).join(" "));
      if (name !== undefined) return name;
    }
  }
  const [shorter] = own.length > 1 ? names.resolve(nameClass, own.slice(1).join(" ")) : [];
  return shorter;
}

/** A name at the end of the request that the tagger did not see: "turn on the blue moon". */
function trailing(words: readonly string[], nameClass: string, names: NameLookup): string | undefined {
  for (let length = Math.min(4, words.length - 1); length > 0; length--) {
    const from = words.length - length;
    if (ARTICLES.has(words[from] as string)) continue;
    const [name] = names.resolve(nameClass, words.slice(from).join(" "));
    if (name !== undefined) return name;
  }
  return undefined;
}
