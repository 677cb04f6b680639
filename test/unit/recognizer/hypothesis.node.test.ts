import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHypothesis, HypothesisError, type Word } from "../../../src/recognizer/hypothesis";
import { encodeHypothesis } from "./coded";

const words = fc
  .array(
    fc.record({
      text: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => text.length < 60),
      gap: fc.nat(100_000),
      length: fc.nat(100_000),
      confidence: fc.option(fc.integer({ min: 0, max: 254 }).map((value) => value / 254)),
    }),
    { maxLength: 40 },
  )
  .map((items) => {
    let start = 0;
    return items.map(({ text, gap, length, confidence }): Word => {
      start += gap;
      return { text, start, end: start + length, confidence };
    });
  });

describe("coded hypotheses", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(words, (written) => {
        expect(decodeHypothesis(encodeHypothesis(written)).words).toEqual(written);
      }),
    );
  });

  it("with any bytes changed are read or refused, never anything else", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(words, changes, (written, edits) => {
        const coded = encodeHypothesis(written);
        for (const [at, value] of edits) coded[at % coded.length] = value;
        try {
          decodeHypothesis(coded);
        } catch (error) {
          expect(error).toBeInstanceOf(HypothesisError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
