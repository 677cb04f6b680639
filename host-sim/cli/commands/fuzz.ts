// fuzz: mutated inputs for every parser, under sanitizers.

import { join } from "node:path";
import { runProgram } from "../checks/programs.ts";
import { fuzzPrograms, testLibraries } from "../checks/steps.ts";
import { EXIT_FAULT, EXIT_OK, fault } from "../failure.ts";
import { fuzzScripts } from "../fuzz/scripts.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";

const FULL = 1_000_000;
const SHORT = 20_000;

export const command: Command = {
  name: "fuzz",
  invocation: "npm run fuzz --",
  summary: `Feeds mutated inputs to every parser under the address and undefined-behavior sanitizers: ${FULL} each.`,
  operands: { name: "PARSER", least: 0, most: 100, help: "only these, such as model or wav" },
  options: [
    { name: "short", help: `${SHORT} inputs each` },
    { name: "count", value: "N", help: "this many inputs each" },
    { name: "seed", value: "N", help: "of the mutations; input n depends on the seed and n alone" },
  ],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const count = args.number("count", 1, 1e9) ?? (args.flag("short") ? SHORT : FULL);
  const seed = args.number("seed", 0, 2 ** 32) ?? 1;
  const out = join(root, "build", "native-test");
  const { libraries } = await testLibraries(root, say, true);
  const target = ["-C", "test/native", "-j2", "--no-print-directory", `OUT=${out}`, ...libraries, "fuzz"];
  const made = await runProgram({ root, command: process.env.MAKE || "make", args: target });
  if (made.code !== 0) throw fault(`the fuzzers could not be compiled:\n${made.output.trim()}`);
  const wanted = (name: string): boolean => args.operands.length === 0 || args.operands.includes(name);
  let passed = 0;
  let failed = 0;
  const report = async (name: string, code: number, output: string): Promise<void> => {
    if (code === 0) passed++;
    else failed++;
    await print(`${name.padEnd(10)} ${output.trim().replaceAll("\n", `\n${" ".repeat(11)}`)}\n`);
  };
  for (const program of fuzzPrograms(join(out, "fuzz"))) {
    const name = program.replace(/_fuzz$/, "");
    if (!wanted(name)) continue;
    const { code, output } = await runProgram({
      root,
      command: join(out, "fuzz", program),
      args: [String(count), String(seed)],
    });
    await report(name, code, output);
  }
  for (const { name, run: fuzz } of fuzzScripts(root)) {
    if (!wanted(name)) continue;
    const { code, output } = await fuzz(count, seed);
    await report(name, code, output);
  }
  await print(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? EXIT_FAULT : EXIT_OK;
}
