// What a soak's records say: how each request ended, counters over power cuts, memory's marks.

import type { DeviceRecord, MarkRecord } from "../device/records.ts";

const COUNTERS = ["underruns", "microphoneLost", "framesLate", "shed", "queueFull"] as const;
/** What may not grow after the first hour. */
const MEMORY = ["slots", "chunks", "keys", "arena", "heapBytes"] as const;
/**
 * What the script holds differs with the last requests, and its bounded logs fill in the first day: by up to this part
 * of its limits.
 */
const SWING = 0.15;

type Counter = (typeof COUNTERS)[number];
type Memory = (typeof MEMORY)[number];

export interface SoakResult extends Record<Counter, number> {
  readonly hours: number;
  readonly requests: number;
  /** How requests ended: `final pause`, `timeout pause`, `fault exception` … */
  readonly ends: Readonly<Record<string, number>>;
  readonly scriptRestarts: number;
  readonly powerCuts: number;
  /** After the first hour, and at most since. */
  readonly memory: Readonly<Record<Memory, readonly [number, number]>>;
  readonly problems: readonly string[];
}

export class Soak {
  #hours = 0;
  #requests = 0;
  #powerCuts = 0;
  #faults = 0;
  /** The second at which the request that is open was said. */
  #open: number | undefined;
  readonly #ends = new Map<string, number>();
  readonly #problems: string[] = [];
  readonly #before = new Map<Counter, number>();
  readonly #first = new Map<Memory, number>();
  readonly #most = new Map<Memory, number>();
  #last: MarkRecord | undefined;

  add(record: DeviceRecord): void {
    switch (record.type) {
      case "spoken":
        this.#lost();
        this.#requests++;
        this.#open = record.second;
        return;
      case "final":
      case "timeout":
        this.#end(`${record.type} ${record.reason}`);
        return;
      case "fault":
        this.#faults++;
        this.#end(`fault ${record.reason}`);
        return;
      case "restart":
        this.#lost();
        this.#powerCuts++;
        for (const name of COUNTERS) this.#before.set(name, this.#total(name));
        this.#last = undefined;
        return;
      case "mark":
        this.#mark(record);
        return;
      default:
        return;
    }
  }

  progress(): string {
    return `${this.#requests} requests, ${this.#total("underruns")} underruns, ${this.#last?.slots ?? 0} slots in use`;
  }

  result(): SoakResult {
    this.#lost();
    const counters = Object.fromEntries(COUNTERS.map((name) => [name, this.#total(name)])) as Record<Counter, number>;
    const memory = Object.fromEntries(
      MEMORY.map((name) => [name, [this.#first.get(name) ?? 0, this.#most.get(name) ?? 0]]),
    ) as unknown as SoakResult["memory"];
    const problems = [...this.#problems];
    if (this.#requests === 0) problems.push("no request was said");
    for (const name of ["underruns", "microphoneLost"] as const) {
      if (counters[name] > 0) problems.push(`${counters[name]} ${name}`);
    }
    for (const name of MEMORY) {
      const [first, most] = memory[name];
      if (most > first + this.#swing(name)) problems.push(`${name} grew from ${first} after the first hour to ${most}`);
    }
    return {
      hours: this.#hours,
      requests: this.#requests,
      ends: Object.fromEntries([...this.#ends].sort()),
      ...counters,
      scriptRestarts: this.#faults,
      powerCuts: this.#powerCuts,
      memory,
      problems,
    };
  }

  #swing(name: Memory): number {
    if (name === "slots") return SWING * (this.#last?.slotsSize ?? 0);
    return name === "chunks" ? SWING * (this.#last?.chunksSize ?? 0) : 0;
  }

  #end(reason: string): void {
    if (this.#open === undefined) return; // of an utterance after the request
    this.#open = undefined;
    this.#ends.set(reason, (this.#ends.get(reason) ?? 0) + 1);
  }

  #lost(): void {
    if (this.#open !== undefined) this.#problems.push(`the request of second ${this.#open} was lost without a reason`);
    this.#open = undefined;
  }

  #total(name: Counter): number {
    return (this.#before.get(name) ?? 0) + (this.#last?.[name] ?? 0);
  }

  #mark(record: MarkRecord): void {
    this.#last = record;
    this.#hours = record.hour;
    for (const name of MEMORY) {
      if (!this.#first.has(name)) this.#first.set(name, record[name]);
      this.#most.set(name, Math.max(this.#most.get(name) ?? 0, record[name]));
    }
  }
}
