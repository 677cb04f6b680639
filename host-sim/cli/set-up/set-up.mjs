// Set-up before a command: what a fresh clone lacks is brought, what is there is left alone. Plain JavaScript, since it
// runs before anything is compiled.
// In: a command's name and its arguments. Out: the command has run; process.exitCode is set. Progress and failures go to
// standard error, one sentence each.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleCommandLine } from "./bundle.mjs";
import { installDependencies } from "./dependencies.mjs";
import { withLock } from "./lock.mjs";
import { missingTools } from "./tools.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Commands that run the firmware; the others build what they need themselves. */
const WITH_FIRMWARE = ["start", "transcribe", "sim", "lattice", "wyoming", "report-echo", "report-model", "soak"];
/** Commands that need the packages of tests, too. */
const FOR_DEVELOPERS = ["test", "lint", "format"];
const COMPILES = [
  ...WITH_FIRMWARE,
  "board",
  "test",
  "bench",
  "fuzz",
  "calibrate",
  "report-decoder",
  "adapt",
  "understand",
  "report-understanding",
];

const say = (text) => process.stderr.write(`earshot: ${text}\n`);

async function prepare(command, help) {
  // Tests run hundreds of commands; what they need was made once before them.
  if (process.env.EARSHOT_PREPARED) return 0;
  if (COMPILES.includes(command) && !help) {
    const sentence = missingTools(join(ROOT, "build"));
    if (sentence) {
      say(sentence);
      return 2;
    }
  }
  mkdirSync(join(ROOT, "build"), { recursive: true });
  return withLock(join(ROOT, "build", "set-up.lock"), say, async () => {
    const failure = await installDependencies(ROOT, FOR_DEVELOPERS.includes(command), say);
    if (failure) {
      say(failure);
      return 1;
    }
    await bundleCommandLine(ROOT, say);
    if (WITH_FIRMWARE.includes(command) && !help) {
      const { buildHost } = await import("../../build/build.mjs");
      await buildHost({ log: say });
    }
    return 0;
  });
}

export async function setUpAndRun([command = "help", ...args]) {
  try {
    const help = args.includes("--help") || args.includes("-h");
    const code = await prepare(command, help);
    if (code !== 0) {
      process.exitCode = code;
      return;
    }
    const { run } = await import(pathToFileURL(join(ROOT, "build", "cli", "main.mjs")).href);
    await run(command, args, ROOT);
  } catch (error) {
    // A BuildError's message is a sentence for the user already.
    say(error instanceof Error ? error.message.trim() : String(error));
    process.exitCode = 1;
  }
}
