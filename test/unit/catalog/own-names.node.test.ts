// The storage of these tests is JavaScript memory, and keeps what was written: more than a device has.

import { describe, expect, it } from "vitest";
import { OwnNames } from "../../../src/catalog/own-names";
import { memoryStore } from "../settings/memory-store";

describe("names added by hand", () => {
  it("fill their pages and then are refused", () => {
    const names = new OwnNames(memoryStore());
    let added = 0;
    const letters = (i: number) => [...String(i)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    while (names.add({ name: `${"x".repeat(55)} ${letters(added)}` }) === "done") added++;
    expect(added).toBe(188);
    expect(names.remove(`${"x".repeat(55)} ${letters(3)}`, null)).toBe(1);
    expect(names.add({ name: "anna" })).toBe("done");
  });
});
