// What holds for every order of the engine's events, over the whole device: a request is one action, or a stated reason.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DRIVER_TIMEOUT } from "../../../src/request/assistant";
import { type Bench, bench, FINAL, LISTEN, PARTIAL, RESET, SPECULATIVE, TIMEOUT } from "../drivers";

type Event = readonly [type: number, utterance: number, text: string, revision: number];

const words = fc.constantFrom("", "stop", "deviceOn device=kitchen light", "listAdd item=milk", "nonsense", "play…");
const event: fc.Arbitrary<Event> = fc.tuple(
  fc.constantFrom(LISTEN, PARTIAL, SPECULATIVE, RESET, FINAL, TIMEOUT),
  fc.integer({ min: 1, max: 3 }),
  words,
  fc.nat(1),
);
/** A driver that answers at once, later, twice, never, or throws. */
const manner = fc.constantFrom("now", "later", "twice", "never", "throws");

function lines(speaker: Bench): { type: string; utterance: number }[] {
  return speaker.traced.map((line) => JSON.parse(line) as { type: string; utterance: number });
}

function send(speaker: Bench, [type, utterance, text, revision]: Event): void {
  speaker.raise(type, utterance, type === LISTEN || type === RESET || type === TIMEOUT ? undefined : text, {
    revision,
  });
}

/** A home in a manner; what it owes is told by `settle`. */
function homeOf(way: string) {
  const owed: (() => void)[] = [];
  let orders = 0;
  const home = {
    name: way,
    order: (_device: unknown, _order: unknown, reply: (problem: string | null) => void) => {
      orders++;
      if (way === "throws") throw new Error("broken");
      if (way === "now" || way === "twice") reply(null);
      if (way === "twice") reply("again");
      if (way === "later") owed.push(() => reply(null));
    },
    state: () => undefined,
  };
  return { home, orders: () => orders, settle: () => owed.splice(0).map((tell) => tell()) };
}

describe("for every order of events", () => {
  it("a request is one intent and at most one action, and what has no action has a reason", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), manner, (events, way) => {
        const { home, orders, settle } = homeOf(way);
        const speaker = bench({ skills: { home } });
        for (const one of events) {
          send(speaker, one);
          speaker.t += 160;
        }
        settle();
        speaker.pass((DRIVER_TIMEOUT / 16) * 2);
        const trace = lines(speaker);
        for (const utterance of [1, 2, 3]) {
          const of = (type: string) =>
            trace.filter((line) => line.type === type && line.utterance === utterance).length;
          expect(of("intent")).toBeLessThanOrEqual(1);
          expect(of("action")).toBeLessThanOrEqual(of("intent"));
          const entry = speaker.device.history.last().filter((item) => item.utterance === utterance);
          expect(entry.length).toBe(of("intent"));
          for (const { result } of entry) expect(result).not.toBe("…");
        }
        expect(orders()).toBe(trace.filter((line) => JSON.stringify(line).includes('"skill":"home"')).length);
        expect(speaker.device.assistant.running).toBe(0);
      }),
      { numRuns: 1500 },
    );
  });

  it("whatever is heard before the final leaves no trace outside", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const { home, orders } = homeOf("now");
        const speaker = bench({ skills: { home } });
        const { length } = speaker.store.writes;
        const played = speaker.music.orders.length;
        for (const one of events) if (one[0] !== FINAL) send(speaker, one);
        expect(orders()).toBe(0);
        expect(speaker.store.writes.length).toBe(length);
        expect(speaker.music.orders.length).toBe(played);
        expect(speaker.device.history.last()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
