import { describe, expect, it } from "testing";
import { decodeHypothesis, HypothesisError, MAX_WORDS } from "../../../src/recognizer/hypothesis";
import { encodeHypothesis, hypothesisOf } from "./coded";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("decodeHypothesis", () => {
  it("reads words, times and confidence", () => {
    const coded = bytes(1, 2, 0, 160, 0, 0, 0, 64, 1, 0, 0, 255, 2, 111, 110, 64, 1, 0, 0, 0, 0, 1, 0, 127, 1, 97);
    expect(decodeHypothesis(coded)).toEqual({
      text: "on a",
      words: [
        { text: "on", start: 160, end: 320, confidence: null },
        { text: "a", start: 320, end: 65536, confidence: 0.5 },
      ],
    });
  });

  it("reads no words, and a view into a longer buffer", () => {
    expect(decodeHypothesis(bytes(1, 0, 0))).toEqual({ text: "", words: [] });
    const coded = encodeHypothesis(hypothesisOf("turn it up").words);
    const longer = new Uint8Array(coded.length + 10);
    longer.set(coded, 7);
    expect(decodeHypothesis(longer.subarray(7, 7 + coded.length)).text).toBe("turn it up");
  });

  it("refuses every cut of a hypothesis, and bytes after its end", () => {
    const coded = encodeHypothesis(hypothesisOf("stop the music").words);
    for (let length = 0; length < coded.length; length++) {
      let error: unknown;
      try {
        decodeHypothesis(coded.subarray(0, length));
      } catch (caught) {
        error = caught;
      }
      expect(error instanceof HypothesisError).toBe(true);
    }
    expect(() => decodeHypothesis(bytes(...coded, 0))).toThrow("more bytes than words");
  });

  it("reads the confidence that all words are right, and the lattice behind it", () => {
    const { confidence, lattice } = decodeHypothesis(bytes(3, 0, 0, 127, 9, 8));
    expect(confidence).toBe(0.5);
    expect([...(lattice ?? [])]).toEqual([9, 8]);
    expect("confidence" in decodeHypothesis(bytes(3, 0, 0, 255, 9))).toBe(false);
    expect("lattice" in decodeHypothesis(bytes(3, 0, 0, 127))).toBe(false);
  });

  it("names what is wrong and where", () => {
    const one = (start: number, end: number, ...text: number[]) =>
      bytes(1, 1, 0, start, 0, 0, 0, end, 0, 0, 0, 255, text.length, ...text);
    expect(() => decodeHypothesis(bytes(2, 0, 0))).toThrow("version 2 instead of 1 or 3 at byte 0");
    expect(() => decodeHypothesis(bytes(3, 0, 0))).toThrow("the confidence is missing at byte 3");
    expect(() => decodeHypothesis(bytes(1, 255, 255))).toThrow(`more than ${MAX_WORDS} at byte 1`);
    expect(() => decodeHypothesis(one(9, 8, 97))).toThrow("ends before it starts at byte 7");
    expect(() => decodeHypothesis(one(1, 8))).toThrow("a word is empty at byte 12");
    expect(() => decodeHypothesis(one(1, 8, 0xff))).toThrow("not UTF-8 at byte 13");
    const [first, second] = [hypothesisOf("a", 9600).words, hypothesisOf("b", 0).words];
    expect(() => decodeHypothesis(encodeHypothesis([...first, ...second]))).toThrow("starts before the one ahead");
  });
});
