// What calibration is made of: the model's table of sections, recorded rooms, confidence by logistic and isotonic
// regression, the end-pointers' arithmetic on steps that are written by hand.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decide, type EndSettings, type Track } from "../../host-sim/decoder/ends.ts";
import { KNOTS, ModelFile, ModelFileError } from "../../host-sim/decoder/model-file.ts";
import type { Step } from "../../host-sim/decoder/program.ts";
import { tarFiles } from "../../host-sim/decoder/recordings.ts";
import { endOfSpeech, stretchesOf, withPause, withTail } from "../../host-sim/decoder/rooms.ts";
import { calibration, confidenceOf, fitSureness, logistic, mapOf, type Sample } from "../../host-sim/decoder/sure.ts";

const MODEL = readFileSync(join(fileURLToPath(new URL("../../", import.meta.url)), "models", "earshot.esm"));

describe("a model's table of sections", () => {
  it("gives the same bytes when nothing is changed", () => {
    expect(new ModelFile(MODEL).bytes().equals(MODEL)).toBe(true);
  });

  it("keeps what is written into it, and all else", () => {
    const file = new ModelFile(MODEL);
    const thresholds = { ...file.thresholds, blankPenalty: -700, leastFinal: 4, rest: -512, framesHeld: 27 };
    file.thresholds = thresholds;
    file.weights = { language: 77, internal: 26, bias: 300, reward: -410 };
    const knots = Array.from({ length: KNOTS }, (_, k) => 1000 * k);
    const maps = { words: knots, utterance: knots };
    file.confidence = { offset: -5, posterior: 400, acoustic: 700, mass: 1500, least: 20_000, ...maps };
    const again = new ModelFile(file.bytes());
    expect(again.thresholds).toEqual(thresholds);
    expect(again.weights).toEqual({ language: 77, internal: 26, bias: 300, reward: -410 });
    again.thresholds = new ModelFile(MODEL).thresholds;
    expect(again.bytes().length).toBeGreaterThanOrEqual(MODEL.length);
  });

  it("refuses what is no model, or is damaged, in words", () => {
    const damaged = Buffer.from(MODEL);
    damaged[5000] = (damaged[5000] as number) ^ 1;
    for (const [bytes, words] of [
      [Buffer.from("RIFF and so on, which is longer than a header is"), "found something else"],
      [MODEL.subarray(0, 5000), "found 5000"],
      [damaged, "checksum"],
    ] as const) {
      expect(() => new ModelFile(bytes)).toThrow(ModelFileError);
      expect(() => new ModelFile(bytes)).toThrow(words);
    }
  });
});

/** Noise of amplitude 20 with tones at these milliseconds. */
function spoken(length: number, ...words: [number, number][]): Int16Array {
  return Int16Array.from({ length: length * 16 }, (_, i) => {
    const loud = words.some(([from, to]) => i >= from * 16 && i < to * 16);
    return Math.round(((i * 7919) % 41) - 20 + (loud ? 6000 * Math.sin(i * 0.9) : 0));
  });
}

const LENT = Int16Array.from({ length: 16_000 }, (_, i) => ((i * 7907) % 801) - 400);

describe("a recording", () => {
  const samples = spoken(3000, [500, 900], [1000, 1400], [1600, 2000], [2600, 2700]);
  const recording = { id: "a", set: "s", text: "one two three", samples };

  it("ends where its last word does, not at the click behind it", () => {
    const stretches = stretchesOf(samples);
    expect(stretches.length).toBe(2);
    expect(Math.abs(endOfSpeech(stretches, 1900 * 16) / 16 - 2000)).toBeLessThanOrEqual(20);
    expect(endOfSpeech(stretches, undefined) / 16).toBeGreaterThan(2650);
  });

  it("gets a tail of its own room: no digital silence, no word, the same each time", () => {
    const once = withTail(recording, 2, LENT);
    const tail = once.samples.subarray(once.samples.length - 32_000);
    expect(Math.max(...tail.map(Math.abs))).toBeLessThan(200);
    expect(new Set(tail).size).toBeGreaterThan(20);
    expect(withTail(recording, 2, LENT)).toEqual(once);
  });

  it("is lent a room where it has none of its own: digital silence, or speech alone", () => {
    for (const samples of [
      spoken(1000, [0, 1000]),
      Int16Array.from(spoken(1000, [200, 700]), (x) => (Math.abs(x) < 100 ? 0 : x)),
    ]) {
      const tail = withTail({ ...recording, samples }, 1, LENT).samples.subarray(-16_000);
      expect(Math.max(...tail.map(Math.abs))).toBeLessThan(150);
      expect(new Set(tail).size).toBeGreaterThan(5);
    }
  });

  it("gets a pause in its middle, and none when it is too short for one", () => {
    const paused = withPause(recording, 2, LENT);
    expect(paused?.pause?.at).toBeGreaterThan(600 * 16);
    expect([300, 500, 800]).toContain((paused?.pause?.length ?? 0) / 16);
    expect(withPause({ ...recording, text: "one two" }, 2, LENT)).toBeUndefined();
  });
});

describe("a tar archive", () => {
  it("is read file by file, and refused when it is cut", () => {
    const head = Buffer.alloc(512);
    head.write("a/b.opus");
    head.write("00000000003\0", 124);
    const archive = Buffer.concat([head, Buffer.from("xyz"), Buffer.alloc(509), Buffer.alloc(1024)]);
    expect([...tarFiles(archive)].map(({ name, data }) => [name, data.toString()])).toEqual([["a/b.opus", "xyz"]]);
    expect(() => [...tarFiles(archive.subarray(0, 514))]).toThrow("no whole tar archive");
  });
});

describe("confidence", () => {
  const samples = Array.from({ length: 2000 }, (_, i): Sample => {
    const logit = ((i % 101) - 50) / 12;
    const right = (i * 0.618034) % 1 < 1 / (1 + Math.exp(-(0.8 * logit + 0.4)));
    return { signs: [logit, -1, -0.5], right, weight: 1 };
  });

  it("finds the weights that made the words right", () => {
    const { weights, offset } = logistic(samples);
    expect(weights[0]).toBeCloseTo(0.8, 1);
    const fixed = (weights[1] as number) * -1 + (weights[2] as number) * -0.5 + offset;
    expect(fixed).toBeCloseTo(0.4, 1);
  });

  it("is calibrated on what it was fitted to", () => {
    const sureness = fitSureness(samples.map((sample) => ({ words: [sample], right: sample.right, weight: 1 })));
    const pairs = samples.map((sample): [number, number] => [confidenceOf(sureness, sample), sample.right ? 1 : 0]);
    const { ece, nce } = calibration(pairs);
    expect(ece).toBeLessThan(0.03);
    expect(nce).toBeGreaterThan(0.15);
  });

  it("has maps that never fall, whatever the words say", () => {
    const points = Array.from({ length: 300 }, (_, i) => ({
      x: (i % 90) / 10 - 5,
      y: (i * 7) % 3 === 0 ? 1 : 0,
      weight: 1,
    }));
    const knots = mapOf(points, -4, (x) => 1 / (1 + Math.exp(-x)));
    expect(knots.length).toBe(KNOTS);
    knots.forEach((value, k) => {
      expect(value).toBeGreaterThanOrEqual(knots[k - 1] ?? 0);
      expect(value).toBeLessThanOrEqual(65534);
    });
  });
});

describe("the end-pointers' arithmetic", () => {
  const settings: EndSettings = {
    ...{ framesFinal: 12, framesSpeculative: 8, scoreFinal: 3000, scoreSpeculative: 1000 },
    ...{ leastFinal: 4, leastSpeculative: 2, rest: -500, sound: 600, step: 150, oneWord: 0 },
  };
  /** Labels, then steps of a pause with this logit and sound. */
  const track = (...parts: [labels: number, steps: number, eou: number, sound: number][]): Track => {
    const steps = parts.flatMap(([labels, count, eou, sound]) =>
      Array.from({ length: count }, (_, i): Step => [labels, 2, i === 0 ? 1 : 0, i, 16 * i, eou, sound]),
    );
    return {
      steps,
      end: 0,
      weight: 1,
      ended: { id: "", set: "", text: "", samples: new Int16Array(0), stretches: [] },
    };
  };
  const step = (samples: number): number => (samples - 400 + 160) / 160 / 6 - 1;

  it("comes by its score, at the latest by its bound, and later where it is not still", () => {
    const sure = decide(track([1, 30, 3500, 0]), settings, 6);
    expect([step(sure.first), step(sure.final), sure.same]).toEqual([2, 4, true]);
    expect(step(decide(track([1, 30, 500, 0]), settings, 6).final)).toBe(12);
    expect(step(decide(track([1, 30, 500, 700]), settings, 6).final)).toBe(24);
  });

  it("is reset by other words", () => {
    const ends = decide(track([1, 4, 1500, 0], [2, 30, 3500, 0]), settings, 6);
    expect([step(ends.first), step(ends.last), step(ends.final), ends.resets, ends.same]).toEqual([2, 6, 8, 1, false]);
  });
});
