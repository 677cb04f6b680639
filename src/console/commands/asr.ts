import { samplesToMs } from "../../base/time";
import type { Word } from "../../recognizer/hypothesis";
import type { Command } from "../command";

export const asr: Command = {
  name: "asr",
  usage: "",
  summary: "shows the last utterance word by word",
  details: ["Times in ms from the start, confidence in percent; then how the utterance ended."],
  most: 0,
  run(_args, { hypotheses, assistant }) {
    const [last] = hypotheses.last(1);
    const { ready, finals } = assistant.counts;
    const lines = hypotheses.partial === "" ? [] : [`… ${hypotheses.partial}`];
    if (last !== undefined) {
      lines.push(...last.hypothesis.words.map(wordLine));
      lines.push(
        `utterance ${last.utterance} ended at ${samplesToMs(last.t)} ms: ${last.reason}, revision ${last.revision}`,
      );
    }
    lines.push(`understood before the final: ${ready} of ${finals}`);
    const words = last?.hypothesis.words.map((word) => ({
      word: word.text,
      startMs: samplesToMs(word.start),
      endMs: samplesToMs(word.end),
      confidence: word.confidence,
    }));
    return {
      lines,
      data: { partial: hypotheses.partial, utterance: last?.utterance ?? null, words: words ?? [], ready, finals },
    };
  },
};

function wordLine({ text, start, end, confidence }: Word): string {
  const sure = confidence === null ? "" : `  ${Math.round(confidence * 100)} %`;
  return `${samplesToMs(start)}–${samplesToMs(end)}  ${text}${sure}`;
}
