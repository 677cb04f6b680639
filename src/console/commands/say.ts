import { type Command, ConsoleError, MANY } from "../command";
import { intentLine } from "../requests";

export const say: Command = {
  name: "say",
  usage: "TEXT",
  summary: "does what the words ask, as if they had been spoken",
  details: ["The last line before ok is what the speaker answers."],
  most: MANY,
  run(args, device) {
    if (args.length === 0) throw new ConsoleError("bad-argument", "expected words");
    const request = device.say(args.join(" "));
    const { intent, entry } = request;
    const answer = request.answer();
    const lines = [intentLine(intent)];
    if (entry.action !== "") lines.push(`action: ${entry.skill} ${entry.action}, ${entry.result}`);
    else lines.push(`no action: ${entry.result}`);
    if (answer !== "") lines.push(answer);
    const { name, slots, confidence } = intent;
    return {
      lines,
      data: {
        intent: { name, slots: { ...slots }, confidence },
        skill: entry.skill,
        action: entry.action,
        result: entry.result,
        answer,
      },
    };
  },
};
