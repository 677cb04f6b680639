import type { BiasEntry, BiasName } from "../../catalog/bias-list";
import { checkEntry } from "../../catalog/bias-list";
import { type Answer, type Command, type ConsoleDevice, ConsoleError, shown } from "../command";

const SHOWN = 20;
const WORDS = 40;
const END = ".";

type Checked = Omit<BiasName, "line">;

export const bias: Command = {
  name: "bias",
  usage: "add|remove|test [class=CLASS] [weight=N] NAME, list [FROM], load, clear",
  summary: "the names that are listened for",
  details: [
    "bias add class=contact Anna Smith listens for her after words such as call; without a class, everywhere.",
    "Classes with such words are contact, device, room and playlist; weight 0 to 10 makes a name stronger than 1.",
    "bias list shows names of all sources; add, remove and clear change those of the console, which are kept.",
    "bias load takes a name a line, perhaps a tab and a class, a tab and a weight, until a line with a single dot.",
    "bias test NAME shows how the model's word pieces spell a name, and whether it is listed.",
  ],
  most: WORDS,
  run(args, device) {
    const [action = "", ...words] = args;
    const actions: Record<string, (words: readonly string[], device: ConsoleDevice) => Answer> = {
      add,
      remove,
      test,
      list,
      load,
      clear,
    };
    // Compared, not looked up: the engine keeps each property name that was ever asked for.
    const known = Object.keys(actions).find((name) => name === action);
    const run = known === undefined ? undefined : actions[known];
    if (run === undefined)
      throw new ConsoleError(
        "bad-argument",
        `bias takes add, list, remove, clear, load or test; found ${shown(action)}`,
      );
    return run(words, device);
  },
};

/** The name of a command's words, checked. */
function entryOf(words: readonly string[], device: ConsoleDevice): { entry: BiasEntry; checked: Checked } {
  let className: string | null = null;
  let weight = 1;
  const name: string[] = [];
  for (const word of words) {
    if (name.length === 0 && word.startsWith("class=")) className = word.slice(6).toLowerCase();
    else if (name.length === 0 && word.startsWith("weight="))
      weight = word === "weight=" ? Number.NaN : Number(word.slice(7));
    else name.push(word);
  }
  return check({ name: name.join(" "), class: className || null, weight }, device);
}

function check(entry: BiasEntry, device: ConsoleDevice): { entry: BiasEntry; checked: Checked } {
  if (entry.name === "") throw new ConsoleError("bad-argument", "expected a name; found none");
  const checked = checkEntry(entry);
  if (typeof checked === "string") throw new ConsoleError("bad-argument", `${shown(entry.name)} ${checked}`);
  if (device.recognizer.spell(checked.folded).length === 0)
    throw new ConsoleError("bad-argument", `${shown(entry.name)} can't be spelled with the model's word pieces`);
  return { entry, checked };
}

function add(words: readonly string[], device: ConsoleDevice): Answer {
  keep(entryOf(words, device).entry, device);
  return apply(device);
}

function keep(entry: BiasEntry, device: ConsoleDevice): void {
  const outcome = device.ownNames.add(entry);
  if (outcome === "already") throw new ConsoleError("already", `${shown(entry.name)} is listed already`);
  if (outcome === "full") throw new ConsoleError("full", "there is no room for more names of the console");
}

function apply(device: ConsoleDevice): Answer {
  const { names, unspelled, left } = device.recognizer.setNames(device.ownNames, "console");
  const more = left + unspelled > 0 ? [`left out: ${left + unspelled}`] : [];
  return {
    lines: [`names: ${names - unspelled}`, ...more],
    data: { names: names - unspelled, left: left + unspelled },
  };
}

function remove(words: readonly string[], device: ConsoleDevice): Answer {
  const { entry, checked } = entryOf(words, device);
  if (device.ownNames.remove(checked.folded, checked.class) === 0)
    throw new ConsoleError("nothing", `${shown(entry.name)} is no name that was added here`);
  return apply(device);
}

function clear(words: readonly string[], device: ConsoleDevice): Answer {
  if (words.length > 0)
    throw new ConsoleError("bad-argument", `bias clear takes nothing more; found ${shown(words.join(" "))}`);
  device.ownNames.clear();
  return apply(device);
}

function list([from = "1"]: readonly string[], device: ConsoleDevice): Answer {
  const first = Number(from);
  if (!Number.isInteger(first) || first < 1)
    throw new ConsoleError("bad-argument", `expected a number from 1; found ${shown(from)}`);
  const shownNames: BiasEntry[] = [];
  let count = 0;
  for (const entry of device.recognizer.names()) {
    count++;
    if (count >= first && shownNames.length < SHOWN) shownNames.push(entry);
  }
  const lines = shownNames.map((entry) => `  ${describe(entry)}`);
  const next = first + shownNames.length;
  const more = next <= count ? [`bias list ${next} shows more`] : [];
  return { lines: [`names: ${count}`, ...lines, ...more], data: { count, from: first, names: shownNames } };
}

function describe({ name, class: className, weight = 1 }: BiasEntry): string {
  return `${name}${className ? `, ${className}` : ""}${weight === 1 ? "" : `, weight ${weight}`}`;
}

/** Each line that follows is a name; one that can't be used is refused alone. */
function load(words: readonly string[], device: ConsoleDevice): Answer {
  if (words.length > 0)
    throw new ConsoleError("bad-argument", `bias load takes nothing more; found ${shown(words.join(" "))}`);
  const follow = (line: string): Answer => {
    if (line.trim() === END) return apply(device);
    if (line.trim() === "") return { lines: [], follow };
    const [name = "", className = "", weight = ""] = line.split("\t").map((field) => field.trim());
    const entry = { name, class: className.toLowerCase() || null, weight: weight === "" ? 1 : Number(weight) };
    keep(check(entry, device).entry, device);
    return { lines: [], follow };
  };
  return { lines: ["a name a line; a single dot ends"], follow };
}

function test(words: readonly string[], device: ConsoleDevice): Answer {
  const { checked } = entryOf(words, device);
  const ways = device.recognizer.spell(checked.folded);
  const listed: BiasEntry[] = [];
  for (const entry of device.recognizer.names()) {
    const other = checkEntry(entry);
    if (typeof other !== "string" && other.folded === checked.folded) listed.push(entry);
  }
  const [first = "", ...others] = ways;
  const where = listed.map((entry) => `listed: ${entry.class ?? "everywhere"}, weight ${entry.weight ?? 1}`);
  return {
    lines: [
      `name: ${checked.folded}`,
      `pieces: ${first}`,
      ...others.map((way) => `or: ${way}`),
      ...(where.length > 0 ? where : ["listed: no"]),
    ],
    data: { name: checked.folded, pieces: ways.map((way) => way.split(" ")), listed },
  };
}
