// Names through the whole firmware: a name that a person says is heard with the list and not without, by every command
// that takes one; names added at the console are used and kept.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { jsonLines, run, temporaryFolder } from "./command.ts";
import { sample, withSpeech } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** "play the beatles", which the released model alone does not spell. */
const SAID = "play the beatles";
const SOUND = "play-the-beatles";

withSpeech("a list of names", () => {
  it("makes the right name of a wrong word, in a class behind its words and without one everywhere", async () => {
    const plain = await run("transcribe", [sample(SOUND)]);
    expect(plain.stdout).not.toContain(SAID);
    for (const list of [
      "The Beatles\tplaylist\n",
      "The Beatles\n",
      "Zoë\nBeatles\tplaylist\t2\nthe beatles\t\t1.5\n",
    ]) {
      const { code, stdout, stderr } = await run("transcribe", ["--bias", put("names", list), sample(SOUND)]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(`: ${SAID}\n`);
    }
  });

  it("leaves alone what has no such name in it", async () => {
    const files = ["stop", "set-a-timer", "what-time-is-it-2", "coffee"].map(sample);
    const list = put("others", "The Beatles\tplaylist\nAnna Smith\tcontact\nLiving Room 2\troom\nJarvis\n");
    const [plain, named] = await Promise.all([run("transcribe", files), run("transcribe", ["--bias", list, ...files])]);
    expect(named.stdout).toBe(plain.stdout);
  });

  it("shows in the lattice what it added, apart from what was heard", async () => {
    const list = put("names", "The Beatles\tplaylist\n");
    const { stdout } = await run("lattice", ["--json", "--bias", list, sample(SOUND)]);
    const [lattice] = jsonLines(stdout) as unknown as [{ edges: { word: string; bias: number; best: boolean }[] }];
    const bonus = (word: string): number => lattice.edges.find((edge) => edge.best && edge.word === word)?.bias ?? 0;
    expect(bonus("beatles")).toBeGreaterThan(0);
    expect(bonus("play")).toBe(0);
  });

  it("works in sim too, in the same way each time", async () => {
    const list = put("names", "The Beatles\tplaylist\n");
    const traces = ["a", "b"].map((name) => join(folder, name));
    for (const trace of traces) {
      const { code, stdout } = await run("sim", ["--bias", list, "--trace", trace, sample(SOUND)]);
      expect(code).toBe(0);
      expect(stdout).toContain(SAID);
    }
    expect(readFileSync(traces[0] as string, "utf8")).toBe(readFileSync(traces[1] as string, "utf8"));
  });
});

describe("names at the console", () => {
  it("are spelled by the model, listed with those of a file, and refused one by one", async () => {
    const list = put("names", "Jarvis\n");
    const lines = [
      "bias add class=contact Anna",
      "bias load",
      "Bo\tcontact\t2",
      "Иван",
      ".",
      "bias list",
      "bias test anna",
    ];
    const { code, stdout } = await run("sim", ["--bias", list, "--console", "--no-music"], {
      input: `${lines.join("\n")}\n`,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/names: \d+\nok\n/);
    expect(stdout).toContain('error bad-argument "Иван" has "и", for which the model has no letters\n');
    expect(stdout).toMatch(/names: \d+\n {2}jarvis\n {2}Anna, contact\n {2}Bo, contact, weight 2\n/);
    expect(stdout).toMatch(/name: anna\npieces: (\S+ )*\S+\n(or: .*\n)*listed: contact, weight 1\nok\n/);
  });
});
