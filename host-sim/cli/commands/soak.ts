// soak: simulated days of a speaker's life on the virtual board, as fast as this PC allows.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Device, keepLog } from "../device/device.ts";
import { failureOf, failureOfEnd } from "../device/host-error.ts";
import { releasedModel } from "../device/model-file.ts";
import { EXIT_FAULT, EXIT_OK } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";
import { Soak, type SoakResult } from "../soak/soak.ts";
import { toCapture } from "../sound/capture.ts";
import { musicForDevice } from "../sound/music-file.ts";
import { openSound } from "../sound/sound-file.ts";
import { userPath } from "../user-path.ts";

const HOURS = 72;
const MIPS = 250;

export const command: Command = {
  name: "soak",
  invocation: "npm run soak --",
  summary:
    "Simulated days of a speaker's life: requests by day and night, music, broken scripts, full queues, a power cut a day.",
  options: [
    { name: "hours", value: "N", help: `simulated hours, ${HOURS} by default` },
    { name: "mips", value: "N", help: `a CPU of N million instructions a second, ${MIPS} by default` },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    { name: "json", help: "the result as one JSON object" },
  ],
  notes: [
    "Exit code 0 when no request was lost without a reason, the music never broke off and memory stayed what it was after the first hour; 1 when not.",
  ],
};

async function feed(device: Device, root: string): Promise<void> {
  const folder = join(root, "host-sim", "demo", "requests");
  for (const file of readdirSync(folder).sort()) {
    await device.beginFile(file);
    for await (const block of toCapture(await openSound(join(folder, file)))) await device.sound(block);
    await device.endFile();
  }
  device.endJobs();
}

export async function run(args: Arguments, root: string): Promise<number> {
  const model = args.text("model");
  const hours = args.number("hours", 1, 10_000) ?? HOURS;
  const music = await musicForDevice(join(root, "host-sim", "demo", "music.opus"));
  const soak = new Soak();
  try {
    const device = new Device({
      root,
      model: model === undefined ? releasedModel(root) : userPath(model),
      mips: args.number("mips", 1, 100_000) ?? MIPS,
      music: music.path,
      soak: hours,
    });
    const log = keepLog(device.log);
    const stop = (): void => device.hangUp();
    process.on("SIGINT", stop);
    const feeding = feed(device, root);
    for await (const { record } of device.records()) {
      if (record.type === "error") throw failureOf(record);
      soak.add(record);
      if (record.type === "mark") say(`${record.hour} of ${hours} hours: ${soak.progress()}`);
    }
    await feeding;
    process.removeListener("SIGINT", stop);
    const failure = failureOfEnd(await device.ended, log());
    if (failure !== undefined) throw failure;
  } finally {
    await music.remove();
  }
  const result = soak.result();
  await print(args.flag("json") ? `${JSON.stringify(result)}\n` : textOf(result));
  return result.problems.length === 0 ? EXIT_OK : EXIT_FAULT;
}

function textOf(result: SoakResult): string {
  const { hours, requests, ends, memory } = result;
  const lines = [
    `${hours} hours, ${requests} requests: ${Object.entries(ends)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(", ")}`,
    `${result.underruns} underruns, ${result.microphoneLost} microphone blocks lost, ${result.framesLate} frames late, ${result.queueFull} found a queue full, ${result.shed} frames shed`,
    `${result.scriptRestarts} restarts of the script, ${result.powerCuts} of the device`,
    `memory after the first hour and at most since: ${Object.entries(memory)
      .map(([name, [first, most]]) => `${name} ${first} and ${most}`)
      .join(", ")}`,
    ...(result.problems.length === 0 ? ["passed"] : result.problems.map((problem) => `FAILED: ${problem}`)),
  ];
  return `${lines.join("\n")}\n`;
}
