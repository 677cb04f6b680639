// format: brings TypeScript, JSON and C into their form.

import { clangFormat, packageScript, runProgram } from "../checks/programs.ts";
import { cFiles } from "../checks/steps.ts";
import { EXIT_FAULT, EXIT_OK, inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";

export const command: Command = {
  name: "format",
  invocation: "npm run format --",
  summary: "Brings TypeScript and JSON (Biome) and C (clang-format) into their form.",
  options: [],
};

export async function run(_args: Arguments, root: string): Promise<number> {
  const program = clangFormat(root);
  if (program === undefined) throw inputFailure("clang-format was not found: install the Debian package clang-format.");
  const biome = [packageScript(root, "@biomejs/biome/bin/biome"), "check", "--write", "."];
  const first = await runProgram({ root, command: process.execPath, args: biome, echo: true });
  const second = await runProgram({ root, command: program, args: ["-i", ...cFiles(root)], echo: true });
  return first.code === 0 && second.code === 0 ? EXIT_OK : EXIT_FAULT;
}
