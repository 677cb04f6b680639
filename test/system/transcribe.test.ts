// The form of transcript records, and that a batch hears what a single run hears.

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Device } from "../../host-sim/cli/device/device.ts";
import { spellingOf } from "../../host-sim/cli/device/pieces.ts";
import { isTraceEvent } from "../../host-sim/cli/device/records.ts";
import { Utterances } from "../../host-sim/cli/device/transcript.ts";
import { wavHeader } from "../../host-sim/cli/sound/wav-file.ts";
import { jsonLines, ROOT, run, temporaryFolder } from "./command.ts";
import { hasData, sample, samples, withSpeech } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MODEL = join(ROOT, "models", "earshot.esm");

const RECORD_KEYS = ["file", "text", "words", "utterances", "endpoint", "nbest", "lattice", "intent", "stats"];
const UTTERANCE_KEYS = ["startMs", "endMs", "text", "words", "endpoint", "nbest", "lattice", "intent"];

/** What the firmware hears when the sound comes in pieces of these sizes. */
async function hearInPieces(samples16: Int16Array, sizes: readonly number[]): Promise<unknown> {
  const device = new Device({ root: ROOT, model: MODEL, transcribe: true });
  const utterances = new Utterances(spellingOf(MODEL));
  const feeding = (async () => {
    await device.beginFile("pieces");
    for (let at = 0, i = 0; at < samples16.length; i++) {
      const size = sizes[i % sizes.length] as number;
      await device.sound(samples16.subarray(at, at + size));
      at += size;
    }
    await device.endFile();
    device.endJobs();
  })();
  for await (const { record } of device.records()) if (isTraceEvent(record)) utterances.add(record);
  await feeding;
  expect((await device.ended).code).toBe(0);
  return utterances.list;
}

const soundOf = (path: string): Int16Array => {
  const bytes = readFileSync(path).subarray(44);
  return new Int16Array(new Uint8Array(bytes).buffer);
};

withSpeech("transcribe", () => {
  it("writes the keys of a record in their order, with null where a later version fills in", async () => {
    const { stdout } = await run("transcribe", ["--json", sample("what-time-is-it-2")]);
    const [record] = jsonLines(stdout);
    expect(Object.keys(record as object)).toEqual(RECORD_KEYS);
    const utterances = record?.utterances as Record<string, unknown>[];
    expect(utterances.length).toBeGreaterThan(0);
    for (const utterance of utterances) {
      expect(Object.keys(utterance)).toEqual(UTTERANCE_KEYS);
      expect(Object.keys(utterance.intent as object)).toEqual(["name", "slots", "confidence"]);
      const nbest = utterance.nbest as { text: string; score: number }[];
      expect(nbest.length).toBeGreaterThan(0);
      expect(nbest.length).toBeLessThanOrEqual(10);
      expect(nbest[0]?.text).toBe(utterance.text);
      const scores = nbest.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      const lattice = utterance.lattice as { bytes: number; revision: number; base64: string };
      expect(Object.keys(lattice)).toEqual(["bytes", "revision", "base64"]);
      expect(Buffer.from(lattice.base64, "base64").length).toBe(lattice.bytes);
      expect(Object.keys(utterance.endpoint as object)).toEqual(["speculativeMs", "finalMs", "reason"]);
    }
    const { endpoint, nbest, lattice, intent } = utterances.at(-1) ?? {};
    expect(record).toMatchObject({ endpoint, nbest, lattice, intent });
    expect(record?.stats).toMatchObject({
      audioMs: Math.floor((soundOf(sample("what-time-is-it-2")).length * 1000) / 16000),
    });
    for (const count of Object.values(record?.stats as object)) expect(count).toBeGreaterThan(0);
  });

  it("gives the words of an utterance in order, inside the file", async () => {
    const { stdout } = await run("transcribe", ["--json", sample("coffee")]);
    const record = jsonLines(stdout)[0] as {
      text: string;
      words: { word: string; startMs: number; endMs: number }[];
      stats: { audioMs: number };
    };
    expect(record.words.map(({ word }) => word).join(" ")).toBe(record.text);
    let last = 0;
    for (const { startMs, endMs } of record.words) {
      expect(startMs).toBeGreaterThanOrEqual(last);
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      last = startMs;
    }
    expect(last).toBeLessThanOrEqual(record.stats.audioMs);
  });

  it("hears the same in a batch, in any order, as one file at a time", async () => {
    const files = samples()
      .map(({ path }) => path)
      .slice(0, 4);
    const batch = jsonLines((await run("transcribe", ["--json", ...files, ...files.toReversed()])).stdout);
    expect(batch.slice(4)).toEqual(batch.slice(0, 4).toReversed());
    for (const [index, file] of files.entries()) {
      expect(jsonLines((await run("transcribe", ["--json", file])).stdout)).toEqual([batch[index]]);
    }
  });

  it("hears the same whatever pieces the sound comes in", async () => {
    const sound = soundOf(sample("what-time-is-it-1"));
    const whole = await hearInPieces(sound, [sound.length]);
    expect(await hearInPieces(sound, [160])).toEqual(whole);
    expect(await hearInPieces(sound, [1, 2, 3, 1000, 7])).toEqual(whole);
    expect(await hearInPieces(sound, [4096, 31])).toEqual(whole);
  });

  it("hears the same as the running speaker does without music", async () => {
    const file = sample("coffee");
    const record = jsonLines((await run("transcribe", ["--json", file])).stdout)[0] as { utterances: unknown };
    const summary = jsonLines((await run("sim", ["--json", "--no-music", file])).stdout).at(-1) as {
      utterances: unknown;
    };
    expect(summary.utterances).toEqual(record.utterances);
  });

  it("keeps the last words where the sound ends with them", async () => {
    const sound = soundOf(sample("stop"));
    const full = jsonLines((await run("transcribe", ["--json", sample("stop")])).stdout)[0] as {
      words: { endMs: number }[];
      text: string;
    };
    const end = ((full.words.at(-1)?.endMs ?? 0) + 60) * 16;
    const cuts = [0, 160, 320, 480, 640, 800, 960].map((more) => {
      const path = join(folder, `cut-${more}.wav`);
      const part = Buffer.from(sound.buffer, 0, 2 * Math.min(sound.length, end + more));
      writeFileSync(path, Buffer.concat([wavHeader(16000, 1, part.length), part]));
      return path;
    });
    const found = jsonLines((await run("transcribe", ["--json", ...cuts])).stdout);
    expect(found.map(({ text }) => text)).toEqual(cuts.map(() => full.text));
  });
});

describe("sound without words", () => {
  const silence = join(folder, "silence.wav");
  const pcm = Buffer.alloc(2 * 16000 * 12);
  writeFileSync(silence, Buffer.concat([wavHeader(16000, 1, pcm.length), pcm]));

  it("is an empty text and no utterance", async () => {
    const [record] = jsonLines((await run("transcribe", ["--json", silence])).stdout);
    expect(record).toMatchObject({ text: "", words: [], utterances: [], endpoint: null });
  });

  it("is a timeout event in the trace", async () => {
    const events = jsonLines((await run("sim", ["--json", "--no-music", silence])).stdout);
    expect(events.filter(({ type }) => type === "timeout").length).toBeGreaterThan(0);
    expect(events.filter(({ type }) => type === "final" || type === "partial")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "summary", utterances: [] });
  });
});

const tool = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined;

describe.runIf(hasData)("the same recording in other forms", () => {
  it.runIf(tool("flac"))("FLAC, as the flac program writes it, gives the same record", async () => {
    const file = join(folder, "coffee.flac");
    spawnSync("flac", ["-s", "-f", "-o", file, sample("coffee")]);
    const records = jsonLines((await run("transcribe", ["--json", sample("coffee"), file])).stdout);
    expect({ ...records[1], file: "" }).toEqual({ ...records[0], file: "" });
  });
});
