import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBiasList } from "../../../src/catalog/bias-list";
import { fold } from "../../../src/catalog/fold";

const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("fold, for every text", () => {
  it("gives letters, apostrophes and single spaces", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fold(text).text).toMatch(/^([a-z']+( [a-z']+)*)?$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("folds composed and decomposed letters alike, and a folded form to itself", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."aéîõüçñşžāřĳ'- ") });
    fc.assert(
      fc.property(letters, (text) => {
        expect(fold(text.normalize("NFD")).text).toBe(fold(text.normalize("NFC")).text);
        expect(fold(fold(text).text).text).toBe(fold(text).text);
      }),
    );
  });

  it("accounts for every line of a list: used, empty, alike, or named with a reason", () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 10 }), (lines) => {
        const list = parseBiasList(lines.join("\n"));
        const named = new Set([...list.names, ...list.problems].map((item) => item.line));
        expect(named.size).toBe(list.names.length + list.problems.length);
        if (list.refused === null) expect(named.size).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
