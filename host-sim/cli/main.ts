// The command line of the PC: finds the command, reads its options, runs it, turns failures into sentences and exit
// codes. Called by set-up/ when everything that the command needs is there.

import { EXIT_FAULT, EXIT_OK, Failure } from "./failure.ts";
import { type Arguments, type Command, helpText, parseArguments } from "./options.ts";
import { say, watchReader } from "./output.ts";

interface Module {
  readonly command: Command;
  run(args: Arguments, root: string): Promise<number>;
}

const COMMANDS: Record<string, () => Promise<Module>> = {
  start: () => import("./commands/start.ts"),
  transcribe: () => import("./commands/transcribe.ts"),
  sim: () => import("./commands/sim.ts"),
  board: () => import("./commands/board.ts"),
  lattice: () => import("./commands/lattice.ts"),
  understand: () => import("./commands/understand.ts"),
  wyoming: () => import("./commands/wyoming.ts"),
  adapt: () => import("./commands/adapt.ts"),
  "report-model": () => import("./commands/report-model.ts"),
  soak: () => import("./commands/soak.ts"),
  "report-understanding": () => import("./commands/report-understanding.ts"),
  "report-echo": () => import("./commands/report-echo.ts"),
  "report-decoder": () => import("./commands/report-decoder.ts"),
  calibrate: () => import("./commands/calibrate.ts"),
  bench: () => import("./commands/bench.ts"),
  test: () => import("./commands/test.ts"),
  fuzz: () => import("./commands/fuzz.ts"),
  lint: () => import("./commands/lint.ts"),
  format: () => import("./commands/format.ts"),
};

export async function run(name: string, args: readonly string[], root: string): Promise<void> {
  watchReader();
  try {
    process.exitCode = await dispatch(name, args, root);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}

async function dispatch(name: string, args: readonly string[], root: string): Promise<number> {
  const load = COMMANDS[name];
  if (load === undefined) {
    say(`there is no command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(", ")}.`);
    return EXIT_FAULT;
  }
  const { command, run: runCommand } = await load();
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(helpText(command));
    return EXIT_OK;
  }
  return runCommand(parseArguments(command, args), root);
}
