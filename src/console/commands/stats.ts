import type { Command } from "../command";
import { type Report, reportLines } from "../report";

export const stats: Command = {
  name: "stats",
  usage: "",
  summary: "shows the engine's counters",
  details: ["Counted work and times are in device time; memory is shown by mem."],
  most: 0,
  run(_args, device) {
    const { memory: _memory, ...counters } = JSON.parse(device.stats()) as Report;
    return { lines: reportLines(counters), data: { stats: counters } };
  },
};
