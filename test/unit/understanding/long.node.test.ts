// Texts longer than any request: on a PC they come from files, and the device's memory has no room for such a test.

import { describe, expect, it } from "vitest";
import { normalize } from "../../../src/understanding/normalize";
import { Understanding } from "../../../src/understanding/understanding";

const LONG = "word ".repeat(10_000);

describe("a text that is too long for a request", () => {
  it("is read no further than a request can be", () => {
    expect(normalize(LONG).length).toBeGreaterThan(640);
    expect(normalize(LONG).length).toBeLessThan(701);
  });

  it("is none", () => {
    const refused = '{"error":"FULL"}';
    const understanding = new Understanding({ scoreText: () => refused, scoreLattice: () => refused });
    expect(understanding.understandText(LONG)).toEqual({ name: "none", slots: {}, confidence: 1, complete: true });
  });
});
