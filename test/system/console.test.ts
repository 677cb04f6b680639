// The serial console as a user of `sim --console` sees it.

import { closeSync, constants, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { jsonLines, run, temporaryFolder } from "./command.ts";

const talk = (input: string | Buffer, ...args: string[]) => run("sim", ["--console", "--no-music", ...args], { input });

describe("the console", () => {
  it("answers each line, with ok or an error as the last line of a reply, and ends with its input", async () => {
    const { code, stdout } = await talk("status\nnonsense\nvolume 30\nvolume\n");
    expect(code).toBe(0);
    const ends = stdout.split("\n").filter((line) => line === "ok" || line.startsWith("error "));
    expect(ends).toHaveLength(4);
    expect(ends.map((line) => line.split(" ")[0])).toEqual(["ok", "error", "ok", "ok"]);
    expect(stdout).toMatch(/volume: 30/);
  });

  it("knows the commands of the first version", async () => {
    const { stdout } = await talk("help\n");
    for (const name of "help status stats play pause stop volume mute listen hyp model mem log".split(" ")) {
      expect(stdout).toMatch(new RegExp(`^${name}\\b`, "m"));
    }
  });

  it("takes CR, LF and CRLF for the same, and a last line without an end", async () => {
    const { stdout } = await talk("volume 11\r\nvolume 12\rvolume 13\nvolume");
    expect(stdout.match(/^ok$/gm)).toHaveLength(4);
    expect(stdout).toMatch(/volume: 13\nok\n$/);
  });

  it("refuses a line of 5,000 characters and goes on", async () => {
    const { code, stdout } = await talk(`${"x".repeat(5000)}\nstatus\n`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^error \S+ /);
    expect(stdout).toMatch(/\nok\n$/);
    expect(stdout.length).toBeLessThan(5000);
  });

  it("says how long a line was that is longer than its buffer", async () => {
    const { stdout } = await talk(`${"x".repeat(20_007)}\n${"ö".repeat(9001)}\nstatus\n`);
    expect(stdout.match(/(?<=this one )\d+/g)).toEqual(["20007", "9001"]);
    expect(stdout).toMatch(/\nok\n$/);
  });

  it("refuses binary lines and goes on", async () => {
    const binary = Buffer.from([...Array(256).keys()].filter((byte) => byte !== 10 && byte !== 13));
    const { code, stdout } = await talk(Buffer.concat([binary, Buffer.from("\nstatus\n")]));
    expect(code).toBe(0);
    expect(stdout).toMatch(/error \S+ /);
    expect(stdout).toMatch(/\nok\n$/);
  });

  it("gives letters outside ASCII back as they came", async () => {
    const { stdout } = await talk("größe\n");
    expect(stdout).toMatch(/^error unknown .*größe/);
  });

  it("gives one object a line with --json, and the summary last", async () => {
    const { stdout } = await talk("status\nbogus\n", "--json");
    const lines = jsonLines(stdout);
    expect(lines.filter(({ type }) => type === "reply").map(({ ok }) => ok)).toEqual([true, false]);
    expect(lines.at(-1)?.type).toBe("summary");
  });

  it("plays, pauses and stops the music", async () => {
    const { stdout } = await run("sim", ["--console"], { input: "pause\nstatus\nplay\nstatus\nstop\nstatus\n" });
    expect(stdout.match(/^music: \w+/gm)).toEqual(["music: paused", "music: playing", "music: stopped"]);
  });
});

/** Reads what is there within `ms`. */
async function readTerminal(terminal: number, ms: number, until: RegExp): Promise<string> {
  let text = "";
  const buffer = Buffer.alloc(4096);
  for (let waited = 0; waited < ms && !until.test(text); waited += 20) {
    try {
      text += buffer.toString("utf8", 0, readSync(terminal, buffer));
    } catch {
      await pause(20); // nothing yet
    }
  }
  return text;
}

describe("the console on a pseudo-terminal", () => {
  it("ends, and leaves nothing behind, when the terminal that started it is closed", async () => {
    const folder = temporaryFolder();
    let told = false;
    const { code } = await run("sim", ["--console=pty", "--trace", join(folder, "t.jsonl")], {
      onOutput: (text, kill) => {
        if (told || !text.includes("the console is at")) return;
        told = true;
        kill("SIGHUP");
      },
    });
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(["t.jsonl"]);
    rmSync(folder, { recursive: true });
  });

  it("names the terminal, answers there, and ends in order when it is stopped", async () => {
    let reply = "";
    let talking: Promise<void> | undefined;
    const { code, stderr } = await run("sim", ["--console=pty", "--no-music"], {
      onOutput: (text, kill) => {
        const terminal = /\/dev\/\S+?(?=;)/.exec(text)?.[0];
        if (terminal === undefined || talking !== undefined) return;
        talking = (async () => {
          const file = openSync(terminal, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
          writeSync(file, "status\r");
          reply = await readTerminal(file, 10_000, /ok\r?\n/);
          closeSync(file);
          kill("SIGTERM");
        })();
      },
    });
    await talking;
    expect(reply).toMatch(/state: idle/);
    expect(reply).toMatch(/ok/);
    expect(stderr).toMatch(/the console is at \/dev\//);
    expect(code).toBe(0);
  });
});
