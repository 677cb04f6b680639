import { describe, expect, it } from "testing";
import { normalize } from "../../../src/understanding/normalize";

describe("normalize", () => {
  it("spells numbers as the request texts do", () => {
    const forms: [string, string][] = [
      ["Alarm at 7:30 am", "alarm at seven thirty am"],
      ["7:05", "seven oh five"],
      ["8:00", "eight o'clock"],
      ["8:00pm", "eight pm"],
      ["set it to 20%", "set it to twenty percent"],
      ["20.5°", "twenty point five degrees"],
      ["1982", "nineteen eighty two"],
      ["2026", "twenty twenty six"],
      ["2005", "two thousand five"],
      ["play 70s rock", "play seventies rock"],
      ["the 3rd of may", "the third of may"],
      ["on the 21st", "on the twenty first"],
      ["mp3", "mp three"],
      ["1,000 things", "one thousand things"],
      ["$5", "five dollars"],
      ["007", "zero zero seven"],
      [
        "12345678901234567890",
        "one two three four five six seven eight nine zero one two three four five six seven eight nine zero",
      ],
    ];
    for (const [written, said] of forms) expect(normalize(written)).toBe(said);
  });

  it("takes capitals, marks and accents away and keeps apostrophes", () => {
    expect(normalize("  What’s THE weather in Zürich?! ")).toBe("what's the weather in zurich");
    expect(normalize("rock & roll, please...")).toBe("rock and roll please");
    expect(normalize("twenty-five")).toBe("twenty five");
  });

  it("gives nothing for what has no words", () => {
    for (const text of ["", "   ", "?!", "привет", "🎵", "''"]) expect(normalize(text)).toBe("");
  });
});
