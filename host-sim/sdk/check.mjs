// `npm run check:boards`: proves that the firmware builds through the Moddable SDK, and says what was proved.
// In: MODDABLE, an installed SDK. Out: one sentence a step; exit code 0, 1 when a step failed, 2 without an SDK.
import { BuildError } from "../build/packages.mjs";
import { writeLibraries } from "./libraries.mjs";
import {
  environment,
  linkScripts,
  pack,
  program,
  StepError,
  sameTraces,
  sdkVersion,
  simulator,
  typeCheck,
} from "./steps.mjs";

const HELP = `Builds the firmware through the Moddable SDK for lin, x-cli-lin and ESP32-S3 (up to the link of the
scripts), runs the x-cli-lin program on the packaged requests and compares its trace with the host's.

  MODDABLE=/path/to/moddable npm run check:boards
`;

async function main() {
  if (process.argv.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  const moddable = process.env.MODDABLE;
  if (!moddable) {
    process.stderr.write(
      "check:boards: MODDABLE is not set: it must name an installed Moddable SDK (docs/boards.md); nothing was checked.\n",
    );
    return 2;
  }
  const say = (line) => process.stdout.write(`${line}\n`);
  const env = environment(moddable);
  say(`${sdkVersion(moddable)}.`);
  await writeLibraries((line) => process.stderr.write(`${line}\n`));
  say(simulator(env));
  say(sameTraces(program(env)));
  const { tmp, sentence } = linkScripts(env);
  say(sentence);
  say(typeCheck(tmp, moddable));
  say(pack(env));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof StepError || error instanceof BuildError)) throw error;
  process.stderr.write(`check:boards: ${error.message}\n`);
  process.exitCode = 1;
}
