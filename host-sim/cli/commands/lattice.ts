// lattice: what else the recogniser might have heard in a file, as a picture, as HTK SLF or as JSON.

import { basename } from "node:path";
import { decodeLattice, type Lattice, nbest, pathText, type Spelling } from "../../../src/recognizer/lattice.ts";
import { type DeviceNames, namesForDevice } from "../bias-file.ts";
import { Device, keepLog } from "../device/device.ts";
import { failureOf, failureOfEnd } from "../device/host-error.ts";
import { releasedModel } from "../device/model-file.ts";
import { spellingOf } from "../device/pieces.ts";
import { EXIT_OK, inputFailure } from "../failure.ts";
import { pictureOf } from "../lattice/picture.ts";
import { slfOf, valuesOf } from "../lattice/values.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say, warn } from "../output.ts";
import { AsideFile } from "../session/aside-file.ts";
import { toCapture } from "../sound/capture.ts";
import { type Sound, SoundError } from "../sound/sound.ts";
import { openSound } from "../sound/sound-file.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "lattice",
  invocation: "npm run --silent lattice --",
  summary: "Shows what else the recogniser might have heard.",
  operands: { name: "FILE", least: 1, most: 1, help: "WAV, FLAC or Ogg Opus" },
  options: [
    {
      name: "svg",
      value: "OUT.svg",
      help: "a picture: time left to right, thickness by probability, the best path marked",
    },
    {
      name: "slf",
      value: "OUT.slf",
      help: "HTK standard lattice format, one lattice an utterance, one behind the other",
    },
    { name: "json", help: "one object a line and utterance: nodes, edges with their scores, the ten best" },
    {
      name: "bias",
      value: "FILE",
      help: "names to listen for, one a line: name, perhaps a tab and a class, a tab and a weight",
    },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
  ],
  notes: [
    "Without --json the ten best of each utterance are printed, with the natural logarithms of their probabilities.",
  ],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const file = args.operands[0] as string;
  const model = args.text("model");
  const path = model === undefined ? releasedModel(root) : userPath(model);
  const names = await namesForDevice(args.text("bias"));
  const lattices = await latticesOf(root, path, names, file).finally(() => names?.remove());
  const spell = spellingOf(path);
  const [svg, slf] = [args.text("svg"), args.text("slf")];
  if (svg !== undefined) await write(svg, pictureOf(basename(file), lattices, spell));
  if (slf !== undefined) await write(slf, lattices.map((lattice) => slfOf(basename(file), lattice, spell)).join("\n"));
  for (const lattice of lattices) {
    await print(args.flag("json") ? `${JSON.stringify(valuesOf(lattice, spell))}\n` : tenBest(lattice, spell));
  }
  if (lattices.length === 0 && !args.flag("json")) say(`${file}: no words were heard.`);
  return EXIT_OK;
}

function tenBest(lattice: Lattice, spell: Spelling): string {
  const lines = nbest(lattice, spell, 10).map(
    (path) => `${path.score.toFixed(3).padStart(8)}  ${pathText(path, spell)}`,
  );
  return `utterance ${lattice.utterance}\n${lines.join("\n")}\n`;
}

async function write(path: string, text: string): Promise<void> {
  const file = await AsideFile.open(path);
  await file.write(Buffer.from(text));
  await file.commit();
}

/** The lattices of the final events, in order. */
async function latticesOf(
  root: string,
  model: string,
  names: DeviceNames | undefined,
  file: string,
): Promise<Lattice[]> {
  const sound = await open(file);
  const device = new Device({ root, model, names: names?.path, transcribe: true });
  const log = keepLog(device.log);
  const lattices: Lattice[] = [];
  const feeding = feed(device, file, sound);
  feeding.catch(() => device.kill());
  for await (const { record } of device.records()) {
    if (record.type === "error") {
      device.kill();
      throw failureOf(record);
    }
    if (record.type === "names") names?.warn(record);
    if (record.type === "final" && record.lattice !== undefined) {
      lattices.push(decodeLattice(Buffer.from(record.lattice, "base64")));
    }
  }
  const failure = failureOfEnd(await device.ended, log());
  await feeding;
  if (failure !== undefined) throw failure;
  return lattices;
}

async function open(file: string): Promise<Sound> {
  try {
    return await openSound(userPath(file));
  } catch (error) {
    if (error instanceof SoundError) throw inputFailure(`${file}: ${error.message}.`);
    throw error;
  }
}

async function feed(device: Device, file: string, sound: Sound): Promise<void> {
  await device.beginFile(file);
  try {
    for await (const samples of toCapture(sound)) await device.sound(samples);
  } catch (error) {
    if (error instanceof SoundError) throw inputFailure(`${file}: ${error.message}.`);
    throw error;
  }
  for (const warning of sound.warnings) warn(file, warning);
  await device.endFile();
  device.endJobs();
}
