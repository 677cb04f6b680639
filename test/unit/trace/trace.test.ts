import { describe, expect, it } from "testing";
import type { EngineEvent } from "../../../src/recognizer/events";
import { Trace } from "../../../src/trace/trace";
import { hypothesisOf } from "../recognizer/coded";

const lines = (...events: EngineEvent[]) => {
  const trace = new Trace();
  return events.map((event) => trace.line(event));
};
const hypothesis = hypothesisOf("turn it up", 1600);

describe("Trace", () => {
  it("writes keys in their order, without spaces", () => {
    expect(
      lines(
        { type: "listen", t: 0, utterance: 1 },
        { type: "partial", t: 9600, utterance: 1, hypothesis },
        { type: "speculative", t: 16_000, utterance: 1, revision: 0, hypothesis },
        { type: "reset", t: 17_600, utterance: 1, revision: 0 },
        { type: "timeout", t: 32_000, utterance: 2, reason: "input" },
        { type: "duck", t: 14_400, utterance: 1, on: true },
        { type: "musicStart", t: 4800, utterance: 0 },
        { type: "overload", t: 4800, utterance: 1, load: "narrow", lateMs: 57 },
      ),
    ).toEqual([
      '{"t":0,"type":"listen","utterance":1}',
      '{"t":9600,"type":"partial","utterance":1,"text":"turn it up"}',
      '{"t":16000,"type":"speculative","utterance":1,"revision":0,"text":"turn it up"}',
      '{"t":17600,"type":"reset","utterance":1,"revision":0}',
      '{"t":32000,"type":"timeout","utterance":2,"reason":"input"}',
      '{"t":14400,"type":"duck","utterance":1,"on":true}',
      '{"t":4800,"type":"musicStart","utterance":0}',
      '{"t":4800,"type":"overload","utterance":1,"load":"narrow","lateMs":57}',
    ]);
  });

  it("writes a final with its words and the speculative end that stood", () => {
    const final: EngineEvent = {
      type: "final",
      t: 24_000,
      utterance: 1,
      revision: 1,
      hypothesis: hypothesisOf("turn it", 1600),
      reason: "pause",
    };
    const speculative = (t: number, revision: number): EngineEvent => ({
      type: "speculative",
      t,
      utterance: 1,
      revision,
      hypothesis,
    });
    const start =
      '{"t":24000,"type":"final","utterance":1,"revision":1,"text":"turn it","startMs":100,"endMs":700,"reason":"pause",';
    const end =
      '"words":[{"word":"turn","startMs":100,"endMs":400,"confidence":null},{"word":"it","startMs":400,"endMs":700,"confidence":null}]}';
    const reset: EngineEvent = { type: "reset", t: 17_600, utterance: 1, revision: 0 };
    expect(lines(speculative(16_000, 0), reset, speculative(20_000, 1), final)[3]).toBe(
      `${start}"speculativeMs":1250,${end}`,
    );
    expect(lines(speculative(16_000, 0), reset, final)[2]).toBe(`${start}"speculativeMs":null,${end}`);
    expect(lines(speculative(16_000, 0), { type: "listen", t: 0, utterance: 2 }, final)[2]).toBe(
      `${start}"speculativeMs":null,${end}`,
    );
  });

  it("writes words with quotation marks and other letters as JSON", () => {
    const hypothesis = hypothesisOf('"café"');
    const line = lines({ type: "partial", t: 0, utterance: 1, hypothesis })[0] as string;
    expect((JSON.parse(line) as { text: string }).text).toBe('"café"');
  });
});
