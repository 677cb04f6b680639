// The checks of the project, in the order in which they are most useful: quick ones first.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLibraries, buildPackages, buildScripts } from "./build.ts";
import { clangFormat, packageScript, runProgram } from "./programs.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Outcome extends Counts {
  /** Shown where something failed or was skipped. */
  readonly output: string;
  /** One sentence for what was left out. */
  readonly note?: string;
}

export interface Step {
  readonly name: string;
  readonly what: string;
  run(root: string, log: (line: string) => void): Promise<Outcome>;
}

const TYPE_PROJECTS = [".", "test", "test/system", "host-sim/cli", "host-sim/wyoming"];
const C_FOLDERS = ["native", "host-sim", "test"];

const single = (good: boolean, output: string): Outcome => ({
  passed: good ? 1 : 0,
  failed: good ? 0 : 1,
  skipped: 0,
  output,
});

function total(outcomes: readonly Outcome[]): Outcome {
  const sum = (key: keyof Counts): number => outcomes.reduce((value, outcome) => value + outcome[key], 0);
  const output = outcomes
    .filter(({ failed }) => failed > 0)
    .map((outcome) => outcome.output)
    .join("");
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped"), output };
}

const node = (root: string, script: string, args: readonly string[], env?: NodeJS.ProcessEnv) =>
  runProgram({
    root,
    command: process.execPath,
    args: [packageScript(root, script), ...args],
    env: env ?? process.env,
  });

const types: Step = {
  name: "types",
  what: "TypeScript's types",
  async run(root) {
    const outcomes: Outcome[] = [];
    for (const project of TYPE_PROJECTS) {
      const { code, output } = await node(root, "typescript/bin/tsc", ["-p", project]);
      outcomes.push(single(code === 0, output));
    }
    return total(outcomes);
  },
};

const lint: Step = {
  name: "lint",
  what: "Biome's rules and form of TypeScript and JSON",
  async run(root) {
    const { code, output } = await node(root, "@biomejs/biome/bin/biome", [
      "ci",
      "--colors=off",
      "--max-diagnostics=50",
      ".",
    ]);
    return single(code === 0, output);
  },
};

/** Tracked C files and new ones, but not what git ignores. */
export function cFiles(root: string): string[] {
  if (!existsSync(join(root, ".git"))) return walkC(root);
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard", ...C_FOLDERS], {
    cwd: root,
    encoding: "utf8",
  });
  return [...new Set(listed.split("\0"))].filter((file) => /\.[ch]$/.test(file) && existsSync(join(root, file)));
}

/** For an unpacked archive, which has no git. */
function walkC(root: string): string[] {
  return C_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`),
  ).filter((file) => /\.[ch]$/.test(file));
}

const format: Step = {
  name: "format",
  what: "clang-format's form of C",
  async run(root) {
    const program = clangFormat(root);
    if (program === undefined) {
      const note = "clang-format was not found (Debian package clang-format)";
      return { passed: 0, failed: process.env.CI ? 1 : 0, skipped: 1, output: `${note}\n`, note };
    }
    const { code, output } = await runProgram({
      root,
      command: program,
      args: ["--dry-run", "-Werror", ...cFiles(root)],
    });
    return single(code === 0, output);
  },
};

const native: Step = {
  name: "native",
  what: "C tests under the address and undefined-behavior sanitizers",
  async run(root, log) {
    const { libraries, missing } = await testLibraries(root, log, true);
    const args = ["-C", "test/native", "-j2", "-k", "--no-print-directory", ...libraries];
    // Programs run one after the other, so that their lines do not mix; they were built side by side.
    const { code, output } = await runProgram({
      root,
      command: process.env.MAKE || "make",
      args: [...args, "-Otarget"],
    });
    const counted = countLines(code, output);
    if (missing.length === 0) return counted;
    const note = `cargo, which fetches the sources of ${missing.join(" and ")}, was not found (Debian package cargo)`;
    return { ...counted, skipped: missing.length, note };
  },
};

/** The Makefile's variables for the libraries that the C tests need, and the names of those that can't be had. */
export async function testLibraries(
  root: string,
  log: (line: string) => void,
  sanitize: boolean,
): Promise<{ libraries: string[]; missing: string[] }> {
  const scripts = await buildLibraries(root);
  const { obtainable } = await buildPackages(root);
  const libraries: string[] = [];
  const missing: string[] = [];
  for (const name of ["opus", "speexdsp", "littlefs"] as const) {
    if (!obtainable(name)) {
      missing.push(name);
      continue;
    }
    const { folder, include } = await scripts[name]({ log, sanitize });
    const key = name.toUpperCase();
    libraries.push(`${key}_INCLUDE=${join(folder, include[0] ?? "")}`, `${key}_LIB=${join(folder, `lib${name}.a`)}`);
  }
  return { libraries, missing };
}

/** Sums the lines "N passed, N failed" of many programs. */
function countLines(code: number, output: string): Outcome {
  let passed = 0;
  let failed = 0;
  for (const [, good, bad] of output.matchAll(/(\d+) passed, (\d+) failed/g)) {
    passed += Number(good);
    failed += Number(bad);
  }
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: 0, output };
}

const engine: Step = {
  name: "engine",
  what: "TypeScript tests in the real engine, with the device's memory",
  async run(root, log) {
    const { buildTests, testModules } = await buildScripts(root);
    const folder = await buildTests({ log });
    const { code, output } = await runProgram({ root, command: join(folder, "earshot-xs-test"), args: testModules() });
    return lastCount(code, output);
  },
};

function lastCount(code: number, output: string): Outcome {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (last === undefined) return single(false, output);
  const failed = Number(last[2]);
  return { passed: Number(last[1]), failed: code !== 0 && failed === 0 ? 1 : failed, skipped: 0, output };
}

const scripts: Step = {
  name: "vitest",
  what: "unit tests in Node.js; the whole device on real speech",
  async run(root, log) {
    const { buildHost, buildTests } = await buildScripts(root);
    await buildHost({ log });
    await buildTests({ log });
    const folder = join(root, "build", "vitest");
    mkdirSync(folder, { recursive: true });
    const report = join(folder, "report.json");
    const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--no-color"];
    const { code, output } = await node(root, "vitest/vitest.mjs", args, { ...process.env, EARSHOT_PREPARED: "1" });
    return vitestCounts(code, output, report);
  },
};

function vitestCounts(code: number, output: string, report: string): Outcome {
  if (!existsSync(report)) return single(false, output);
  const counts = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
  };
  const failed = counts.numFailedTests;
  const note = /^NOTE .*$/m.exec(output)?.[0].slice(5);
  const outcome = {
    passed: counts.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: counts.numPendingTests,
    output,
  };
  return note === undefined ? outcome : { ...outcome, note };
}

export const STEPS: readonly Step[] = [types, lint, format, native, engine, scripts];

/** Fuzz programs that the Makefile of the C tests has built. */
export function fuzzPrograms(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith("_fuzz"))
    .sort();
}
