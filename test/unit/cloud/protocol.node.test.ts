import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAnswer, decodeUp, encodeAnswer, encodeUp, FrameError } from "../../../src/cloud/protocol";

const u32 = fc.nat(2 ** 31 - 1).map((value) => value * 2 + (value % 2));
const up = fc.oneof(
  fc.record({
    type: fc.constantFrom("speculative" as const, "final" as const),
    session: u32,
    lattice: fc.uint8Array({ minLength: 1, maxLength: 4096 }),
  }),
  fc.record({
    type: fc.constantFrom("committed" as const, "reset" as const, "cancel" as const),
    session: u32,
    utterance: u32,
    revision: u32,
  }),
);
const answer = fc.record({
  session: u32,
  utterance: u32,
  revision: u32,
  confidence: fc.nat(254).map((value) => value / 254),
  path: fc.array(fc.nat(0xffff), { maxLength: 160 }),
});

describe("frames of the up-link", () => {
  it("come back as they were sent, both ways", () => {
    fc.assert(
      fc.property(up, (frame) => {
        expect(decodeUp(encodeUp(frame))).toEqual(frame);
      }),
    );
    fc.assert(
      fc.property(answer, (frame) => {
        const bytes = encodeAnswer(frame);
        // Three bytes an edge at most would not fit the bound: such paths are refused, others come back.
        if (bytes.length > 352) expect(() => decodeAnswer(bytes)).toThrow(FrameError);
        else expect(decodeAnswer(bytes)).toEqual(frame);
      }),
    );
  });

  it("are refused whole where they are anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        for (const decode of [decodeUp, decodeAnswer]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(FrameError);
          }
        }
      }),
    );
  });

  it("have one form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const framed = Uint8Array.from([1, 2 + ((bytes[0] ?? 0) % 3), ...bytes]);
        let frame: ReturnType<typeof decodeUp>;
        try {
          frame = decodeUp(framed);
        } catch {
          return;
        }
        expect(encodeUp(frame)).toEqual(framed);
      }),
    );
  });
});
