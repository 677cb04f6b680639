import { describe, expect, it } from "testing";
import { matchPhrase } from "../../../src/skills/phrases";

describe("a wording", () => {
  it("fits its words, with what may be missing and what may be one of several", () => {
    const phrase = "(boil|make) [me] a {style} [boiled] egg";
    expect(matchPhrase(phrase, "make me a hard boiled egg")).toEqual({ style: "hard" });
    expect(matchPhrase(phrase, "boil a very soft egg")).toEqual({ style: "very soft" });
    expect(matchPhrase(phrase, "boil an egg")).toBe(undefined);
    expect(matchPhrase(phrase, "make a egg")).toBe(undefined);
    expect(matchPhrase("help", "help me")).toBe(undefined);
    expect(matchPhrase("{a} to {b}", "one to two to three")).toEqual({ a: "one", b: "two to three" });
    expect(matchPhrase("", "")).toEqual({});
  });

  it("with half a bracket is a mistake of its author", () => {
    for (const bad of ["(a", "a]", "{a b}", "a|b)"]) expect(() => matchPhrase(bad, "a")).toThrow("bracket");
  });
});
