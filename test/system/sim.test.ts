// The whole firmware on the virtual board: the same run twice, music without a gap, overload, exit codes.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wavHeader } from "../../host-sim/cli/sound/wav-file.ts";
import { jsonLines, type Ran, ROOT, run, temporaryFolder } from "./command.ts";
import { sample, withSpeech, wordErrorRate } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

interface Summary {
  readonly type: string;
  readonly mips: number | null;
  readonly audioMs: number;
  readonly utterances: { text: string }[];
  readonly underruns: number;
  readonly microphoneLost: number;
  readonly share: Record<string, number>;
  readonly [key: string]: unknown;
}

const SUMMARY_KEYS = [
  ...["type", "board", "mips", "audioMs", "utterances", "underruns", "microphoneLost", "framesLate", "longestSliceMs"],
  ...["longestFrameMs", "shed", "queueFull", "share", "peakShare", "instructionsPerSecond", "weightBytes", "memory"],
];

const summaryOf = (ran: Ran): Summary => jsonLines(ran.stdout).at(-1) as unknown as Summary;

/** Its sources come by cargo, which the main job does without. */
const hasCanceller = existsSync(join(ROOT, "build", "host", "speexdsp")) || process.env.CI !== undefined;

withSpeech("sim on real speech over music", () => {
  let first: Ran;
  const file = sample("coffee");
  beforeAll(async () => {
    first = await run("sim", ["--json", "--trace", path("1.jsonl"), "--out", path("1.wav"), file]);
  });

  it("ends with exit code 0 and the summary in its order", () => {
    expect(first.code).toBe(0);
    expect(first.stderr).toBe("");
    expect(Object.keys(summaryOf(first)).slice(0, SUMMARY_KEYS.length)).toEqual(SUMMARY_KEYS);
    expect(summaryOf(first)).toMatchObject({ type: "summary", board: "host", mips: null });
  });

  it("hears words, plays music without an underrun, and ends 2 s after the file", () => {
    const { utterances, underruns, microphoneLost, share, audioMs } = summaryOf(first);
    expect(utterances.length).toBeGreaterThan(0);
    expect({ underruns, microphoneLost }).toEqual({ underruns: 0, microphoneLost: 0 });
    expect(share.music).toBeGreaterThan(0);
    expect(Math.abs(audioMs - (6100 + 2000))).toBeLessThanOrEqual(20);
  });

  it("prints the events of the trace, byte for byte, and then the summary", () => {
    const lines = first.stdout.trimEnd().split("\n");
    expect(`${lines.slice(0, -1).join("\n")}\n`).toBe(readFileSync(path("1.jsonl"), "utf8"));
  });

  it("writes what was played as a WAV with the plain header", () => {
    const wav = readFileSync(path("1.wav"));
    expect(wav.subarray(0, 44)).toEqual(wavHeader(48000, 2, wav.length - 44));
    expect(wav.length - 44).toBe(Math.round(summaryOf(first).audioMs * 48) * 4);
    expect(wav.subarray(44).some((byte) => byte !== 0)).toBe(true);
  });

  it("does the same again: trace and played sound, byte for byte", async () => {
    await run("sim", ["--trace", path("2.jsonl"), "--out", path("2.wav"), file]);
    expect(readFileSync(path("2.jsonl")).equals(readFileSync(path("1.jsonl")))).toBe(true);
    expect(readFileSync(path("2.wav")).equals(readFileSync(path("1.wav")))).toBe(true);
  });

  it("lowers the music while somebody speaks, and brings it back", () => {
    const ducks = jsonLines(first.stdout).filter(({ type }) => type === "duck");
    expect(ducks.map(({ on }) => on).slice(0, 2)).toEqual([true, false]);
    expect(ducks.at(-1)?.on).toBe(false);
  });

  it("on a CPU that is too slow is late, says so, and still plays without an underrun", async () => {
    const slow = await run("sim", ["--json", "--mips", "60", "--out", path("slow.wav"), file]);
    const summary = summaryOf(slow);
    expect(slow.code).toBe(0);
    expect(summary.underruns).toBe(0);
    expect(summary.mips).toBe(60);
    expect(Number(summary.framesLate)).toBeGreaterThan(0);
    expect(jsonLines(slow.stdout).some(({ type }) => type === "overload")).toBe(true);
    expect(summary.share.idle).toBeLessThan(0.2);
  });

  it("sheds in steps, words late and music clean, and draws where the time went, the same each time", async () => {
    const args = ["--mips", "62.5", "--json", file];
    const slow = await run("sim", ["--timeline", path("slow-1.html"), ...args]);
    await run("sim", ["--timeline", path("slow-2.html"), ...args]);
    const loads = jsonLines(slow.stdout).filter(({ type }) => type === "overload");
    expect(loads[0]).toMatchObject({ load: "narrow" });
    expect(summaryOf(slow).shed).toBeGreaterThan(0);
    expect(summaryOf(slow).underruns).toBe(0);
    expect(summaryOf(slow).microphoneLost).toBe(0);
    const page = readFileSync(path("slow-1.html"), "utf8");
    expect(page).toContain('"slices":[');
    expect(readFileSync(path("slow-2.html"), "utf8")).toBe(page);
  });

  it("at 250 MIPS sheds nothing and is never late", async () => {
    const summary = summaryOf(await run("sim", ["--mips", "250", "--json", file]));
    expect(summary).toMatchObject({ shed: 0, framesLate: 0, underruns: 0, microphoneLost: 0 });
  });

  it.skipIf(!hasCanceller)("hears over its own sound in a room, and what the canceller costs is counted", async () => {
    const room = ["--json", "--room", "0.2", file];
    const clean = summaryOf(await run("sim", room));
    const raw = summaryOf(await run("sim", ["--no-echo-canceller", ...room]));
    const work = ({ instructionsPerSecond }: typeof clean) =>
      (instructionsPerSecond as Record<string, number>).capture ?? 0;
    expect(work(clean)).toBeGreaterThan(work(raw) + 10e6);
  });

  it("plays a user's piece of any common form", async () => {
    const piece = path("piece.wav");
    const tone = Buffer.alloc(2 * 22050 * 3);
    for (let i = 0; i < tone.length / 2; i++) tone.writeInt16LE(Math.round(8000 * Math.sin(i / 10)), 2 * i);
    writeFileSync(piece, Buffer.concat([wavHeader(22050, 1, tone.length), tone]));
    const ran = await run("sim", ["--json", "--music", piece, "--out", path("piece-out.wav"), sample("stop")]);
    expect(ran.code).toBe(0);
    const sum = summaryOf(ran);
    expect(sum.share.music).toBeGreaterThan(0);
    expect(sum.underruns).toBe(0);
  });
});

describe("sim without speech", () => {
  it("with --no-music plays silence", async () => {
    const ran = await run("sim", ["--json", "--no-music", "--out", path("still.wav")]);
    expect(ran.code).toBe(0);
    expect(summaryOf(ran).share.music).toBe(0);
    expect(
      readFileSync(path("still.wav"))
        .subarray(44)
        .every((byte) => byte === 0),
    ).toBe(true);
  });

  it("writes to /dev/stdout without a word of it lost, and refuses one file for two things", () => {
    const log = path("log");
    const sim = (args: string) =>
      spawnSync("sh", ["-c", `node host-sim/setup.cjs sim ${args}`], { cwd: ROOT, encoding: "utf8" });
    sim(`--trace /dev/stdout > "${log}"`);
    expect(readFileSync(log, "utf8")).toMatch(/"type":"musicStart"[\s\S]*no words were heard/);
    const { status, stderr } = sim(`--trace "${log}" --out "${log}"`);
    expect(status).toBe(2);
    expect(stderr).toMatch(/log: expected two files/);
  });

  it("replaces a trace as a whole", async () => {
    writeFileSync(path("old.jsonl"), "old\n".repeat(10_000));
    await run("sim", ["--trace", path("old.jsonl")]);
    expect(readFileSync(path("old.jsonl"), "utf8")).not.toContain("old");
  });
});

describe("a reader that goes away", () => {
  const head = (args: string[]) =>
    spawnSync("sh", ["-c", `node host-sim/setup.cjs sim --json ${args.join(" ")} | head -1`], {
      cwd: ROOT,
      encoding: "utf8",
    });

  it("does not keep the files from being written", () => {
    mkdirSync(path("gone"));
    const { stdout, stderr } = head(["--trace", path("gone/t.jsonl"), "--out", path("gone/o.wav")]);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(stderr).toBe("");
    expect(readdirSync(path("gone")).sort()).toEqual(["o.wav", "t.jsonl"]);
  });

  it("ends a run that has no other purpose", () => {
    const { stderr, status } = head([]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});

describe("start", () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await run("start", []);
  });

  it("ends by itself with exit code 0 and no underrun", () => {
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^0 underruns, 0 microphone blocks lost/m);
    expect(ran.stderr).toBe("");
  });

  it("shows partial words, music and CPU share before the last lines say what was heard", () => {
    const lines = ran.stdout.trimEnd().split("\n");
    const requests = jsonLines(readFileSync(join(ROOT, "host-sim/demo/requests.jsonl"), "utf8"));
    const heard = lines.filter((line) => line.startsWith("heard: "));
    const found = heard.map((line) => line.slice("heard: ".length)).join(" ");
    const expected = requests.map(({ text }) => String(text)).join(" ");
    expect(wordErrorRate([{ expected, found }])).toBeLessThan(0.15);
    expect(lines.slice(-heard.length)).toEqual(heard);
    expect(lines.some((line) => /^ +\d+\.\d s {2}… \S/.test(line))).toBe(true);
    expect(ran.stdout).toMatch(/music plays/);
    expect(ran.stdout).toMatch(/music \d.*%, recognizer \d.*%, JavaScript \d.*%/);
  });
});

describe("every command", () => {
  it.each(["start", "transcribe", "sim", "bench", "fuzz", "test", "lint", "format"])(
    "%s has --help",
    async (command) => {
      const { code, stdout, stderr } = await run(command, ["--help"]);
      expect(code).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toMatch(new RegExp(`npm (run )?(--silent )?${command}`));
      expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
    },
  );
});
