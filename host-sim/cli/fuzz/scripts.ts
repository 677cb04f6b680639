// Fuzz targets of the parsers in TypeScript. A parser may refuse an input with a SoundError and nothing else, and must
// come to an end.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeNames, encodeNames } from "../../../src/catalog/bias-bytes";
import { parseBiasList } from "../../../src/catalog/bias-list";
import { decodeHypothesis, HypothesisError } from "../../../src/recognizer/hypothesis";
import { Converter, FormatError, pcmFormatOf } from "../../wyoming/audio.ts";
import { EventReader, encodeEvent, FramingError } from "../../wyoming/framing.ts";
import { toInt16 } from "../sound/capture.ts";
import { SoundError } from "../sound/sound.ts";
import { readSound } from "../sound/sound-file.ts";
import { wavHeader } from "../sound/wav-file.ts";
import { mutate, Random } from "./mutate.ts";

const MAX_INPUT_MS = 20_000;

export interface FuzzScript {
  readonly name: string;
  run(count: number, seed: number): Promise<{ code: number; output: string }>;
}

type Eat = (bytes: Uint8Array) => Promise<void>;

async function eatSound(bytes: Uint8Array): Promise<void> {
  try {
    const sound = await readSound(bytes);
    for await (const block of sound.blocks()) for (const samples of block) toInt16(samples);
  } catch (error) {
    if (!(error instanceof SoundError)) throw error;
  }
}

async function eatNames(bytes: Uint8Array): Promise<void> {
  const text = Buffer.from(bytes).toString("utf8");
  const { names, problems, refused } = parseBiasList(text);
  if (refused !== null && names.length + problems.length > 0) throw new Error("a refused list has names");
  const { bytes: list, names: taken, left } = encodeNames(names);
  const again = [...decodeNames(list)];
  if (taken + left !== names.length || again.length !== taken) throw new Error("a name was lost");
  if (left === 0 && again.some(({ name }, i) => name !== names[i]?.folded)) throw new Error("a name came back changed");
}

async function eatHypothesis(bytes: Uint8Array): Promise<void> {
  try {
    decodeHypothesis(bytes);
  } catch (error) {
    if (!(error instanceof HypothesisError)) throw error;
  }
}

async function eatWyoming(bytes: Uint8Array): Promise<void> {
  const reader = new EventReader();
  const half = bytes.length >> 1;
  try {
    for (const part of [bytes.subarray(0, half), bytes.subarray(half)]) {
      for (const { data, payload } of reader.push(Buffer.from(part))) {
        const converter = await Converter.open(pcmFormatOf(data));
        converter.push(payload);
        converter.end();
      }
    }
  } catch (error) {
    if (!(error instanceof FramingError || error instanceof FormatError)) throw error;
  }
}

function wyomingSeeds(): Uint8Array[] {
  const format = { rate: 16_000, width: 2, channels: 1 };
  const chunk = encodeEvent("audio-chunk", format, Buffer.alloc(64, 0x5a));
  return [
    Buffer.concat([encodeEvent("transcribe", { language: "en" }), encodeEvent("audio-start", format), chunk]),
    chunk,
  ];
}

/** Two words as the engine codes them; see src/recognizer/hypothesis.ts. */
function hypothesisSeed(): Uint8Array {
  const word = (text: string, start: number): Buffer => {
    const bytes = Buffer.alloc(10 + Buffer.byteLength(text));
    bytes.writeUInt32LE(start, 0);
    bytes.writeUInt32LE(start + 4000, 4);
    bytes.writeUInt8(200, 8);
    bytes.writeUInt8(Buffer.byteLength(text), 9);
    bytes.write(text, 10);
    return bytes;
  };
  return Buffer.concat([Buffer.from([1, 2, 0]), word("play", 8000), word("jazz", 14_000)]);
}

function script(name: string, seeds: () => Uint8Array[], eat: Eat): FuzzScript {
  return {
    name,
    async run(count, seed) {
      const sources = seeds();
      for (let n = 0; n < count; n++) {
        const random = new Random((Math.imul(seed, 0x9e3779b9) ^ Math.imul(n, 0x85ebca6b)) | 0);
        const bytes = mutate(sources[random.below(sources.length)] as Uint8Array, random);
        const started = performance.now();
        try {
          await eat(bytes);
          if (performance.now() - started > MAX_INPUT_MS) throw new Error(`took over ${MAX_INPUT_MS / 1000} s`);
        } catch (error) {
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
          return {
            code: 1,
            output: `input ${n} of seed ${seed} (npm run fuzz -- --count ${n + 1} --seed ${seed} ${name}): ${text}`,
          };
        }
      }
      return { code: 0, output: `${count} inputs, seed ${seed}: no fault` };
    },
  };
}

function wavSeeds(): Uint8Array[] {
  const sound = Buffer.alloc(64, 0x5a);
  const plain = Buffer.concat([wavHeader(16_000, 1, sound.length), sound]);
  const chunks = Buffer.concat([
    plain.subarray(0, 12),
    Buffer.from("LIST\x03\x00\x00\x00abc\x00", "latin1"),
    plain.subarray(12, 36),
    Buffer.from("junk\x02\x00\x00\x00xy", "latin1"),
    plain.subarray(36),
  ]);
  const float = Buffer.from(plain);
  float.writeUInt16LE(3, 20);
  float.writeUInt16LE(4, 32);
  float.writeUInt16LE(32, 34);
  return [plain, chunks, float];
}

export function fuzzScripts(root: string): FuzzScript[] {
  const file = (path: string): Uint8Array => readFileSync(join(root, "test", path));
  const flac = (): Uint8Array[] =>
    ["tone-16000-mono.flac", "noise-44100-stereo.flac"].map((name) => file(`system/fixtures/${name}`));
  const names = (): Uint8Array[] => [
    Buffer.from("Anna\nThe Beatles\tartist\t1.5\nZoë’s lamp\r\n"),
    Buffer.from("\ufeffLiving Room 2\troom\n21st\tdevice\t10\rrock & roll\tplaylist\t0\n"),
  ];
  return [
    script("pc-wav", wavSeeds, eatSound),
    script("pc-flac", flac, eatSound),
    script("pc-ogg", () => [file("native/fixtures/voice-60077.opus")], eatSound),
    script("names", names, eatNames),
    script("wyoming", wyomingSeeds, eatWyoming),
    script("hypothesis", () => [hypothesisSeed()], eatHypothesis),
  ];
}
