// A home that is not there: each device of the catalogue keeps the state it was told. For trying the speaker, for tests,
// and as the pattern of a real driver.

import type { CatalogEntry } from "../catalog/entry";
import type { DeviceState, HomeDriver, HomeOrder, HomeReply } from "./home";

const MOST_DEVICES = 48;
const START_DEGREES = 20;
const percent = (value: number): number => Math.min(100, Math.max(0, value));

export class SimulatedHome implements HomeDriver {
  readonly name = "simulated";
  /** By "room\tname"; a device that nobody switched has no state here. */
  readonly #states = new Map<string, DeviceState>();

  order(device: CatalogEntry, order: HomeOrder, reply: HomeReply): void {
    const key = keyOf(device);
    const state = next(this.#states.get(key) ?? initial(device), order);
    if (!this.#states.has(key) && this.#states.size >= MOST_DEVICES) this.#forgetOne();
    this.#states.set(key, state);
    reply(null);
  }

  state(device: CatalogEntry): DeviceState {
    return this.#states.get(keyOf(device)) ?? initial(device);
  }

  #forgetOne(): void {
    for (const key of this.#states.keys()) {
      this.#states.delete(key);
      return;
    }
  }
}

function keyOf({ detail, folded }: CatalogEntry): string {
  return `${detail}\t${folded}`;
}

function initial({ kind }: CatalogEntry): DeviceState {
  return kind === "climate" ? { on: false, temperature: START_DEGREES } : { on: false };
}

function next(state: DeviceState, order: HomeOrder): DeviceState {
  switch (order.type) {
    case "switch":
      return { ...state, on: order.on };
    case "level":
      return { ...state, on: order.value > 0, level: percent(order.value) };
    case "levelBy": {
      const level = percent((state.level ?? (state.on ? 100 : 50)) + order.value);
      return { ...state, on: level > 0, level };
    }
    case "color":
      return { ...state, on: true, color: order.value };
    case "temperature":
      return { ...state, on: true, temperature: order.value };
    case "temperatureBy":
      return { ...state, on: true, temperature: (state.temperature ?? START_DEGREES) + order.value };
  }
}
