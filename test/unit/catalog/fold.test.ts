import { describe, expect, it } from "testing";
import { fold } from "../../../src/catalog/fold";

describe("fold", () => {
  it("gives spellings that sound alike one form", () => {
    const forms: [string, string[]][] = [
      ["o'neill", ["O'Neill", "O’Neill", "o‘neill", "OʼNEILL"]],
      ["anna lena", ["Anna-Lena", "anna lena", "Anna‑Lena", "Anna, Lena", " Anna  Lena "]],
      ["rock and roll", ["Rock & Roll", "rock&roll", "rock and roll"]],
      ["zoe", ["Zoë", "Zoe\u0308", "ZOE"]],
      ["strasse", ["Straße", "STRASSE"]],
      ["aeroskobing", ["Ærøskøbing"]],
      ["istanbul", ["İstanbul"]],
      ["pho", ["phở"]],
      ["dr no", ["Dr. No", "(Dr.) No!"]],
    ];
    for (const [form, spellings] of forms) {
      for (const spelling of spellings) expect(fold(spelling)).toEqual({ text: form, unspelled: undefined });
    }
  });

  it("tells the first character that it can't spell", () => {
    expect(fold("ab 7 Ж")).toEqual({ text: "ab", unspelled: "7" });
    expect(fold("🎵 tune").unspelled).toBe("🎵");
  });

  it("leaves no word of apostrophes alone", () => {
    expect(fold("'' ' 'em").text).toBe("'em");
  });
});
