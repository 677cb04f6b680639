// Properties that hold for every order of events.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestEvent } from "../../../src/request/states";
import { begin, done, fault, final, listen, partial, reset, speculative, timeout, trial } from "./orders";

const utterance = fc.integer({ min: 1, max: 3 });
const revision = fc.integer({ min: 0, max: 1 });
const words = fc.constantFrom("", "stop", "stop the music");
const anyEvent: fc.Arbitrary<RequestEvent> = fc.oneof(
  utterance.map(listen),
  fc.tuple(utterance, words).map(([n, text]) => partial(n, text)),
  fc.tuple(utterance, revision).map(([n, r]) => speculative(n, r)),
  fc.tuple(utterance, revision).map(([n, r]) => reset(n, r)),
  fc.tuple(utterance, words).map(([n, text]) => final(n, text)),
  utterance.map((n) => timeout(n)),
  utterance.map(begin),
  utterance.map(done),
  fc.constant(fault()),
);
const anyOrder = fc.array(anyEvent, { maxLength: 30 });

/** What the engine may send for one utterance: any number of partials, speculative ends that were reset, one end. */
const utteranceOf = (n: number) =>
  fc
    .tuple(fc.array(words, { maxLength: 4 }), fc.nat(3), fc.boolean(), fc.constantFrom("final", "timeout"))
    .map(([texts, resets, frozen, end]): RequestEvent[] => {
      const events = [listen(n), ...texts.map((text) => partial(n, text))];
      for (let r = 0; r < resets; r++) events.push(speculative(n, r), reset(n, r), partial(n));
      if (frozen) events.push(speculative(n, resets));
      return [...events, end === "final" ? final(n, "stop", resets) : timeout(n)];
    });

const RUNS = { numRuns: 5000 };

describe("for every order of events a request", () => {
  it("acts at most once for an utterance, and only on a final with words", () => {
    fc.assert(
      fc.property(anyOrder, (events) => {
        const { request, effects } = trial();
        const acted = new Set<number>();
        for (const event of events) {
          const before = effects.length;
          request.handle(event);
          for (const effect of effects.slice(before)) {
            if (effect.type !== "act") continue;
            expect(event.type).toBe("final");
            expect(effect.hypothesis.words.length).toBeGreaterThan(0);
            expect(acted.has(effect.utterance)).toBe(false);
            acted.add(effect.utterance);
          }
        }
      }),
      RUNS,
    );
  });

  it("acts exactly once on a final with words that comes while its utterance is open", () => {
    fc.assert(
      fc.property(anyOrder, (events) => {
        const { request, effects } = trial();
        for (const event of events) {
          const { state } = request;
          const open = state.name === "listening" || state.name === "speculative";
          const due =
            open && event.type === "final" && event.utterance === state.utterance && event.hypothesis.text !== "";
          const before = effects.length;
          request.handle(event);
          expect(effects.slice(before).filter((effect) => effect.type === "act").length).toBe(due ? 1 : 0);
        }
      }),
      RUNS,
    );
  });

  it("never leaves music quiet while nobody speaks to it", () => {
    fc.assert(
      fc.property(anyOrder, (events) => {
        const { request, effects } = trial();
        let quiet = false;
        let seen = 0;
        for (const event of events) {
          request.handle(event);
          for (; seen < effects.length; seen++) {
            const type = effects[seen]?.type;
            if (type === "speech") quiet = true;
            if (type === "silence") quiet = false;
          }
          const { name } = request.state;
          if (name !== "listening" && name !== "speculative") expect(quiet).toBe(false);
        }
        request.handle(fault());
        expect(request.state.name).toBe("idle");
      }),
      RUNS,
    );
  });

  it("changes nothing on an event that is not legal", () => {
    fc.assert(
      fc.property(anyOrder, (events) => {
        const { request, effects, refused } = trial();
        for (const event of events) {
          const [state, done, no] = [request.state, effects.length, refused.length];
          request.handle(event);
          if (refused.length === no) continue;
          expect(request.state).toBe(state);
          expect(effects.length).toBe(done);
        }
      }),
      RUNS,
    );
  });
});

describe("for everything that the engine may send a request", () => {
  it("acts for each utterance that ended in words, in order, and for no other", () => {
    const stream = fc.tuple(utteranceOf(1), utteranceOf(2), utteranceOf(3));
    fc.assert(
      fc.property(stream, (utterances) => {
        const { request, effects, refused } = trial();
        for (const event of utterances.flat()) {
          request.handle(event);
          if (request.state.name !== "final") continue;
          request.handle(begin(request.state.utterance));
          request.handle(done(request.state.utterance));
        }
        const expected = utterances.flatMap((events, i) =>
          events[events.length - 1]?.type === "final" ? [i + 1] : [],
        );
        const acted = effects.flatMap((effect) => (effect.type === "act" ? [effect.utterance] : []));
        expect(acted).toEqual(expected);
        expect(refused).toEqual([]);
        expect(request.state.name).toBe("idle");
      }),
      RUNS,
    );
  });
});
