// Lists larger than the memory of the device's JavaScript: the command line on a PC reads those.

import { describe, expect, it } from "vitest";
import { MAX_NAMES, parseBiasList } from "../../../src/catalog/bias-list";

describe("parseBiasList, for long lists", () => {
  it("uses as many names as the device has memory for, and names the rest", () => {
    const name = (i: number) => [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const list = parseBiasList(Array.from({ length: MAX_NAMES + 1 }, (_, i) => name(i)).join("\n"));
    expect(list.names.length).toBe(MAX_NAMES);
    expect(list.problems).toEqual([
      { line: MAX_NAMES + 1, reason: "comes after the 1000 names that the device holds" },
    ]);
  });

  it("tells of a hundred thousand names in one sentence, and uses the first ones", () => {
    const letters = (i: number) => [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const list = parseBiasList(Array.from({ length: 100_000 }, (_, i) => letters(i)).join("\n"));
    expect(list.names.length).toBe(MAX_NAMES);
    expect(list.problems).toEqual([
      {
        line: MAX_NAMES + 1,
        reason: "comes after the 1000 names that the device holds, the first of 99000 names beyond that,",
      },
    ]);
  });

  it("names a line of a million characters", () => {
    expect(parseBiasList(`${"x".repeat(1_000_000)}\nanna`)).toEqual({
      names: [{ name: "anna", folded: "anna", class: null, weight: 1, line: 2 }],
      problems: [{ line: 1, reason: "is 1000000 characters long" }],
      refused: null,
    });
  });
});
