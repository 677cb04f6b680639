// In local mode no Internet socket is opened, by no process of the run: seen by strace.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "./command.ts";

const there = spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;
const NOTE = "strace was not found (Debian package strace): that no Internet socket is opened was not looked at";
const folder = mkdtempSync(join(tmpdir(), "earshot-strace-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Domains of the sockets that a command and its children asked for. */
function sockets(args: readonly string[], input = ""): string[] {
  const log = join(folder, "log");
  const traced = [
    "-f",
    "-qq",
    "-e",
    "trace=socket,socketpair",
    "-o",
    log,
    process.execPath,
    "host-sim/setup.cjs",
    ...args,
  ];
  const { status } = spawnSync("strace", traced, {
    cwd: ROOT,
    input,
    env: { ...process.env, EARSHOT_PREPARED: "1" },
    timeout: 120_000,
  });
  expect(status).toBe(0);
  return [...readFileSync(log, "utf8").matchAll(/socket(?:pair)?\((\w+)/g)].map((match) => match[1] as string);
}

if (!there) {
  process.stdout.write(`NOTE ${NOTE}\n`);
  it("needs strace", () => expect(process.env.CI, NOTE).toBe(undefined));
}

describe.skipIf(!there)("in local mode", () => {
  it("the packaged requests open no Internet socket", () => {
    expect(sockets(["start", "--plain"]).filter((domain) => domain.startsWith("AF_INET"))).toEqual([]);
  });

  it("the console and every skill open none", () => {
    const lines = [
      "privacy local",
      "say set a timer for ten minutes",
      "say turn on the kitchen light",
      "say what can you do",
    ];
    const asked = ["say what's the weather", "say call mom", "say who wrote hamlet", "privacy", ""];
    const found = sockets(["sim", "--console", "--no-music"], [...lines, ...asked].join("\n"));
    expect(found.filter((domain) => domain.startsWith("AF_INET"))).toEqual([]);
  });
});
