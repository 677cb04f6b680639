// WAV files of every common form give the same samples.

import { describe, expect, it } from "vitest";
import { toCapture } from "../../host-sim/cli/sound/capture.ts";
import { type Sound, SoundError } from "../../host-sim/cli/sound/sound.ts";
import { readSound } from "../../host-sim/cli/sound/sound-file.ts";

const RATE = 16_000;
const SAMPLES = Int16Array.from({ length: 500 }, (_, i) => Math.round(20_000 * Math.sin(i / 7) + ((i * 37) % 101)));

interface Form {
  readonly tag: number;
  readonly bits: number;
  readonly put: (bytes: Buffer, value: number, at: number) => void;
}

const PCM8: Form = { tag: 1, bits: 8, put: (bytes, value, at) => bytes.writeUInt8((value >> 8) + 128, at) };
const PCM16: Form = { tag: 1, bits: 16, put: (bytes, value, at) => bytes.writeInt16LE(value, at) };
const PCM24: Form = { tag: 1, bits: 24, put: (bytes, value, at) => bytes.writeIntLE(value * 256, at, 3) };
const PCM32: Form = { tag: 1, bits: 32, put: (bytes, value, at) => bytes.writeInt32LE(value * 65536, at) };
const FLOAT32: Form = { tag: 3, bits: 32, put: (bytes, value, at) => bytes.writeFloatLE(value / 32768, at) };
const FLOAT64: Form = { tag: 3, bits: 64, put: (bytes, value, at) => bytes.writeDoubleLE(value / 32768, at) };

const chunk = (name: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(name, 0, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};

function formatChunk(form: Form, channels: number, rate: number, extensible: boolean): Buffer {
  const body = Buffer.alloc(extensible ? 40 : 16);
  const frame = (form.bits / 8) * channels;
  body.writeUInt16LE(extensible ? 0xfffe : form.tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE(rate * frame, 8);
  body.writeUInt16LE(frame, 12);
  body.writeUInt16LE(form.bits, 14);
  if (extensible) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(form.bits, 18);
    body.writeUInt16LE(form.tag, 24);
    Buffer.from("000000001000800000aa00389b71", "hex").copy(body, 26);
  }
  return chunk("fmt ", body);
}

function dataChunk(form: Form, channels: readonly Int16Array[]): Buffer {
  const width = form.bits / 8;
  const body = Buffer.alloc(SAMPLES.length * channels.length * width);
  channels.forEach((samples, channel) => {
    samples.forEach((value, i) => {
      form.put(body, value, (i * channels.length + channel) * width);
    });
  });
  return chunk("data", body);
}

function riff(...chunks: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from("WAVE"), ...chunks]);
  const head = Buffer.alloc(8);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const wav = (form: Form, channels: readonly Int16Array[] = [SAMPLES], extensible = false): Buffer =>
  riff(formatChunk(form, channels.length, RATE, extensible), dataChunk(form, channels));

async function heard(sound: Sound): Promise<number[]> {
  const all: number[] = [];
  for await (const block of toCapture(sound)) all.push(...block);
  return all;
}

const same = [...SAMPLES];
const silent = new Int16Array(SAMPLES.length);

describe("a WAV file", () => {
  it.each([
    ["16 bit", wav(PCM16)],
    ["24 bit", wav(PCM24)],
    ["32 bit", wav(PCM32)],
    ["float of 32 bit", wav(FLOAT32)],
    ["float of 64 bit", wav(FLOAT64)],
    ["extensible, 16 bit", wav(PCM16, [SAMPLES], true)],
    ["extensible, 24 bit", wav(PCM24, [SAMPLES], true)],
    ["extensible, float", wav(FLOAT32, [SAMPLES], true)],
    ["stereo with one voice twice", wav(PCM16, [SAMPLES, SAMPLES])],
    ["stereo with channels of opposite phase", wav(PCM16, [SAMPLES, SAMPLES.map((value) => -value)])],
    ["stereo with the voice in the right channel only", wav(PCM16, [silent, SAMPLES])],
    [
      "a LIST chunk of odd length before the sound",
      riff(formatChunk(PCM16, 1, RATE, false), chunk("LIST", Buffer.from("abc")), dataChunk(PCM16, [SAMPLES])),
    ],
    [
      "JUNK before the format, FLLR after it",
      riff(
        chunk("JUNK", Buffer.alloc(28)),
        formatChunk(PCM16, 1, RATE, false),
        chunk("FLLR", Buffer.alloc(4044)),
        dataChunk(PCM16, [SAMPLES]),
      ),
    ],
    [
      "metadata after the sound",
      riff(formatChunk(PCM16, 1, RATE, false), dataChunk(PCM16, [SAMPLES]), chunk("id3 ", Buffer.alloc(99, 65))),
    ],
  ])("of the form %s gives the same samples", async (_name, bytes) => {
    const sound = await readSound(bytes);
    expect(await heard(sound)).toEqual(same);
    expect(sound.warnings).toEqual([]);
  });

  it("of 8 bit gives the upper bits", async () => {
    expect(await heard(await readSound(wav(PCM8)))).toEqual(same.map((value) => (value >> 8) << 8));
  });

  it("of 8 to 96 kHz keeps its length and its times", async () => {
    for (const rate of [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000]) {
      const click = new Int16Array(rate);
      for (let i = 0; i < rate / 100; i++)
        click[Math.round(rate / 2) + i] = Math.round(12_000 * Math.sin((i * 2 * Math.PI * 1000) / rate));
      const body = Buffer.from(click.buffer);
      const samples = await heard(await readSound(riff(formatChunk(PCM16, 1, rate, false), chunk("data", body))));
      expect(Math.abs(samples.length - RATE)).toBeLessThanOrEqual(1);
      const first = samples.findIndex((value) => Math.abs(value) > 2000);
      expect(Math.abs(first - RATE / 2)).toBeLessThanOrEqual(6);
    }
  });

  it("with samples beyond full scale, or that are no numbers, is saturated and silent there", async () => {
    const bytes = wav(FLOAT32);
    bytes.writeFloatLE(7, 44);
    bytes.writeFloatLE(-7, 48);
    bytes.writeFloatLE(Number.NaN, 52);
    expect((await heard(await readSound(bytes))).slice(0, 3)).toEqual([32767, -32768, 0]);
  });

  it("whose last sample is cut is read with a warning", async () => {
    const sound = await readSound(wav(PCM16).subarray(0, -1));
    expect(await heard(sound)).toEqual(same.slice(0, -1));
    expect(sound.warnings).toHaveLength(1);
    expect(sound.warnings.join()).toMatch(/999 are there/);
  });

  it("whose valid bits do not fit their container is refused", async () => {
    const bytes = wav(PCM16, [SAMPLES], true);
    bytes.writeUInt16LE(17, 38);
    await expect(readSound(bytes)).rejects.toThrow(SoundError);
    bytes.writeUInt16LE(7, 38);
    await expect(readSound(bytes)).rejects.toThrow(/7 bits in 16/);
  });

  it("cut anywhere is read or refused with a sentence, never with another error", async () => {
    const bytes = wav(PCM24, [SAMPLES, SAMPLES], true);
    for (let length = 0; length < 120; length++) {
      try {
        await heard(await readSound(bytes.subarray(0, length)));
      } catch (error) {
        expect(error).toBeInstanceOf(SoundError);
      }
    }
  });
});
