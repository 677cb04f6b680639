// Events of the Wyoming protocol: any split of the bytes gives the same events; bad bytes are refused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventReader, encodeEvent, FramingError, MAX_HEADER } from "../../host-sim/wyoming/framing.ts";

const events = fc.array(
  fc.record({
    type: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
    data: fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    ),
    payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 6 },
);

describe("framing of Wyoming events", () => {
  it("reads what it wrote, however the bytes are split", () => {
    fc.assert(
      fc.property(events, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(({ type, data, payload }) => encodeEvent(type, data, payload)));
        const reader = new EventReader();
        const read = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] as number;
          read.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(reader.partial).toBe(false);
        expect(read.map(({ type, data, payload }) => ({ type, data: { ...data }, payload }))).toEqual(
          sent.map(({ type, data, payload }) => ({ type, data: { ...data }, payload })),
        );
      }),
    );
  });

  it("takes data in the header, and lets the data behind it win", () => {
    const [event] = new EventReader().push(
      Buffer.from('{"type":"ping","data":{"a":1,"b":1},"data_length":7}\n{"b":2}'),
    );
    expect(event?.data).toEqual({ a: 1, b: 2 });
  });

  it.each([
    ["no JSON", "hello\n"],
    ["no object", "[1]\n"],
    ["no type", "{}\n"],
    ["an empty type", '{"type":""}\n'],
    ["data that is no object", '{"type":"a","data":3}\n'],
    ["a negative length", '{"type":"a","payload_length":-1}\n'],
    ["a length that is no number", '{"type":"a","payload_length":"9"}\n'],
    ["more payload than anybody needs", '{"type":"a","payload_length":17000000}\n'],
    ["data that is no JSON", '{"type":"a","data_length":3}\nabc'],
    ["a header without end", "x".repeat(MAX_HEADER + 1)],
  ])("refuses %s", (_, text) => {
    expect(() => new EventReader().push(Buffer.from(text))).toThrow(FramingError);
  });
});
