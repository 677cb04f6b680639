// The serial console on a pseudo-terminal, as a terminal program and as a person's keys meet it.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODEL, PROGRAM } from "./firmware";

let host: ChildProcess;
let terminal = -1;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  host = spawn(PROGRAM, ["--model", MODEL, "--console", "pty"], { stdio: ["ignore", "pipe", "pipe"] });
  const lines = createInterface({ input: host.stdout as NodeJS.ReadableStream });
  const ready = await new Promise<string>((resolve) => lines.once("line", resolve));
  const { terminal: path } = JSON.parse(ready) as { terminal: string };
  terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
});

afterAll(() => {
  if (terminal >= 0) closeSync(terminal);
  host.kill("SIGKILL");
});

/** Everything that comes until a line `ok` or `error …` has ended. */
async function reply(replies = 1): Promise<string> {
  const chunk = Buffer.alloc(4096);
  let text = "";
  for (let waited = 0; waited < 5000; waited += 10) {
    try {
      text += chunk.toString("utf8", 0, readSync(terminal, chunk));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    if ([...text.matchAll(/^(ok|error .*)\r\n/gm)].length >= replies) return text;
    await pause(10);
  }
  throw new Error(`no reply, only ${JSON.stringify(text)}`);
}

/** Throws away what the kernel holds. */
async function drain(): Promise<void> {
  const chunk = Buffer.alloc(4096);
  for (let quiet = 0; quiet < 10; ) {
    try {
      readSync(terminal, chunk);
      quiet = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      quiet++;
      await pause(20);
    }
  }
}

describe("the serial console on a pseudo-terminal", () => {
  it("answers a program without an echo", async () => {
    writeSync(terminal, "volume 20\r\n");
    expect(await reply()).toBe("volume: 20\r\nok\r\n");
  });

  it("takes pasted lines once, in order, whatever ends them", async () => {
    writeSync(terminal, "volume 21\nvolume 22\r\nvolume 23\rvolume\n");
    const text = await reply(4);
    expect(text.match(/volume: \d+/g)).toEqual(["volume: 21", "volume: 22", "volume: 23", "volume: 23"]);
  });

  it("echoes a person's keys, and deletes whole letters", async () => {
    for (const key of [..."volux\x7fme 3ö\x7f1\r"]) {
      writeSync(terminal, key);
      await pause(30);
    }
    expect(await reply()).toBe("volux\b \bme 3ö\b \b1\r\nvolume: 31\r\nok\r\n");
  });

  it("refuses a line of 5,000 characters and goes on", async () => {
    writeSync(terminal, `${"x".repeat(4000)}`);
    await pause(50);
    writeSync(terminal, `${"x".repeat(1000)}\n`);
    expect(await reply()).toMatch(/error too-long/);
    writeSync(terminal, "volume\n");
    expect(await reply()).toContain("volume: 31");
  });

  it("goes on when nobody reads, and says what was lost", async () => {
    let log = "";
    host.stderr?.on("data", (data: Buffer) => {
      log += data.toString();
    });
    for (let i = 0; i < 3; i++) {
      writeSync(terminal, "help\n".repeat(100)); // more replies than the kernel holds
      await pause(1500);
    }
    await drain();
    writeSync(terminal, "volume\n");
    expect(await reply()).toMatch(/\r\nvolume: 31\r\nok\r\n$/);
    await pause(100);
    expect(log).toMatch(/nobody read the terminal, \d+ bytes to it were lost/);
  });

  it("ends in order when it is told to while nobody reads", async () => {
    writeSync(terminal, "help\n".repeat(300));
    await pause(4000);
    const end = new Promise<number | null>((resolve) => host.once("exit", (code) => resolve(code)));
    host.kill("SIGTERM");
    expect(await end).toBe(0);
  });
});

/** Starts the program its arguments name, says its process number and waits. */
const PARENT = `
  const [program, ...args] = process.argv.slice(1);
  const options = { detached: true, stdio: ["ignore", "inherit", "ignore"] };
  const { pid } = require("node:child_process").spawn(program, args, options);
  process.stderr.write(String(pid));
`;

describe("the host", () => {
  it("ends in order when its parent is killed, although a terminal has no end", async () => {
    const parent = spawn(process.execPath, ["-e", PARENT, PROGRAM, "--model", MODEL, "--console", "pty"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let pid = "";
    let records = "";
    parent.stderr.on("data", (data: Buffer) => {
      pid += data.toString();
    });
    parent.stdout.on("data", (data: Buffer) => {
      if (records === "") parent.kill("SIGKILL"); // the host is ready
      records += data.toString();
    });
    // Its standard output stays open as long as the host has it.
    const closed = new Promise<boolean>((resolve) => parent.stdout.once("end", () => resolve(true)));
    try {
      expect(await Promise.race([closed, pause(10_000)])).toBe(true);
      expect(records).toMatch(/"type":"summary"/);
    } finally {
      if ((await Promise.race([closed, pause(0)])) !== true) process.kill(Number(pid), "SIGKILL");
    }
  });
});
