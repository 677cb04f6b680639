import { type Command, ConsoleError, count, onOff, shown } from "../command";

export const log: Command = {
  name: "log",
  usage: "[N | debug on|off]",
  summary: "shows the last lines of the log",
  details: [
    "Each line begins with the time in ms. Small steps and words that were said are in it only after log debug on.",
  ],
  most: 2,
  run(args, device) {
    const [first, second] = args;
    if (first === "debug") {
      if (second !== undefined) device.log.debug = onOff(second);
      const { debug } = device.log;
      return { lines: [`debug: ${debug ? "on" : "off"}`], data: { debug } };
    }
    if (second !== undefined) {
      throw new ConsoleError("bad-argument", `expected N or debug, found ${shown(args.join(" "))}`);
    }
    const lines = device.log.last(first === undefined ? undefined : count(first, device.log.capacity));
    return { lines, data: { lines } };
  },
};
