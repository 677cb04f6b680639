import { describe, expect, it } from "testing";
import { numberWords } from "../../../src/skills/words";
import {
  clockTime,
  colorOf,
  dayOf,
  degreesOf,
  digitsOf,
  directionOf,
  durationSeconds,
  itemsOf,
  levelOf,
  numberOf,
} from "../../../src/understanding/values";

describe("numbers", () => {
  it("are what they were made of, spoken and typed", () => {
    for (let n = 0; n < 2000; n++) expect(numberOf(numberWords(n))).toBe(n);
    for (const n of [2000, 12_345, 999_999]) expect(numberOf(numberWords(n))).toBe(n);
    expect(numberOf("a hundred and five")).toBe(105);
    expect(numberOf("forty-two")).toBe(42);
    expect(numberOf("three point five")).toBe(3.5);
    expect([numberOf("42"), numberOf("4.5")]).toEqual([42, 4.5]);
    for (const bad of ["", "eleventy", "twelve minutes", "5.5.5", "a", "point"]) expect(numberOf(bad)).toBe(undefined);
  });

  it("said digit by digit are a telephone number, with oh as zero", () => {
    expect(digitsOf("four oh seven")).toBe("407");
    expect(digitsOf("double five five one two")).toBe("55512");
    expect(digitsOf("anna")).toBe(undefined);
    expect(digitsOf("five")).toBe(undefined);
  });
});

describe("spans", () => {
  it("are every number from 1 to 90 of every unit, spoken, typed and as the name of a timer", () => {
    for (const [unit, seconds] of [
      ["second", 1],
      ["minute", 60],
      ["hour", 3600],
    ] as const) {
      for (let n = 1; n <= 90; n++) {
        const plural = n === 1 ? unit : `${unit}s`;
        expect(durationSeconds(`${numberWords(n)} ${plural}`)).toBe(n * seconds);
        expect(durationSeconds(`${n} ${plural}`)).toBe(n * seconds);
        expect(durationSeconds(`${numberWords(n)} ${unit}`)).toBe(n * seconds);
        expect(durationSeconds(`${numberWords(n)} and a half ${plural}`)).toBe(Math.round((n + 0.5) * seconds));
      }
    }
  });

  it("have halves, quarters and parts", () => {
    const spans: readonly (readonly [string, number])[] = [
      ["half an hour", 1800],
      ["half hour", 1800],
      ["half a minute", 30],
      ["an hour and a half", 5400],
      ["a minute and a half", 90],
      ["one and a half hours", 5400],
      ["three and a half minutes", 210],
      ["a quarter of an hour", 900],
      ["three quarters of an hour", 2700],
      ["two hours and five minutes", 7500],
      ["one hour thirty minutes", 5400],
      ["ten minutes twenty seconds", 620],
      ["a couple of minutes", 120],
      ["a year", 31_536_000],
      ["zero minutes", 0],
    ];
    for (const [words, seconds] of spans) expect(durationSeconds(words)).toBe(seconds);
    for (const bad of ["", "ten", "minutes", "for", "soon", "and a half"]) expect(durationSeconds(bad)).toBe(undefined);
  });
});

describe("clock times", () => {
  const shown = (words: string): string => {
    const time = clockTime(words);
    if (time === undefined) return "none";
    return `${time.hour}:${time.minute}${time.exact ? "" : "?"}`;
  };

  it("are read in all their forms", () => {
    const times: readonly (readonly [string, string])[] = [
      ["seven", "7:0?"],
      ["seven o'clock", "7:0?"],
      ["seven thirty", "7:30?"],
      ["seven oh five", "7:5?"],
      ["half past six", "6:30?"],
      ["quarter to two", "1:45?"],
      ["a quarter past twelve", "0:15?"],
      ["ten to one", "0:50?"],
      ["five past nine pm", "21:5"],
      ["seven a m", "7:0"],
      ["seven thirty p m", "19:30"],
      ["12:30 am", "0:30"],
      ["twelve thirty pm", "12:30"],
      ["twelve am", "0:0"],
      ["noon", "12:0"],
      ["midnight", "0:0"],
      ["eight in the evening", "20:0"],
      ["six in the morning", "6:0"],
      ["two at night", "2:0"],
      ["nine tonight", "21:0"],
      ["eighteen fifteen", "18:15"],
      ["19:05", "19:5"],
      ["six hundred", "6:0?"],
    ];
    for (const [words, time] of times) expect(`${words} ${shown(words)}`).toBe(`${words} ${time}`);
  });

  it("that do not exist are none", () => {
    for (const bad of ["", "twenty five", "seven sixty", "25:00", "half past", "ten to", "now", "seven eight nine"]) {
      expect(`${bad} ${shown(bad)}`).toBe(`${bad} none`);
    }
  });
});

describe("days", () => {
  it("are near, named, repeated or dates", () => {
    expect(dayOf("tomorrow")).toEqual({ inDays: 1 });
    expect(dayOf("tomorrow morning")).toEqual({ inDays: 1, half: "am" });
    expect(dayOf("tonight")).toEqual({ inDays: 0, half: "pm" });
    expect(dayOf("on friday")).toEqual({ weekday: 5 });
    expect(dayOf("next sunday")).toEqual({ weekday: 0 });
    expect(dayOf("every monday")).toEqual({ every: "week", weekday: 1 });
    expect(dayOf("every day")).toEqual({ every: "day" });
    expect(dayOf("on weekdays")).toEqual({ every: "weekday" });
    expect(dayOf("on weekends")).toEqual({ every: "weekend" });
    expect(dayOf("on march third")).toEqual({ month: 3, day: 3 });
    expect(dayOf("the twenty first of october")).toEqual({ month: 10, day: 21 });
    expect(dayOf("july the fourth")).toEqual({ month: 7, day: 4 });
    expect(dayOf("christmas")).toEqual({ month: 12, day: 25 });
    for (const bad of ["", "soon", "march", "march fortieth", "someday"]) expect(dayOf(bad)).toBe(undefined);
  });
});

describe("levels, degrees, colors, directions and items", () => {
  it("are one value for all spellings", () => {
    for (const words of ["fifty percent", "50%", "fifty per cent", "50 percent"]) {
      expect(levelOf(words)).toEqual({ value: 50, percent: true });
    }
    for (let n = 0; n <= 100; n++) expect(levelOf(`${numberWords(n)} percent`)).toEqual({ value: n, percent: true });
    expect(levelOf("seven")).toEqual({ value: 7, percent: false });
    expect(levelOf("the maximum")).toEqual({ value: 100, percent: true });
    expect(levelOf("loud")).toBe(undefined);
    expect([degreesOf("twenty one degrees"), degreesOf("68"), degreesOf("minus two degrees")]).toEqual([21, 68, -2]);
    expect(colorOf("warm white")).toEqual([255, 214, 170]);
    expect(colorOf("kitchen")).toBe(undefined);
    const words = ["up", "louder", "down", "quieter", "softer", "it's too loud", "it's too quiet", "sideways"];
    expect(words.map(directionOf)).toEqual([1, 1, -1, -1, -1, -1, 1, undefined]);
    expect(itemsOf("milk, some bread and eggs")).toEqual(["milk", "bread", "eggs"]);
  });
});
