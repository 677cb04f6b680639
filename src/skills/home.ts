// Devices of the home by voice.

import type { Catalog } from "../catalog/catalog";
import type { CatalogEntry } from "../catalog/entry";
import { findDevices } from "../home/find-devices";
import type { HomeDriver, HomeOrder } from "../home/home";
import type { SettingsStore } from "../settings/store";
import { colorOf, degreesOf, levelOf } from "../understanding/values";
import {
  type ActionArguments,
  type AnyIntent,
  ask,
  type Done,
  failed,
  ok,
  type Plan,
  refuse,
  type Skill,
} from "./skill";
import { numberWords } from "./words";

const NO_ANSWER = "the home does not answer";
const SPEEDS: ReadonlyMap<string, number> = new Map<string, number>([
  ["low", 33],
  ["level one", 33],
  ["medium", 66],
  ["level two", 66],
  ["high", 100],
  ["level three", 100],
  ["full speed", 100],
]);
/** Words that change a light or a temperature by a step. */
const STEPS: ReadonlyMap<string, { readonly light: number; readonly degrees: number }> = new Map<
  string,
  { readonly light: number; readonly degrees: number }
>([
  ["up", { light: 20, degrees: 1 }],
  ["brighter", { light: 20, degrees: 1 }],
  ["warmer", { light: 20, degrees: 1 }],
  ["brighten", { light: 20, degrees: 1 }],
  ["hotter", { light: 20, degrees: 1 }],
  ["cold", { light: 20, degrees: 1 }],
  ["dark", { light: 20, degrees: 1 }],
  ["down", { light: -20, degrees: -1 }],
  ["darker", { light: -20, degrees: -1 }],
  ["cooler", { light: -20, degrees: -1 }],
  ["colder", { light: -20, degrees: -1 }],
  ["dim", { light: -20, degrees: -1 }],
  ["warm", { light: -20, degrees: -1 }],
  ["hot", { light: -20, degrees: -1 }],
  ["bright", { light: -20, degrees: -1 }],
]);
const CLIMATE_WORDS = ["warmer", "cooler", "colder", "hotter", "cold", "warm", "hot"];
/** Answers where `found` is no device. */
const PROBLEMS: Readonly<Record<string, string>> = {
  none: "i can't find that device",
  "no-room": "i can't find that room",
  several: "there are several devices of that name please say the room",
  unable: "that device can't do that",
};

export class HomeSkill implements Skill {
  readonly name = "home";
  readonly intents = ["deviceOn", "deviceOff", "deviceSet"] as const;
  readonly #catalog: Catalog;
  readonly #settings: SettingsStore;
  readonly #driver: HomeDriver | undefined;

  constructor(catalog: Catalog, settings: SettingsStore, driver: HomeDriver | undefined) {
    this.#catalog = catalog;
    this.#settings = settings;
    this.#driver = driver;
  }

  plan({ name, slots }: AnyIntent): Plan {
    if (name !== "deviceSet") return this.#order(slots, { type: "switch", on: name === "deviceOn" });
    const order = settingOf(slots);
    return order === undefined ? refuse("no-value", "i did not understand the number") : this.#order(slots, order);
  }

  #order(slots: AnyIntent["slots"], order: HomeOrder): Plan {
    if (this.#driver === undefined) return refuse("no-home", "there is no home connected");
    const words = { device: slots.device ?? slots.opening ?? slots.lock ?? defaultDevice(order), room: slots.room };
    const found = findDevices(words, order.type, this.#catalog, this.#settings.values.room);
    if (found.type !== "devices") return refuse(found.type, PROBLEMS[found.type] as string);
    const { devices } = found;
    const actionArguments: ActionArguments = {
      devices: devices.map(labelOf),
      ...("value" in order ? { [order.type]: order.value } : { on: order.on }),
    };
    const driver = this.#driver;
    const [first] = devices as readonly [CatalogEntry];
    const step = order.type === "levelBy" || order.type === "temperatureBy";
    const plain = found.all || step || first.kind === "cover" || first.kind === "lock";
    const answer = plain ? "done" : `${spoken(first)} ${effectWords(order)}`;
    return ask(nameOf(order), actionArguments, NO_ANSWER, (_t, done) => orderAll(driver, devices, order, answer, done));
  }
}

/** The name that a person gave, with its room where the name does not say it. */
function labelOf({ name, folded, detail }: CatalogEntry): string {
  return detail === "" || folded.startsWith(detail) ? name : `${detail} ${name}`;
}

/** "set the temperature to …" names no device: the climate of the room is meant. */
function defaultDevice(order: HomeOrder): string | undefined {
  if (order.type === "temperature" || order.type === "temperatureBy") return "heating";
  return order.type === "switch" ? undefined : "light";
}

function orderAll(
  driver: HomeDriver,
  devices: readonly CatalogEntry[],
  order: HomeOrder,
  answer: string,
  done: Done,
): void {
  let left = devices.length;
  let problem: string | null = null;
  for (const device of devices) {
    driver.order(device, order, (reply) => {
      problem ??= reply;
      if (--left > 0) return;
      done(problem === null ? ok(answer) : failed("home", NO_ANSWER));
    });
  }
}

function settingOf({ value, device }: AnyIntent["slots"]): HomeOrder | undefined {
  if (value === undefined) return undefined;
  const step = STEPS.get(value);
  if (step !== undefined) {
    const climate = isClimate(device) || (CLIMATE_WORDS.includes(value) && !isLight(device));
    return climate ? { type: "temperatureBy", value: step.degrees } : { type: "levelBy", value: step.light };
  }
  const speed = SPEEDS.get(value);
  if (speed !== undefined) return { type: "level", value: speed };
  if (colorOf(value) !== undefined) return { type: "color", value };
  const temperature = degreesOf(value);
  if (temperature !== undefined && (value.includes("degree") || isClimate(device) || device === undefined)) {
    return { type: "temperature", value: temperature };
  }
  const level = levelOf(value);
  return level === undefined || level.value > 100 ? undefined : { type: "level", value: level.value };
}

const holds = (words: string | undefined, parts: readonly string[]): boolean =>
  words !== undefined && parts.some((part) => words.includes(part));
const isClimate = (words: string | undefined): boolean =>
  holds(words, ["heat", "thermostat", "temperature", "condition"]);
const isLight = (words: string | undefined): boolean => holds(words, ["light", "lamp"]);

function nameOf(order: HomeOrder): string {
  if (order.type === "switch") return order.on ? "switchOn" : "switchOff";
  return order.type === "levelBy" || order.type === "temperatureBy" ? "change" : "set";
}

/** As the prompts say it: the plain name with its article, and the room that it lies in. */
function spoken({ folded, detail }: CatalogEntry): string {
  const name = detail !== "" && folded.startsWith(`${detail} `) ? folded.slice(detail.length + 1) : folded;
  return detail === "" ? `the ${name}` : `the ${name} in the ${detail}`;
}

function effectWords(order: HomeOrder): string {
  switch (order.type) {
    case "switch":
      return order.on ? "is on" : "is off";
    case "level":
      return `is set to ${numberWords(Math.round(order.value))} percent`;
    case "color":
      return `is set to ${order.value}`;
    case "temperature":
      return `is set to ${numberWords(Math.max(0, Math.round(order.value)))} degrees`;
    default:
      return "done";
  }
}
