import { samplesToMs } from "../../base/time";
import type { HeardUtterance } from "../../recognizer/hypotheses";
import { type Command, count } from "../command";

export const hyp: Command = {
  name: "hyp",
  usage: "[N]",
  summary: "shows the last utterances as they were heard",
  details: ["Newest last; a line that begins with … is being heard now."],
  most: 1,
  run(args, device) {
    const { hypotheses } = device;
    const heard = hypotheses.last(args[0] === undefined ? undefined : count(args[0], hypotheses.capacity));
    const lines = heard.map((item) => `${item.utterance} ${samplesToMs(item.t)} ms: ${item.hypothesis.text}`);
    if (hypotheses.partial !== "") lines.push(`… ${hypotheses.partial}`);
    return { lines, data: { partial: hypotheses.partial, utterances: heard.map(record) } };
  },
};

function record({ utterance, t, revision, reason, hypothesis }: HeardUtterance): object {
  return { utterance, finalMs: samplesToMs(t), revision, reason, text: hypothesis.text };
}
