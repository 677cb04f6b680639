import { describe, expect, it } from "testing";
import { readEvent } from "../../../src/recognizer/events";
import { encodeHypothesis, hypothesisOf } from "./coded";

const raw = { type: 0, t: 1600, utterance: 3, revision: 2, value: 1, reason: 0, bytes: undefined };
const bytes = encodeHypothesis(hypothesisOf("stop").words);

describe("readEvent", () => {
  it("gives each raw event its type, in the order of es_event_type", () => {
    const reason = 1;
    const types = Array.from({ length: 12 }, (_, type) => readEvent({ ...raw, type, reason, bytes }).type);
    expect(types).toEqual([
      "listen",
      "partial",
      "speculative",
      "reset",
      "final",
      "timeout",
      "overload",
      "recovered",
      "musicStart",
      "musicEnd",
      "duck",
      "underrun",
    ]);
  });

  it("carries the words, the revision and the reason of a final", () => {
    expect(readEvent({ ...raw, type: 4, reason: 2, bytes })).toEqual({
      type: "final",
      t: 1600,
      utterance: 3,
      revision: 2,
      hypothesis: hypothesisOf("stop"),
      reason: "eou",
    });
    expect(readEvent({ ...raw, type: 10, value: 0 })).toEqual({ type: "duck", t: 1600, utterance: 3, on: false });
  });

  it("says what the governor leaves, and how late the words are", () => {
    expect(readEvent({ ...raw, type: 6, revision: 2, value: 70 })).toEqual({
      type: "overload",
      t: 1600,
      utterance: 3,
      load: "greedy",
      lateMs: 70,
    });
    expect(readEvent({ ...raw, type: 5, reason: 5 })).toEqual({
      type: "timeout",
      t: 1600,
      utterance: 3,
      reason: "overload",
    });
    expect(() => readEvent({ ...raw, type: 6, revision: 4 })).toThrow("load 4 is not known");
  });

  it("refuses what is no event", () => {
    expect(() => readEvent({ ...raw, type: 12 })).toThrow("event type 12 is not known");
    expect(() => readEvent({ ...raw, type: -1 })).toThrow("event type -1 is not known");
    expect(() => readEvent({ ...raw, type: 5, reason: 0 })).toThrow("end reason 0 is not known");
    expect(() => readEvent({ ...raw, type: 1, bytes: bytes.subarray(0, 5) })).toThrow("a word is cut");
  });
});
