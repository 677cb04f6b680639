import type { Command } from "../command";
import { type Report, reportLines } from "../report";

export const model: Command = {
  name: "model",
  usage: "",
  summary: "shows the acoustic model in use",
  details: [],
  most: 0,
  run(_args, device) {
    const report = JSON.parse(device.model()) as Report;
    return { lines: reportLines(report), data: { model: report } };
  },
};
