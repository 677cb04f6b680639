// lint: the checks that need no compiler.

import { runSteps } from "../checks/run.ts";
import { STEPS } from "../checks/steps.ts";
import type { Arguments, Command } from "../options.ts";

const LINTS = ["types", "lint", "format"];

export const command: Command = {
  name: "lint",
  invocation: "npm run lint --",
  summary: "Checks types, rules and form: TypeScript, JSON and C.",
  options: [],
  notes: ["`npm run format` brings everything into form."],
};

export function run(_args: Arguments, root: string): Promise<number> {
  return runSteps(
    STEPS.filter(({ name }) => LINTS.includes(name)),
    root,
  );
}
