// The PC's microphone and speaker, played by stand-in programs on the search path.

import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { jsonLines, run, temporaryFolder } from "./command.ts";
import { sample, withSpeech } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with programs; the only one on the search path besides the shell's. */
function programs(name: string, scripts: Record<string, string>): NodeJS.ProcessEnv {
  const place = join(folder, name);
  mkdirSync(place);
  for (const [program, body] of Object.entries(scripts)) {
    writeFileSync(join(place, program), `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`);
    chmodSync(join(place, program), 0o755);
  }
  return { PATH: place };
}

const summary = (stdout: string) =>
  jsonLines(stdout).at(-1) as { microphoneLost: number; underruns: number; utterances: { text: string }[] };

withSpeech("a microphone", () => {
  const speak = `echo "$@" > "${folder}/recorder-args"; tail -c +45 "${sample("what-time-is-it-2")}"`;

  it("is heard through arecord at 16 kHz, one channel, and the run ends 2 s after it", async () => {
    const ran = await run("sim", ["--json", "--no-music", "--mic"], { env: programs("mic", { arecord: speak }) });
    expect(ran.code).toBe(0);
    const file = jsonLines((await run("sim", ["--json", "--no-music", sample("what-time-is-it-2")])).stdout).at(-1);
    expect(summary(ran.stdout).utterances).toEqual(file?.utterances);
    expect(readFileSync(join(folder, "recorder-args"), "utf8")).toMatch(/S16_LE -r 16000 -c 1/);
  });

  it("is heard through pw-record where there is no arecord", async () => {
    const ran = await run("sim", ["--json", "--no-music", "--mic"], { env: programs("pw", { "pw-record": speak }) });
    expect(ran.code).toBe(0);
    expect(summary(ran.stdout).utterances.length).toBeGreaterThan(0);
  });

  it("that loses sound gives exit code 3", async () => {
    const env = programs("lossy", { arecord: `echo "overrun!!! (at least 3.1 ms long)" >&2; ${speak}` });
    const ran = await run("sim", ["--json", "--no-music", "--mic"], { env });
    expect(summary(ran.stdout).microphoneLost).toBe(1);
    expect(ran.code).toBe(3);
  });

  it("goes on until it is stopped, and then the run ends in order", async () => {
    const trace = join(folder, "mic.jsonl");
    const env = programs("endless", { arecord: `tail -c +45 "${sample("stop")}"; exec cat /dev/zero` });
    let stopped = false;
    const ran = await run("sim", ["--json", "--no-music", "--mic", "--trace", trace], {
      env,
      onOutput: (text, kill) => {
        if (stopped || !text.includes('"timeout"')) return;
        stopped = true;
        kill("SIGINT");
      },
    });
    expect(ran.code).toBe(0);
    expect(jsonLines(ran.stdout).at(-1)?.type).toBe("summary");
    expect(readFileSync(trace, "utf8")).toContain('"type":"final"');
  });
});

describe("no microphone, no speaker", () => {
  const none = programs("none", {});

  it("is said plainly when no program is there", async () => {
    const mic = await run("sim", ["--mic"], { env: none });
    expect(mic.code).toBe(2);
    expect(mic.stderr).toMatch(/no microphone here: neither arecord nor pw-record/);
    const speaker = await run("sim", ["--speaker"], { env: none });
    expect(speaker.code).toBe(2);
    expect(speaker.stderr).toMatch(/no speaker here: neither aplay nor pw-play/);
  });

  it("is said plainly, in the program's own words, when there is no device", async () => {
    const env = programs("broken", {
      arecord: 'echo "arecord: main:850: audio open error: No such device" >&2; exit 1',
    });
    const ran = await run("sim", ["--no-music", "--mic"], { env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/no microphone here: arecord says: .*No such device/);
  });
});

describe("a speaker", () => {
  it("that hangs does not keep the command alive after two signals", async () => {
    const env = programs("hanging", { aplay: "exec sleep 1000" });
    const { code } = await run("sim", ["--json", "--speaker", "--console=pty"], {
      env,
      onOutput: (text, kill) => {
        if (!text.includes("musicStart")) return;
        kill("SIGINT");
        setTimeout(() => kill("SIGINT"), 500);
      },
    });
    expect(code).toBe(130);
  });

  it("gets what --out gets, in real time", async () => {
    const out = join(folder, "out.wav");
    const played = join(folder, "played.raw");
    const env = programs("speaker", { aplay: `echo "$@" > "${folder}/player-args"; cat > "${played}"` });
    const started = performance.now();
    const ran = await run("sim", ["--speaker", "--out", out], { env });
    expect(ran.code).toBe(0);
    expect(performance.now() - started).toBeGreaterThan(1900);
    expect(readFileSync(played).equals(readFileSync(out).subarray(44))).toBe(true);
    expect(readFileSync(join(folder, "player-args"), "utf8")).toMatch(/S16_LE -r 48000 -c 2/);
  });
});
