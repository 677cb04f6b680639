// Programs of a check. In: a command line. Out: its exit code and all that it printed.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface Printed {
  readonly code: number;
  readonly output: string;
}

export interface Program {
  readonly root: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Printed as it comes, too. */
  readonly echo?: boolean;
}

export function runProgram({ root, command, args, env, echo = false }: Program): Promise<Printed> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (data: Buffer): void => {
      output += data.toString();
      if (echo) process.stderr.write(data);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}ended by ${signal}\n` }),
    );
  });
}

/** The script of a package, run by this very Node.js: `.bin` links need a shell and a path without surprises. */
export function packageScript(root: string, path: string): string {
  return join(root, "node_modules", ...path.split("/"));
}

/** clang-format of the npm package, where it has one for this machine; else the PC's own. */
export function clangFormat(root: string): string | undefined {
  const packaged = join(
    root,
    "node_modules",
    "clang-format",
    "bin",
    `${process.platform}_${process.arch}`,
    "clang-format",
  );
  if (existsSync(packaged)) return packaged;
  const found = (process.env.PATH ?? "")
    .split(":")
    .find((folder) => folder !== "" && existsSync(join(folder, "clang-format")));
  return found === undefined ? undefined : join(found, "clang-format");
}
