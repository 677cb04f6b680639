// Whether words can be a whole request: what the end-pointer waits for. Pure.

import type { IntentName } from "./intent";

/** Words after which something must come. "on" and "off" are none of them: "turn the light on". */
const OPEN_ENDS = new Set(
  "to the a an and or for of my your our with from at by in into until than that is are another some called saying between about".split(
    " ",
  ),
);
/** First words of orders that can't stand alone, or with one more word only. */
const OPENINGS = new Set(
  "set turn switch add put remove delete wake make change dim send text tell call phone dial create start remind order get give brew what's what how when who where can could would please hey".split(
    " ",
  ),
);

type Slots = Readonly<Record<string, string>>;
const has = (slots: Slots, ...names: readonly string[]): boolean => names.some((name) => slots[name] !== undefined);

/** What an intent can't do without. */
const NEEDS: Readonly<Partial<Record<IntentName, (slots: Slots) => boolean>>> = {
  volumeSet: (slots) => has(slots, "level"),
  timerSet: (slots) => has(slots, "duration"),
  alarmSet: (slots) => has(slots, "time", "day"),
  deviceOn: (slots) => has(slots, "device", "room", "opening", "lock"),
  deviceOff: (slots) => has(slots, "device", "room", "opening", "lock"),
  call: (slots) => has(slots, "contact"),
  message: (slots) => has(slots, "contact", "body"),
  listAdd: (slots) => has(slots, "item"),
  listRemove: (slots) => has(slots, "item"),
  orderDrink: (slots) => has(slots, "coffeeDrink"),
};

/** False for "set a timer for", "turn on the", "add", and for no words at all. */
export function isComplete(name: IntentName, words: string, slots: Slots): boolean {
  const list = words.split(" ").filter((word) => word !== "");
  const last = list[list.length - 1];
  if (last === undefined || OPEN_ENDS.has(last)) return false;
  if (name !== "none") return NEEDS[name]?.(slots) ?? true;
  return !(list.length <= 2 && OPENINGS.has(list[0] as string));
}
