// What the skill asks of a home, whatever brings the orders there: a simulation, MQTT, a bus. The names of the devices
// are the catalogue's.

import type { CatalogEntry } from "../catalog/entry";

export type HomeOrder =
  /** on: also open, unlock. */
  | { readonly type: "switch"; readonly on: boolean }
  /** percent */
  | { readonly type: "level"; readonly value: number }
  | { readonly type: "levelBy"; readonly value: number }
  | { readonly type: "color"; readonly value: string }
  /** degrees, as the owner counts them */
  | { readonly type: "temperature"; readonly value: number }
  | { readonly type: "temperatureBy"; readonly value: number };

export interface DeviceState {
  readonly on: boolean;
  readonly level?: number;
  readonly color?: string;
  readonly temperature?: number;
}

/** null: done; else why not, one clause. */
export type HomeReply = (problem: string | null) => void;

export interface HomeDriver {
  /** For `status`: "simulated", "mqtt" … */
  readonly name: string;
  /** Replies once, now or later. */
  order(device: CatalogEntry, order: HomeOrder, reply: HomeReply): void;
  /** undefined: not known. */
  state(device: CatalogEntry): DeviceState | undefined;
}

/** What each kind of device can do. */
export function can({ kind }: CatalogEntry, order: HomeOrder["type"]): boolean {
  if (order === "switch") return true;
  if (kind === "light") return order === "level" || order === "levelBy" || order === "color";
  if (kind === "fan" || kind === "cover") return order === "level" || order === "levelBy";
  return kind === "climate" && (order === "temperature" || order === "temperatureBy");
}
