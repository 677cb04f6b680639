// Properties of the whole firmware that hold for every order of engine events and console lines.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bench, bench } from "./drivers";

type Act = (speaker: Bench) => void;

const text = fc.constantFrom("", "stop", "turn it up");
const event: fc.Arbitrary<Act> = fc
  .record({ type: fc.nat(11), utterance: fc.nat(3), text, revision: fc.nat(1), reason: fc.integer({ min: 1, max: 4 }) })
  .map(
    ({ type, utterance, text, ...extra }) =>
      (speaker) =>
        speaker.raise(type, utterance, text, extra),
  );
const line: fc.Arbitrary<Act> = fc
  .constantFrom(
    "play",
    "pause",
    "stop",
    "volume 20",
    "volume +5",
    "mute on",
    "mute off",
    "listen",
    "listen on",
    "listen off",
  )
  .map((words) => (speaker) => speaker.type(words));
const second: Act = (speaker) => {
  speaker.t += 16_000;
  speaker.tick();
};
const acts = fc.array(fc.oneof(event, line, fc.constant(second)), { maxLength: 40 });

describe("for every order of events and orders the device", () => {
  it("brings music back whenever no request is being heard", () => {
    fc.assert(
      fc.property(acts, (list) => {
        const speaker = bench();
        for (const act of list) {
          act(speaker);
          const { name } = speaker.device.requestState();
          const ducks = speaker.music.orders.filter((order) => order.startsWith("duck"));
          if (name === "idle") expect(ducks.at(-1)).toMatch(/^duck false/);
        }
        for (let i = 0; i < 30; i++) second(speaker);
        expect(speaker.music.orders.filter((order) => order.startsWith("duck")).at(-1)).toMatch(/^duck false/);
      }),
      { numRuns: 1000 },
    );
  });

  it("traces every event, in order, and the same events give the same bytes", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (list) => {
        const traces = [bench(), bench()].map((speaker) => {
          for (const act of list) act(speaker);
          return speaker.traced;
        });
        expect(traces[0]).toEqual(traces[1]);
        const own = ["intent", "action", "say", "ring"];
        const events = (traces[0] ?? []).filter((line) => !own.includes((JSON.parse(line) as { type: string }).type));
        expect(events.length).toBe(list.length);
      }),
    );
  });

  it("listens as status says, and gives the volume that status shows", () => {
    fc.assert(
      fc.property(acts, (list) => {
        const speaker = bench();
        for (const act of list) act(speaker);
        const { listening, volume } = JSON.parse(speaker.type("status", true)) as { listening: string; volume: number };
        if (speaker.listens.length > 0 && listening === "off") expect(speaker.listens.at(-1)).toBe(false);
        const q15 = Math.round((volume * volume * 32_768) / 10_000);
        const last = speaker.music.orders.filter((order) => order.startsWith("volume")).at(-1);
        expect(last).toMatch(new RegExp(`^volume ${q15} at `));
      }),
    );
  });
});
