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

  it("spells digits as people say them", () => {
    const forms: [string, string][] = [
      ["living room two", "Living Room 2"],
      ["lamp twelve", "lamp12"],
      ["studio fifty four", "Studio 54"],
      ["route sixty six", "Route-66"],
      ["fifth avenue", "5th Avenue"],
      ["twenty first", "21st"],
      ["twentieth", "20TH"],
      ["one thousand two hundred thirty", "1230"],
      ["zero zero seven", "007"],
      ["one two three four five six seven", "1234567"],
      ["three throne", "3throne"],
      ["zero", "0"],
    ];
    for (const [form, spelling] of forms) expect(fold(spelling)).toEqual({ text: form, unspelled: undefined });
  });

  it("tells the first character that it can't spell", () => {
    expect(fold("ab 7 Ж")).toEqual({ text: "ab seven", unspelled: "ж" });
    expect(fold("🎵 tune").unspelled).toBe("🎵");
  });

  it("leaves no word of apostrophes alone", () => {
    expect(fold("'' ' 'em").text).toBe("'em");
  });
});
