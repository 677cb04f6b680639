import type { Command } from "../command";
import type { Report } from "../report";

/** Nominal speed that shares refer to. */
const MIPS = 250;
const TASKS = ["music", "capture", "recognizer", "javascript"];

export const tasks: Command = {
  name: "tasks",
  usage: "",
  summary: "shows what each task has taken of the CPU since the start",
  details: [`Counted work, as a share of a CPU of ${MIPS} million instructions a second; highest priority first.`],
  most: 0,
  run(_args, device) {
    const { t, work } = JSON.parse(device.stats()) as { t?: number; work?: Report };
    const seconds = (t ?? 0) / 16_000;
    const rows = TASKS.map((name) => {
      const { instructions } = (work?.[name] ?? { instructions: 0 }) as { instructions: number };
      return { name, instructions, share: seconds > 0 ? round(instructions / (seconds * MIPS * 1e6)) : 0 };
    });
    const lines = rows.map(({ name, share }) => `${name}: ${(share * 100).toFixed(1)} %`);
    lines.push(`actions waiting: ${device.assistant.running}`);
    return { lines, data: { tasks: rows, waiting: device.assistant.running } };
  },
};

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
