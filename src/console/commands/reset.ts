import { type Command, ConsoleError } from "../command";

export const reset: Command = {
  name: "reset",
  usage: "",
  summary: "starts the program anew; settings, timers and names stay, music goes on",
  details: [],
  most: 0,
  run(_args, device) {
    if (!device.restart()) throw new ConsoleError("not-known", "this board can't restart its program");
    return { lines: [], data: {} };
  },
};
