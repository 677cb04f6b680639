import { describe, expect, it } from "testing";
import type { RecognizerEvent } from "../../../src/recognizer/events";
import { Hypotheses } from "../../../src/recognizer/hypotheses";
import { hypothesisOf } from "./coded";

const partial = (text: string): RecognizerEvent => ({
  type: "partial",
  t: 0,
  utterance: 1,
  hypothesis: hypothesisOf(text),
});
const final = (utterance: number): RecognizerEvent => ({
  type: "final",
  t: 0,
  utterance,
  revision: 0,
  hypothesis: hypothesisOf("stop"),
  reason: "pause",
});

describe("Hypotheses", () => {
  it("keeps what is being heard until the utterance is over", () => {
    const hypotheses = new Hypotheses();
    hypotheses.follow(partial("stop"));
    hypotheses.follow({ type: "reset", t: 0, utterance: 1, revision: 0 });
    expect(hypotheses.partial).toBe("stop");
    hypotheses.follow({ type: "timeout", t: 0, utterance: 1, reason: "pause" });
    expect(hypotheses.partial).toBe("");
    expect(hypotheses.last()).toEqual([]);
  });

  it("keeps the last finals", () => {
    const hypotheses = new Hypotheses();
    for (let i = 1; i <= hypotheses.capacity + 2; i++) hypotheses.follow(final(i));
    expect(hypotheses.last().map((item) => item.utterance)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(hypotheses.last(1).map((item) => item.utterance)).toEqual([10]);
  });
});
