import { type Command, ConsoleError } from "../command";
import { type Report, reportLines } from "../report";

export const mem: Command = {
  name: "mem",
  usage: "",
  summary: "shows memory: used, highest use, limits",
  details: ["In bytes: the engine's arena, and the heap, stack and key table of JavaScript."],
  most: 0,
  run(_args, device) {
    const { memory } = JSON.parse(device.stats()) as Report;
    if (memory === undefined) throw new ConsoleError("not-known", "this board does not report its memory");
    return { lines: reportLines(memory as Report), data: { memory } };
  },
};
