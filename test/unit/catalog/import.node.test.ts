// Texts that the device's memory could not hold, and any text at all.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryLine, entryOf, parseEntryLine } from "../../../src/catalog/entry";
import { importText } from "../../../src/catalog/import";
import { parseJson } from "../../../src/catalog/json-text";

describe("importing", () => {
  it("refuses a whole company in one sentence", () => {
    expect(importText("a\n".repeat(10_001)).refused).toBe("expected at most 10000 entries; found 10001");
    expect(importText("").refused).toBe("expected names; found none");
  });

  it("takes any text, and gives records or a reason", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(
          fc.constantFrom(
            '"',
            ",",
            "\n",
            "\r\n",
            "Anna",
            "device",
            "{",
            "}",
            "[",
            "]",
            ":",
            "BEGIN:VCARD",
            "FN:x",
            "END:VCARD",
            "\\u00",
            " ",
          ),
          { maxLength: 40 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (words) => {
        const { records, refused } = importText(words);
        expect(records.length > 0).toBe(refused === null);
        for (const { place, ...record } of records) {
          expect(place).not.toBe("");
          const entry = entryOf(record);
          if (typeof entry === "string") expect(entry).toMatch(/^(has|holds) /);
          else expect(parseEntryLine(entryLine(entry))).toEqual(entry);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it("reads every JSON value as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const plain = (read: ReturnType<typeof parseJson>): unknown =>
          read instanceof Map
            ? Object.fromEntries([...read].map(([key, inner]) => [key, plain(inner)]))
            : Array.isArray(read)
              ? read.map(plain)
              : read;
        expect(JSON.stringify(plain(parseJson(JSON.stringify(value))))).toBe(JSON.stringify(value));
      }),
    );
  });
});
