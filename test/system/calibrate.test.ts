// Calibration's view of the end-pointers is the recogniser's: thousands of settings are tried by arithmetic alone, so it
// must be the same. And what a user gets who gives it something else than a model.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decide, trackOf } from "../../host-sim/decoder/ends.ts";
import { ModelFile } from "../../host-sim/decoder/model-file.ts";
import { buildProgram, type Heard, type Live, Measure } from "../../host-sim/decoder/program.ts";
import { withTail } from "../../host-sim/decoder/rooms.ts";
import { ROOT, run, temporaryFolder } from "./command.ts";
import { samples, withSpeech } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MODEL = join(ROOT, "models", "earshot.esm");

const LENT = Int16Array.from({ length: 16_000 }, (_, i) => ((i * 7907) % 801) - 400);
const soundOf = (path: string): Int16Array => new Int16Array(new Uint8Array(readFileSync(path).subarray(44)).buffer);

withSpeech("calibration", () => {
  it("decides as the recogniser does, with any thresholds", async () => {
    const file = new ModelFile(readFileSync(MODEL));
    const tried = join(folder, "tried.esm");
    const measure = new Measure(buildProgram(ROOT), tried);
    const items = samples().map(({ path, text }, i) =>
      withTail({ id: `${i}`, set: "", text, samples: soundOf(path) }, 3, LENT),
    );
    for (const change of [
      {
        leastFinal: 4,
        leastSpeculative: 1,
        scoreFinal: 3072,
        scoreSpeculative: 1024,
        sound: 600,
        step: 150,
        rest: -512,
      },
      { leastFinal: 2, leastSpeculative: 2, scoreFinal: 1024, scoreSpeculative: 0, sound: 0, step: 500, rest: 1 },
    ]) {
      const settings = { ...file.thresholds, framesFinal: 13, framesSpeculative: 9, framesHeld: 20, ...change };
      file.thresholds = settings;
      writeFileSync(tried, file.bytes());
      const steps = await measure.rows<Heard>(items, "steps", "raw");
      const live = await measure.rows<Live>(items, "live", "raw");
      items.forEach((item, i) => {
        const row = steps[i] as Heard;
        const ends = decide(trackOf(item, row.steps ?? [], row.text, file.stepMs / 10), settings, file.stepMs / 10);
        const events = (live[i] as Live).events;
        const final = events.find(([type, , reason]) => type === "final" && reason !== "input");
        if (final === undefined) return; // the sound was over before
        expect(final[1]).toBe(ends.final);
        const frozen = events.filter(([type, at]) => type === "speculative" && at <= ends.final);
        if (frozen.length > 0) expect(frozen.at(-1)?.[1]).toBe(ends.last);
      });
    }
  }, 240_000);
});

describe("calibrate", () => {
  it("says in one sentence what it was given in place of a model", async () => {
    const text = join(folder, "a.txt");
    writeFileSync(text, "no model\n".repeat(20));
    for (const [args, words] of [
      [[text], "expected an Earshot model (.esm); found something else"],
      [[join(folder, "none.esm")], "no such file"],
    ] as const) {
      const { code, stdout, stderr } = await run("calibrate", args);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      const said = stderr
        .trim()
        .split("\n")
        .filter((line) => !line.endsWith("…")); // but for the set-up's progress
      expect(said.length).toBe(1);
      expect(said[0]).toContain(words);
    }
  });

  it("leaves the model as it is where recordings are missing", async () => {
    const model = join(folder, "m.esm");
    writeFileSync(model, readFileSync(MODEL));
    const { code, stderr } = await run("calibrate", [model], { env: { EARSHOT_DATA: folder } });
    expect(code).toBe(2);
    expect(stderr).toContain("expected recordings of the data folder (EARSHOT_DATA); no such file");
    expect(readFileSync(model).equals(readFileSync(MODEL))).toBe(true);
  });
});
