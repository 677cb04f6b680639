// Programs that others wrote, as readers of our formats and clients of our servers. Python packages are pinned in
// python-packages.txt and put into build/python once; Debian packages are looked for.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { ROOT } from "./command.ts";

const LIST = join(ROOT, "test", "system", "python-packages.txt");
const FOLDER = join(ROOT, "build", "python");
const MARK = join(FOLDER, "installed.txt");

function pythonProblem(): string | undefined {
  const list = readFileSync(LIST, "utf8");
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === list) return undefined;
  const aside = `${FOLDER}.${process.pid}`;
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  const made = spawnSync("python3", [...args, "--target", aside, "-r", LIST], { encoding: "utf8" });
  if (made.status !== 0) {
    rmSync(aside, { recursive: true, force: true });
    return `python3 and pip could not install test/system/python-packages.txt (Debian packages python3, python3-pip): ${made.error?.message ?? made.stderr.trim().split("\n").at(-1)}`;
  }
  writeFileSync(join(aside, "installed.txt"), list);
  rmSync(FOLDER, { recursive: true, force: true });
  try {
    renameSync(aside, FOLDER);
  } catch {
    rmSync(aside, { recursive: true, force: true }); // another test was quicker
  }
  return undefined;
}

/** Groups tests that want what `problem` says is missing; without it a failure where CI=true. */
function withOther(name: string, problem: string | undefined, body: () => void): void {
  if (problem === undefined) describe(name, body);
  else if (process.env.CI) throw new Error(problem);
  else {
    console.log(`NOTE ${problem}: "${name}" is skipped`);
    describe.skip(name, body);
  }
}

export const withPython = (name: string, body: () => void): void => withOther(name, pythonProblem(), body);

export function withProgram(program: string, debian: string, name: string, body: () => void): void {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  withOther(name, found ? undefined : `${program} was not found (Debian package ${debian})`, body);
}

/** Runs a Python program with the packages; throws what it writes to standard error when it fails. */
export function python(source: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-c", source, ...args], { env: { ...process.env, PYTHONPATH: FOLDER } });
    let out = "";
    let problems = "";
    child.stdout.on("data", (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      problems += data.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(problems))));
  });
}
