// The power is cut at every write of the store, in any sequence of orders: no timer and no alarm is lost, none that was
// stopped or canceled in time comes back, and none rings twice for one end.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEntry } from "../../../src/timers/entry";
import { type MemoryStore, memoryStore } from "../settings/memory-store";
import { afterReset, at, type TimerBench, timerBench } from "./bench";

class PowerCut extends Error {}

/** The power goes at the n-th write from now: it is not done. */
function cutAt(store: MemoryStore, n: number): void {
  const { write } = store;
  let left = n;
  store.write = (key, value) => {
    if (left-- === 0) throw new PowerCut("cut");
    write(key, value);
  };
}

type Order = (bench: TimerBench) => void;

const order: fc.Arbitrary<Order> = fc.oneof(
  fc.integer({ min: 1, max: 120 }).map((s) => (bench: TimerBench) => void bench.timers.addTimer(s * 1000, "", bench.t)),
  fc
    .integer({ min: 481, max: 485 })
    .map(
      (minute) => (bench: TimerBench) =>
        void bench.timers.addAlarm({ minute, repeat: "daily", day: 0, name: "" }, bench.t),
    ),
  fc.integer({ min: 1, max: 90 }).map((s) => (bench: TimerBench) => bench.pass(s * 1000)),
  fc.constant((bench: TimerBench) => void bench.timers.stopRinging(bench.t)),
  fc.nat(5).map((i) => (bench: TimerBench) => bench.timers.remove(bench.timers.entries.slice(i, i + 1), bench.t)),
);

const idsOf = (bench: TimerBench): number[] => bench.timers.entries.map(({ id }) => id).sort((a, b) => a - b);

describe("when the power is cut", () => {
  it("at any write, what was confirmed is there, and what was not is whole or absent", () => {
    let cuts = 0;
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 8 }), fc.nat(12), (orders, n) => {
        const bench = timerBench({ store: memoryStore() });
        cutAt(bench.store, n);
        let before = idsOf(bench);
        for (const give of orders) {
          before = idsOf(bench);
          try {
            give(bench);
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
            cuts++;
            break;
          }
        }
        // Ringing and stopping swallow the cut: what they would have written is made up for after the reset.
        const stored = (bench.store.texts.get("timers") ?? "").split("\n").filter((line) => line !== "");
        expect(stored.every((line) => parseEntry(line) !== undefined)).toBe(true);
        const next = afterReset(bench, 0);
        const found = idsOf(next);
        const present = idsOf(bench);
        for (const id of present) expect(found.includes(id) || !before.includes(id)).toBe(true);
        next.pass(130_000);
        const rung = next.events.map((event) => Number(event.split(" ")[1]));
        for (const entry of next.timers.entries) {
          if (entry.kind === "timer") expect(rung.includes(entry.id) && entry.ringing !== undefined).toBe(true);
        }
        expect(new Set(rung).size).toBe(rung.length);
      }),
      { numRuns: 3000 },
    );
    expect(cuts).toBeGreaterThan(100);
  });

  it("after stop was confirmed, nothing rings again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        fc.nat(30),
        (spans, off) => {
          const bench = timerBench();
          for (const span of spans) bench.timers.addTimer(span * 1000, "", 0);
          bench.pass(21_000);
          bench.timers.stopRinging(bench.t);
          const next = afterReset(bench, off * 1000);
          next.pass(30_000);
          expect(next.events).toEqual([]);
        },
      ),
    );
  });

  it("while an alarm of every day rings, it rings on and keeps its next day", () => {
    const bench = timerBench({ date: at("2026-01-01T06:59:50") });
    bench.timers.addAlarm({ minute: 420, repeat: "daily", day: 0, name: "" }, 0);
    bench.pass(15_000);
    const next = afterReset(bench, 5000);
    expect(next.events).toEqual(["late 1 at 0"]);
    next.timers.stopRinging(next.t);
    const last = afterReset(next, 86_400_000 - 20_000);
    last.pass(20_000);
    expect(last.events).toEqual(["ring 1 at 10000"]);
  });
});
