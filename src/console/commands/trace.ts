import { type Command, count } from "../command";

export const trace: Command = {
  name: "trace",
  usage: "[N]",
  summary: "shows the last events of the trace",
  details: ["Events without partial hypotheses; long ones are cut. Nothing is kept while the history is off."],
  most: 1,
  run(args, device) {
    const lines = device.trace.last(args[0] === undefined ? undefined : count(args[0], device.trace.capacity));
    return { lines, data: { lines } };
  },
};
