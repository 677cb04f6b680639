// Fuzz targets of the parsers in TypeScript. A parser may refuse an input with a SoundError and nothing else, and must
// come to an end.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Calendar } from "../../../src/calendar/calendar";
import { decodeNames, encodeNames } from "../../../src/catalog/bias-bytes";
import { parseBiasList } from "../../../src/catalog/bias-list";
import { Catalog } from "../../../src/catalog/catalog";
import { entryLine, entryOf, parseEntryLine } from "../../../src/catalog/entry";
import { importText } from "../../../src/catalog/import";
import { decodeHypothesis, HypothesisError } from "../../../src/recognizer/hypothesis";
import { readSetting, SETTING_NAMES, settingText } from "../../../src/settings/schema";
import { SettingsStore } from "../../../src/settings/store";
import { Timers } from "../../../src/timers/timers";
import { Converter, FormatError, pcmFormatOf } from "../../wyoming/audio.ts";
import { EventReader, encodeEvent, FramingError } from "../../wyoming/framing.ts";
import { toInt16 } from "../sound/capture.ts";
import { SoundError } from "../sound/sound.ts";
import { readSound } from "../sound/sound-file.ts";
import { wavHeader } from "../sound/wav-file.ts";
import { consoleLines } from "./console-lines.ts";
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

function catalogSeeds(): Uint8Array[] {
  return [
    Buffer.from('class,name,room,kind\r\ndevice,"Lamp, big",Den,light\ncontact,Zoë,+1,\n'),
    Buffer.from('{"devices":[{"name":"Lamp 2","room":"Den"}],"playlists":[{"name":"Jazz","pieces":["a","b"]}]}'),
    Buffer.from("BEGIN:VCARD\r\nFN:Zoë\r\n Long\r\nTEL:tel:+1\r\nEND:VCARD\r\n"),
  ];
}

/** Every record is an entry that comes through its stored line, or has a reason. */
async function eatCatalog(bytes: Uint8Array): Promise<void> {
  const { records, refused } = importText(Buffer.from(bytes).toString("utf8"));
  if (records.length > 0 !== (refused === null)) throw new Error("records and a refusal");
  for (const record of records) {
    const entry = entryOf(record);
    if (typeof entry === "string") continue;
    if (JSON.stringify(parseEntryLine(entryLine(entry))) !== JSON.stringify(entry)) throw new Error("an entry changed");
  }
}

/** What a store may hold: a key and its value a line. */
function settingsSeeds(): Uint8Array[] {
  const lines = [
    "version=2\u0000volume=30\u0000mute=on\u0000privacy=lattice\u0000zone=CET-1CEST,M3.5.0,M10.5.0/3\u0000room=den",
    "version=1\u0000volume=101\u0000timers=timer\t1\ttea\t\t60000\t30000\t1767254430000\t480000\nalarm\t2\t\t\t420\tdaily\t0\t0",
    "catalog=1\u0000names0=\ndevice\tlamp\tLamp\tden\tlight\n\u0000lists=shopping\u0000list0=milk",
  ];
  return lines.map((text) => Buffer.from(text));
}

/** Settings, timers and names from a damaged store: read, or defaults; what is read is valid. */
async function eatStore(bytes: Uint8Array): Promise<void> {
  const texts = new Map(
    Buffer.from(bytes)
      .toString("utf8")
      .split("\u0000")
      .map((pair): [string, string] => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]),
  );
  const store = {
    read: (key: string) => texts.get(key),
    write: (key: string, value: string) => void texts.set(key, value),
    delete: (key: string) => void texts.delete(key),
  };
  const { values } = new SettingsStore(store);
  for (const name of SETTING_NAMES) {
    if (!readSetting({ ...values }, name, settingText(values, name))) throw new Error(`${name} is not valid`);
  }
  const calendar = new Calendar({ date: () => 1_767_254_400_000, setDate: () => {} }, () => 0);
  const timers = new Timers(store, calendar, { ring: () => {}, missed: () => {} });
  timers.restore(0);
  timers.tick(1600);
  const catalog = new Catalog(store, () => {});
  for (const entry of catalog.entries())
    if (catalog.find(entry.class, entry.folded).length === 0) throw new Error("a name is not found");
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
    script("catalog", catalogSeeds, eatCatalog),
    script("settings", settingsSeeds, eatStore),
    consoleLines(root),
  ];
}
