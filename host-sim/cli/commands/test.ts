// test: everything that must hold.

import { runSteps } from "../checks/run.ts";
import { STEPS } from "../checks/steps.ts";
import { inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";

const names = STEPS.map(({ name }) => name).join(", ");

export const command: Command = {
  name: "test",
  invocation: "npm test --",
  summary: "Runs all checks, or the ones that are named.",
  operands: { name: "CHECK", least: 0, most: STEPS.length, help: names },
  options: [],
  notes: [
    "Real speech is read from the folder EARSHOT_DATA (../shared/data by default); where it is missing, the tests that want it are skipped, and with CI=true that is a failure.",
    "Exit code 0 when all passed, else 1. The last line counts them.",
  ],
};

export function run(args: Arguments, root: string): Promise<number> {
  const { operands } = args;
  for (const name of operands) {
    if (!STEPS.some((step) => step.name === name))
      throw inputFailure(`there is no check ${JSON.stringify(name)}; there are ${names}.`);
  }
  return runSteps(operands.length === 0 ? STEPS : STEPS.filter(({ name }) => operands.includes(name)), root);
}
