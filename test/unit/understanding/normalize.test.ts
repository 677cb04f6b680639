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

  it("spells short units and telephone numbers out", () => {
    expect(normalize("set a timer for 1h30m")).toBe("set a timer for one hour thirty minutes");
    expect(normalize("10 min, 1 sec")).toBe("ten minutes one second");
    expect(normalize("a 12 oz latte")).toBe("a twelve ounce latte");
    expect(normalize("5 m")).toBe("five m");
    expect(normalize("call 555-1234")).toBe("call five five five one two three four");
    expect(normalize("5551234!")).toBe("five five five one two three four");
    expect(normalize("2-3 days")).toBe("two three days");
    expect(normalize("1,234,567")).toBe("one million two hundred thirty four thousand five hundred sixty seven");
  });

  it("reads any text in the device's memory", () => {
    for (const odd of ["7", "a'", "' ", "é! ", "1.", "$9", "12-", "1,000,", "½", "привет ", "🎵"]) {
      expect(normalize(odd.repeat(500)).length < 3000).toBe(true);
    }
  });
});
