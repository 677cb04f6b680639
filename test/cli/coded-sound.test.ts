// FLAC and Ogg Opus.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toCapture } from "../../host-sim/cli/sound/capture.ts";
import { type Sound, SoundError } from "../../host-sim/cli/sound/sound.ts";
import { readSound } from "../../host-sim/cli/sound/sound-file.ts";
import { ROOT } from "../system/command.ts";

const file = (path: string): Buffer => readFileSync(join(ROOT, "test", path));
const FLAC = [
  { name: "tone-16000-mono.flac", bits: 16 },
  { name: "noise-44100-stereo.flac", bits: 24 },
];
const OPUS = file("native/fixtures/voice-60077.opus");

async function channels(sound: Sound): Promise<number[][]> {
  const all: number[][] = Array.from({ length: sound.channels }, () => []);
  for await (const block of sound.blocks()) {
    for (const [channel, samples] of block.entries()) all[channel]?.push(...samples);
  }
  return all;
}

describe("a FLAC file", () => {
  it.each(FLAC)("$name gives the samples whose checksum it carries", async ({ name, bits }) => {
    const bytes = file(`system/fixtures/${name}`);
    const all = await channels(await readSound(bytes));
    const width = bits / 8;
    const pcm = Buffer.alloc((all[0]?.length ?? 0) * all.length * width);
    all.forEach((samples, channel) => {
      samples.forEach((value, i) => {
        pcm.writeIntLE(value * 2 ** (bits - 1), (i * all.length + channel) * width, width);
      });
    });
    // STREAMINFO holds the MD5 of the sound in its last 16 bytes.
    expect(createHash("md5").update(pcm).digest("hex")).toBe(bytes.subarray(26, 42).toString("hex"));
  });

  it("may be read twice", async () => {
    const sound = await readSound(file("system/fixtures/noise-44100-stereo.flac"));
    expect(await channels(sound)).toEqual(await channels(sound));
  });

  it("with a damaged frame is read without it, with a warning", async () => {
    const bytes = file("system/fixtures/noise-44100-stereo.flac");
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] as number) ^ 0xff;
    const sound = await readSound(bytes);
    expect((await channels(sound))[0]?.length).toBe(1152);
    expect(sound.warnings.join()).toMatch(/1152 could be read/);
  });
});

describe("an Ogg Opus file", () => {
  const heard = async (bytes: Uint8Array): Promise<{ samples: number[]; sound: Sound }> => {
    const sound = await readSound(bytes);
    const samples: number[] = [];
    for await (const block of toCapture(sound)) samples.push(...block);
    return { samples, sound };
  };

  it("is as long as its last position says, without the decoder's lead", async () => {
    const { samples, sound } = await heard(OPUS);
    expect(samples.length).toBe(Math.round(60_077 / 3)); // the file's name tells its samples at 48 kHz
    expect(samples.some((value) => Math.abs(value) > 500)).toBe(true);
    expect(sound.warnings).toEqual([]);
  });

  it("that is cut is read up to there, with a warning", async () => {
    const { samples, sound } = await heard(OPUS.subarray(0, OPUS.length - 100));
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.length).toBeLessThan(60_077 / 3);
    expect(sound.warnings.join()).toMatch(/cut short/);
  });

  it("with another codec inside is refused by its name", async () => {
    const bytes = Buffer.from(OPUS);
    const at = bytes.indexOf("OpusHead");
    bytes.write("\x01vorbis", at, "latin1");
    await expect(readSound(bytes)).rejects.toThrow(SoundError);
  });
});
