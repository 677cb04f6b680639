// board: the whole firmware on the emulated board, a 32-bit chip with 512 KB and a pre-emptive kernel.

import { buffer } from "node:stream/consumers";
import { BoardRun } from "../board/board-run.ts";
import { SPEEDS } from "../board/emulator.ts";
import { boardScripts } from "../checks/build.ts";
import { releasedModel, releasedUnderstanding } from "../device/model-file.ts";
import { EXIT_INTERRUPTED, EXIT_OK, Failure, inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, readerGone, say } from "../output.ts";
import { fileMicrophone } from "../session/microphone.ts";
import { userPath } from "../user-path.ts";
import { JsonView } from "../view/json.ts";
import { PlainView } from "../view/plain.ts";
import { QuietView } from "../view/quiet.ts";
import type { View } from "../view/view.ts";
import { parseDate } from "./date.ts";
import { MUSIC_OPTIONS, musicOf } from "./music.ts";

export const command: Command = {
  name: "board",
  invocation: "npm run --silent board --",
  summary:
    "Boots the whole firmware on an emulated RV32 chip with 512 KB of memory, every instruction counted: it listens from the first sample on, while music plays.",
  operands: {
    name: "FILE",
    least: 0,
    most: 1000,
    help: "what the microphone hears, one after the other: WAV, FLAC or Ogg Opus; the run ends 2 s after the last",
  },
  options: [
    { name: "json", help: "events as JSON Lines, the run summary as the last line" },
    { name: "console", help: "the board's serial console on standard input and output; ends with its input" },
    ...MUSIC_OPTIONS,
    { name: "mips", value: "N", help: `speed of the chip, ${[...SPEEDS.keys()].join(", ")} (250 without it)` },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    { name: "trace", value: "FILE", help: "write the events to FILE; the same input gives the same bytes" },
    { name: "out", value: "FILE.wav", help: "write what the speaker played: 48 kHz, 16 bit, stereo" },
    { name: "date", value: "ISO", help: "the device's calendar at the start, such as 2026-01-01T08:00:00" },
    { name: "settings", value: "FILE", help: "keep the board's settings in FILE from one run to the next" },
    {
      name: "test",
      value: "WORDS",
      help: "what must fail in tests: music-last=1, broken-after=BLOCKS, raw=1, flash-errors=1",
    },
  ],
  notes: [
    "It needs the Debian packages qemu-system-misc, gcc-riscv64-unknown-elf and picolibc-riscv64-unknown-elf, and cargo the first time.",
    "Exit code 0; 2 when something given can't be used; 3 when sound was lost (an underrun or a lost microphone block); 1 for a fault of ours.",
  ],
};

const DEFAULT_MIPS = 250;
const DEFAULT_DATE = "2026-01-01T08:00:00";

export async function run(args: Arguments, root: string): Promise<number> {
  const json = args.flag("json");
  const withConsole = args.flag("console");
  const view: View = json ? new JsonView() : withConsole ? new QuietView() : new PlainView();
  const started = performance.now();
  const board = new BoardRun(await optionsOf(args, root));
  const stop = (): void => board.stop();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  let alone = false;
  void readerGone().then(() => {
    alone = true;
    if (args.text("trace") === undefined && args.text("out") === undefined) board.stop();
  });
  try {
    const { summary, exitCode } = await board.run({
      record: view.record.bind(view),
      serial: withConsole ? print : (data) => void process.stderr.write(data),
    });
    await view.end(summary, performance.now() - started);
    return exitCode;
  } catch (error) {
    if (alone && error instanceof Failure && error.exitCode === EXIT_INTERRUPTED) return EXIT_OK;
    throw error;
  } finally {
    view.close();
  }
}

async function optionsOf(args: Arguments, root: string) {
  const mips = args.number("mips", 1, 100_000) ?? DEFAULT_MIPS;
  if (!SPEEDS.has(mips))
    throw inputFailure(`--mips: expected one of ${[...SPEEDS.keys()].join(", ")}; found ${args.text("mips")}.`);
  const files = args.operands.map((file) => ({ file, path: userPath(file) }));
  const microphone = files.length === 0 ? undefined : await fileMicrophone(files);
  const music = musicOf(args, root);
  const model = args.text("model") ?? releasedModel(root);
  const live = args.flag("console") && process.stdin.isTTY === true;
  const lines = args.flag("console") && !live ? { lines: await buffer(process.stdin) } : undefined;
  const { buildBoard, qemuCpu } = await boardScripts(root);
  const { image } = await buildBoard({ log: say });
  return {
    image,
    cpu: qemuCpu,
    mips,
    model: { file: model, path: userPath(model) },
    understanding: { file: "understanding.esu", path: releasedUnderstanding(root) },
    music,
    microphone,
    date: parseDate(args.text("date") ?? DEFAULT_DATE),
    json: args.flag("json"),
    console: live ? ("live" as const) : lines,
    words: (args.text("test") ?? "").split(" ").filter((word) => word !== ""),
    trace: args.text("trace"),
    out: args.text("out"),
    settings: args.text("settings"),
  };
}
