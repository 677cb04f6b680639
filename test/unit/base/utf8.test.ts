import { describe, expect, it } from "testing";
import { decodeUtf8, encodeUtf8 } from "../../../src/base/utf8";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("UTF-8", () => {
  it("gives back texts of one to four bytes a character", () => {
    for (const text of ["", "play some jazz", "don't", "café ñandú", "▁hello", "日本", "🎵 on"]) {
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }
  });

  it("reads a range of a longer buffer", () => {
    expect(decodeUtf8(bytes(0xff, 0x6f, 0x6e, 0xff), 1, 3)).toBe("on");
  });

  it("refuses a sequence that is cut, stray or not the shortest", () => {
    const malformed = [[0xc3], [0x80], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]];
    for (const values of malformed) expect(decodeUtf8(bytes(...values))).toBe(undefined);
    expect(decodeUtf8(bytes(0xf4, 0x90, 0x80, 0x80))).toBe(undefined);
    expect(decodeUtf8(bytes(0xe2, 0x96, 0x41))).toBe(undefined);
  });

  it("writes a lone surrogate as the replacement character", () => {
    expect(decodeUtf8(encodeUtf8("\ud800"))).toBe("\ufffd");
  });
});
