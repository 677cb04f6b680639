// What a soak's records say about a life.

import { describe, expect, it } from "vitest";
import type { DeviceRecord, MarkRecord } from "../../host-sim/cli/device/records.ts";
import { Soak } from "../../host-sim/cli/soak/soak.ts";

const mark = (hour: number, change: Partial<MarkRecord> = {}): MarkRecord => ({
  type: "mark",
  hour,
  underruns: 0,
  microphoneLost: 0,
  framesLate: 0,
  shed: 0,
  queueFull: 0,
  slots: 400,
  slotsSize: 2560,
  chunks: 9000,
  chunksSize: 32_768,
  keys: 27,
  arena: 160_000,
  heapBytes: 800_000,
  ...change,
});
const spoken = (second: number): DeviceRecord => ({ type: "spoken", second, sound: 0 });
const timeout = (reason: string): DeviceRecord => ({ type: "timeout", t: 0, utterance: 1, reason });
const fault: DeviceRecord = { type: "fault", t: 0, reason: "exception", message: "", stack: "" };

function life(...records: DeviceRecord[]) {
  const soak = new Soak();
  for (const record of records) soak.add(record);
  return soak.result();
}

describe("soak", () => {
  it("counts how requests ended, whatever the reason", () => {
    const result = life(spoken(1), timeout("pause"), spoken(20), fault, timeout("input"), mark(1));
    expect(result.problems).toEqual([]);
    expect(result.ends).toEqual({ "fault exception": 1, "timeout pause": 1 });
    expect(result).toMatchObject({ requests: 2, scriptRestarts: 1, hours: 1 });
  });

  it("finds a request of which nothing was heard again", () => {
    expect(life(spoken(1), spoken(20), timeout("pause"), mark(1)).problems).toEqual([
      "the request of second 1 was lost without a reason",
    ]);
    expect(life(spoken(7), mark(1)).problems).toHaveLength(1);
  });

  it("adds counters up over power cuts, and music that broke off is a problem", () => {
    const cut: DeviceRecord = { type: "restart", second: 0, sound: 0 };
    const result = life(spoken(1), timeout("pause"), mark(1, { underruns: 2 }), cut, mark(2, { underruns: 1 }));
    expect(result).toMatchObject({ underruns: 3, powerCuts: 1 });
    expect(result.problems).toEqual(["3 underruns"]);
  });

  it("finds memory that grows, but not what differs with the last requests", () => {
    const one = [spoken(1), timeout("pause"), mark(1)];
    expect(life(...one, mark(2, { slots: 700, chunks: 12_000 })).problems).toEqual([]);
    expect(life(...one, mark(2), mark(3, { slots: 840 })).problems).toEqual([
      "slots grew from 400 after the first hour to 840",
    ]);
    expect(life(...one, mark(2, { heapBytes: 800_016 })).problems).toHaveLength(1);
  });
});
