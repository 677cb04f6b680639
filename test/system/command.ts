// Runs commands of package.json as a user does. In: a command and its arguments. Out: exit code and what it printed.

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly root?: string;
  /** Called with each piece of output; may signal the process. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const root = options.root ?? ROOT;
  const env = { ...process.env, ...options.env };
  delete env.INIT_CWD;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "host-sim", "setup.cjs"), command, ...args], {
      cwd: options.cwd ?? root,
      env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    const tell = (text: string): void => options.onOutput?.(text, (signal) => child.kill(signal));
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      tell(data.toString());
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
      tell(data.toString());
    });
    child.stdin.on("error", () => {});
    if (options.onOutput === undefined || options.input !== undefined) child.stdin.end(options.input ?? "");
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "earshot-test-"));

/** What a user must never see. */
export const STACK_TRACE = /\n\s+at .*:\d+:\d+/;
