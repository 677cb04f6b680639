import { describe, expect, it } from "testing";
import { cardinal, ordinal, spellDigits, year } from "../../../src/understanding/numbers";

describe("numbers", () => {
  it("spells cardinals, ordinals and years", () => {
    expect([0, 7, 20, 45, 100, 215, 1000, 1_234_567].map(cardinal)).toEqual([
      "zero",
      "seven",
      "twenty",
      "forty five",
      "one hundred",
      "two hundred fifteen",
      "one thousand",
      "one million two hundred thirty four thousand five hundred sixty seven",
    ]);
    expect([1, 12, 20, 31, 100, 101].map(ordinal)).toEqual([
      "first",
      "twelfth",
      "twentieth",
      "thirty first",
      "one hundredth",
      "one hundred first",
    ]);
    expect([1100, 1905, 1982, 2000, 2010].map(year)).toEqual([
      "eleven hundred",
      "nineteen oh five",
      "nineteen eighty two",
      "two thousand",
      "twenty ten",
    ]);
  });

  it("spells digits that are no number one by one", () => {
    expect(spellDigits("042")).toBe("zero four two");
    expect(spellDigits("1234567890123")).toBe("one two three four five six seven eight nine zero one two three");
  });
});
