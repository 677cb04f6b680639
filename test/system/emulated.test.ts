// The whole firmware on the emulated RV32 board: the same words, lattices, intents, trace and played sound as on the host
// (without its voice, which the board has no memory for), bit for bit; controls that must fail; bad input. Needs QEMU and
// the RISC-V compiler.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boardTools } from "../../host-sim/build/make.mjs";
import { jsonLines, type Ran, ROOT, run, temporaryFolder } from "./command.ts";
import { samples, withSpeech } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

const BUILD_MS = 600_000;
const RUN_MS = 120_000;

const { missing } = boardTools() as { missing: string | undefined };

/** Groups tests that want the emulator. */
function withBoard(name: string, body: () => void): void {
  if (missing !== undefined && !process.env.CI) {
    console.log(`NOTE ${missing} "${name}" is skipped`);
    describe.skip(name, body);
  } else describe(name, body);
}

interface Summary {
  readonly board: string;
  readonly underruns: number;
  readonly microphoneLost: number;
  readonly framesLate: number;
  readonly shed: number;
  readonly longestSliceMs: number;
  readonly longestFrameMs: number;
  readonly peakShare: number;
  readonly utterances: readonly { readonly text: string }[];
  readonly memory: { readonly used: number; readonly cap: number };
  readonly [key: string]: unknown;
}

const summaryOf = (ran: Ran): Summary => jsonLines(ran.stdout).at(-1) as unknown as Summary;

const request = (start: string): string => {
  const requests = join(ROOT, "host-sim", "demo", "requests");
  return join(requests, readdirSync(requests).find((name) => name.startsWith(start)) ?? "");
};

/** Words of music and of speech come from two tasks of the board: each in its order, which is all that the host has. */
function byTime(trace: string): string[] {
  const music = new Set(["musicStart", "musicEnd", "duck", "underrun"]);
  return trace
    .split("\n")
    .filter((line) => line !== "")
    .map((line, order) => ({ line, order, event: JSON.parse(line) as { t: number; type: string } }))
    .sort(
      (a, b) =>
        a.event.t - b.event.t || Number(music.has(b.event.type)) - Number(music.has(a.event.type)) || a.order - b.order,
    )
    .map(({ line }) => line);
}

async function both(name: string, file: string, args: readonly string[] = []): Promise<{ host: Ran; board: Ran }> {
  const files = (board: string) => ["--trace", path(`${name}.${board}.jsonl`), "--out", path(`${name}.${board}.wav`)];
  const host = await run("sim", ["--json", "--no-voice", ...files("host"), ...args, file]);
  const board = await run("board", ["--json", ...files("rv32"), ...args, file]);
  return { host, board };
}

function expectSame(name: string): void {
  const text = (board: string) => readFileSync(path(`${name}.${board}.jsonl`), "utf8");
  expect(byTime(text("rv32"))).toEqual(byTime(text("host")));
  expect(readFileSync(path(`${name}.rv32.wav`)).equals(readFileSync(path(`${name}.host.wav`)))).toBe(true);
}

withBoard("the emulated board", () => {
  const file = request("4");
  let ran: { host: Ran; board: Ran };

  beforeAll(async () => {
    ran = await both("first", file);
  }, BUILD_MS);

  it("gives the host's trace, lattices and played samples, bit for bit", () => {
    expect(ran.board.code).toBe(0);
    expectSame("first");
    expect(summaryOf(ran.board).utterances).toEqual(summaryOf(ran.host).utterances);
  });

  it("keeps its deadlines and its memory at 250 MIPS", () => {
    const summary = summaryOf(ran.board);
    expect(summary).toMatchObject({
      board: "rv32",
      mips: 250,
      underruns: 0,
      microphoneLost: 0,
      framesLate: 0,
      shed: 0,
    });
    expect(summary.longestFrameMs).toBeLessThanOrEqual(60);
    expect(summary.peakShare).toBeLessThan(0.7);
    expect(summary.memory.used).toBeLessThanOrEqual(summary.memory.cap);
    const keys = Object.keys(summary);
    expect(keys).toEqual(expect.arrayContaining(Object.keys(summaryOf(ran.host))));
  });

  it(
    "gives the same bytes each run",
    async () => {
      const again = await run("board", ["--json", "--trace", path("2.jsonl"), "--out", path("2.wav"), file]);
      expect(again.stdout).toBe(ran.board.stdout);
      expect(readFileSync(path("2.jsonl")).equals(readFileSync(path("first.rv32.jsonl")))).toBe(true);
      expect(readFileSync(path("2.wav")).equals(readFileSync(path("first.rv32.wav")))).toBe(true);
    },
    RUN_MS,
  );

  it(
    "answers on its console",
    async () => {
      const { code, stdout } = await run("board", ["--console", "--no-music"], {
        input: "volume 30\nvolume\nnonsense\n",
      });
      expect(code).toBe(0);
      const replies = stdout.split("\n").filter((line) => !/^\d+ /.test(line)); // without the log
      expect(replies.join("\n")).toContain("volume: 30\nok\nvolume: 30\nok\nerror unknown");
    },
    RUN_MS,
  );

  it("refuses a speed that the emulator has not", async () => {
    const { code, stderr } = await run("board", ["--mips", "100"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--mips: expected one of 500, 250, 125, 62.5; found 100/);
  });
});

withBoard("controls of the emulated board: what must fail does", () => {
  it(
    "too slow a chip is late and says so, and the music is clean",
    async () => {
      const { code, stdout } = await run("board", ["--json", "--mips", "62.5", request("4")]);
      const events = jsonLines(stdout);
      const summary = events.at(-1) as unknown as Summary;
      expect(code).toBe(0);
      expect(summary.underruns).toBe(0);
      expect(summary.framesLate + summary.shed).toBeGreaterThan(0);
      expect(events.some(({ type }) => type === "overload")).toBe(true);
    },
    RUN_MS,
  );

  it(
    "music below the recogniser breaks, and the break is heard",
    async () => {
      const ran = await run("board", ["--json", "--mips", "62.5", "--test", "music-last=1", request("4")]);
      expect(ran.code).toBe(3);
      expect(summaryOf(ran).underruns).toBeGreaterThan(0);
    },
    RUN_MS,
  );
});

withBoard("settings in the board's flash", () => {
  const settings = path("settings.bin");
  const ask = (line: string, words: readonly string[] = []) =>
    run("board", ["--console", "--no-music", "--settings", settings, ...words], { input: `${line}\n` });

  it(
    "survive a reset, and a damaged partition gives the defaults and one line",
    async () => {
      for (const [line, reply] of [
        ["volume 31", "volume: 31\nok"],
        ["volume", "volume: 31\nok"],
        ["volume 32", "volume: 32\nok"],
        ["volume", "volume: 32\nok"],
      ] as const) {
        const { code, stdout } = await ask(line);
        expect(code).toBe(0);
        expect(stdout).toContain(reply);
      }
      writeFileSync(settings, Buffer.alloc(1 << 20, 0x5a));
      const damaged = await ask("volume");
      expect(damaged.stdout).toContain("error storage: the settings in flash were damaged: defaults are used");
      expect(damaged.stdout).toContain("volume: 50\nok");
    },
    RUN_MS,
  );

  it(
    "a flash that answers with errors is named, and the firmware goes on",
    async () => {
      const { code, stdout } = await ask("volume", ["--test", "flash-errors=1"]);
      expect(code).toBe(0);
      expect(stdout).toContain("error storage: the settings in flash can't be read (IO)");
      expect(stdout).toContain("volume: 50\nok");
    },
    RUN_MS,
  );
});

withBoard("the emulated board and bad input", () => {
  it(
    "plays on with a damaged model, and says so in one line",
    async () => {
      const model = readFileSync(join(ROOT, "models", "earshot.esm"));
      model[model.length >> 1] = (model[model.length >> 1] as number) ^ 4;
      writeFileSync(path("damaged.esm"), model);
      const { code, stdout, stderr } = await run("board", ["--json", "--model", path("damaged.esm"), request("4")]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /error model: the model in flash can't be used \(CHECKSUM at byte \d+\): nothing is heard/,
      );
      const summary = jsonLines(stdout).at(-1) as unknown as Summary;
      expect(summary.underruns).toBe(0);
      expect((summary.share as { music: number }).music).toBeGreaterThan(0);
    },
    RUN_MS,
  );

  it(
    "outlives a serial line of noise at full speed",
    async () => {
      let state = 1;
      const noise = Buffer.from(
        Array.from({ length: 20_000 }, () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return state >>> 24;
        }),
      );
      const { code, stdout } = await run("board", ["--console", "--test", "raw=1"], { input: noise });
      expect(code).toBe(0);
      expect(stdout).toMatch(/error console: \d+ lines came faster than they could be answered and were dropped/);
    },
    RUN_MS,
  );

  it(
    "plays on when the microphone stops",
    async () => {
      const ran = await run("board", ["--json", "--test", "broken-after=100", request("4")]);
      expect(ran.code).toBe(3);
      expect(ran.stderr).toMatch(/error microphone: no sound comes/);
      expect(summaryOf(ran).underruns).toBe(0);
    },
    RUN_MS,
  );
});

withSpeech("the emulated board on real speech", () => {
  withBoard("the emulated board on real speech", () => {
    it(
      "hears what the host hears, and plays the same samples",
      async () => {
        for (const [index, { path: file }] of samples().entries()) {
          const { board } = await both(`speech${index}`, file);
          expect(board.code).toBe(0);
          expectSame(`speech${index}`);
        }
      },
      BUILD_MS,
    );
  });
});
