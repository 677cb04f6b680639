import { type Command, ConsoleError } from "../command";

export const factory: Command = {
  name: "factory",
  usage: "yes",
  summary: "erases settings, timers, lists, names and history, and starts anew",
  details: ["Needs the word yes: what is erased can't be had back."],
  most: 1,
  run(args, device) {
    if (args[0] !== "yes") throw new ConsoleError("bad-argument", "factory yes erases everything; nothing was done");
    device.eraseAll();
    device.restart();
    return { lines: [], data: {} };
  },
};
