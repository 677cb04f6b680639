import type { Command } from "../command";
import { MANY } from "../command";
import { intentLine, planLine } from "../requests";

export const nlu: Command = {
  name: "nlu",
  usage: "TEXT",
  summary: "shows what words would mean and do; nothing is done",
  details: [],
  most: MANY,
  run(args, device) {
    const { intent, planned } = device.assistant.consider(args.join(" "), device.now());
    const { plan, skill } = planned;
    const would = plan.kind === "act" ? { skill, name: plan.name, arguments: plan.arguments } : null;
    const refused = plan.kind === "refuse" ? { code: plan.code, answer: plan.answer } : null;
    const { name, slots, confidence, complete } = intent;
    return {
      lines: [intentLine(intent), planLine(planned)],
      data: { intent: { name, slots: { ...slots }, confidence, complete }, action: would, refused },
    };
  },
};
