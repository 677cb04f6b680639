import { describe, expect, it } from "testing";
import { decodeNames, encodeNames as encodeInto, LIST_VERSION, MAX_LIST_BYTES } from "../../../src/catalog/bias-bytes";
import type { BiasEntry } from "../../../src/catalog/bias-list";
import { phrasesOf } from "../../../src/catalog/name-classes";

/** Two rooms for a full list would not fit the device's memory. */
const room = new Uint8Array(MAX_LIST_BYTES);
const encodeNames = (entries: Iterable<BiasEntry>) => encodeInto(entries, () => room);

describe("names as bytes", () => {
  it("are a head, classes with their phrases, and names", () => {
    const { bytes, names, left } = encodeNames([
      { name: "Zoë", class: "free" },
      { name: "Bo", weight: 1.5 },
    ]);
    const text = (word: string) => [word.length, ...[...word].map((letter) => letter.charCodeAt(0))];
    const head = [LIST_VERSION, 1, 2, 0];
    const expected = [...head, 16, ...text("free"), 0, 1, 16, ...text("zoe"), 0, 24, ...text("bo")];
    expect([...bytes]).toEqual(expected);
    expect([names, left]).toEqual([2, 0]);
  });

  it("carry the phrases of the classes that are known", () => {
    const { bytes } = encodeNames([{ name: "anna", class: "contact" }]);
    const phrases = phrasesOf("contact") ?? [];
    expect(phrases.includes("call")).toBe(true);
    expect(bytes[4 + 1 + 8]).toBe(phrases.length);
  });

  it("come back as they were", () => {
    const names = [
      { name: "anna smith", class: "contact", weight: 1 },
      { name: "living room two", class: null, weight: 2.5 },
      { name: "bo", class: "contact", weight: 0 },
    ];
    expect([...decodeNames(encodeNames(names).bytes)]).toEqual(names);
  });

  it("leave out what can't be used, with a reason, and take the rest", () => {
    const { names, left, problems } = encodeNames([
      { name: "?" },
      { name: "anna" },
      { name: "Иван" },
      { name: "bo", weight: 11 },
    ]);
    expect([names, left]).toEqual([1, 3]);
    expect(problems).toEqual([
      { name: "?", reason: "holds no letters" },
      { name: "Иван", reason: 'has "и", for which the model has no letters' },
      { name: "bo", reason: "has a weight that is not a number from 0 to 10" },
    ]);
  });

  it("tell what finds no room", () => {
    const name = "a".repeat(64);
    const long = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 400; i++) yield { name };
      },
    };
    const { bytes, names, left, problems } = encodeNames(long);
    expect(bytes.length <= MAX_LIST_BYTES && bytes.length > MAX_LIST_BYTES - 67).toBe(true);
    expect(names + left).toBe(400);
    expect(problems[0]?.reason).toBe("finds no room: names take 19500 bytes at most");
    const classes = Array.from({ length: 16 }, (_, i) => ({ name: "anna", class: `c${i}` }));
    expect(encodeNames(classes).problems[0]?.reason).toBe("finds no room: 15 classes are the most");
  });
});
