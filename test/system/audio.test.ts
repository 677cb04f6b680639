// embedded:io/audio, by its manifest of its own: a script hears the microphone and plays.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { job, noise, ROOT, runHost } from "./firmware";

describe("the audio classes", () => {
  const run = runHost(["--main", "test/xs/embedded/sound"], job("noise.wav", noise(2)));
  const sample = (frame: number) => run.played.readInt16LE(frame * 4);

  it("hand the microphone's samples to a script", () => {
    expect(run.log).toMatch(/heard 16000 samples, the loudest [1-9]\d{3}, 0 lost/);
  });

  it("add a script's samples to the played sound, at its volume", () => {
    // One second of a square wave of 8000 at half the volume, from the start on.
    expect(sample(10)).toBe(4000);
    expect(sample(60)).toBe(-4000);
    expect(sample(48000 - 10)).toBe(-4000);
    expect(sample(48000 + 10)).toBe(0);
  });

  it("refuse a second owner, another form and half a frame", () => {
    expect(run.log).toContain("the microphone is in use");
    expect(run.log).toContain("RangeError: sampleRate: only 48000");
    expect(run.log).toContain("part of a frame");
  });

  it("are not in the firmware as it is", () => {
    const modules = readFileSync(join(ROOT, "build/host/gen/earshot-host.c"), "utf8");
    expect(modules).toContain("embedded:storage");
    expect(modules).not.toContain("embedded:io/audio");
  });
});
