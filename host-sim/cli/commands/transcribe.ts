// transcribe: files in, words out. Each file goes through the firmware as live sound does; a file that can't be read is
// named, and the rest is done.

import { mkdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { Spelling } from "../../../src/recognizer/lattice.ts";
import { type DeviceNames, namesForDevice } from "../bias-file.ts";
import { Device, keepLog } from "../device/device.ts";
import { failureOf, failureOfEnd } from "../device/host-error.ts";
import { releasedModel } from "../device/model-file.ts";
import { spellingOf } from "../device/pieces.ts";
import { isTraceEvent } from "../device/records.ts";
import { type Transcript, transcriptOf, Utterances } from "../device/transcript.ts";
import { EXIT_FAULT, EXIT_INPUT, EXIT_OK, type Failure, inputFailure, systemReason } from "../failure.ts";
import { FORMATS, type Format } from "../formats/formats.ts";
import type { Arguments, Command } from "../options.ts";
import { print, readerGone, say, warn } from "../output.ts";
import { AsideFile } from "../session/aside-file.ts";
import { toCapture } from "../sound/capture.ts";
import { type Sound, SoundError } from "../sound/sound.ts";
import { openSound } from "../sound/sound-file.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "transcribe",
  invocation: "npm run --silent transcribe --",
  summary: "Writes down what is said in sound files.",
  operands: {
    name: "FILE",
    least: 1,
    most: 1_000_000,
    help: "WAV (8 to 192 kHz, any width), FLAC or Ogg Opus; its content decides, not its name",
  },
  options: [
    { name: "json", help: "one object a line and file: words with times, utterances, end-points, counted work" },
    {
      name: "format",
      value: "FORMAT",
      help: "json; ctm for scoring with NIST's tools; textgrid for Praat; srt, subtitles; slf, HTK lattices",
    },
    {
      name: "out",
      value: "FOLDER",
      help: "with --format: a file for each FILE there, named after it, in place of standard output",
    },
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    {
      name: "bias",
      value: "FILE",
      help: "names to listen for, one a line: name, perhaps a tab and a class, a tab and a weight",
    },
  ],
  notes: [
    "Without --json a line is the file's name, a colon and its words. Exit code 0 when every file was read; 2 when one could not be: it gives a sentence (and with --json an object with file and error), the others are done.",
  ],
};

interface Outcome {
  readonly transcript?: Transcript;
  readonly error?: string;
}

/** How results are written, and where. */
interface Form {
  readonly name: string;
  put(transcript: Transcript): Promise<void>;
}

const PLAIN: Form = { name: "plain", put: ({ file, text }) => print(`${file}: ${text}\n`) };

function formOf(args: Arguments, spell: Spelling): Form {
  const [named, out] = [args.text("format"), args.text("out")];
  if (args.flag("json") && named !== undefined && named !== "json")
    throw inputFailure(`expected one form; found --json and --format ${named}.`);
  const name = args.flag("json") ? "json" : named;
  if (name === undefined) {
    if (out !== undefined) throw inputFailure("--out needs --format, which says what to write there.");
    return PLAIN;
  }
  const format = FORMATS[name.toLowerCase()];
  if (format === undefined)
    throw inputFailure(`--format: expected ${Object.keys(FORMATS).join(", ")}; found ${JSON.stringify(name)}.`);
  if (out !== undefined) return filesIn(userPath(out), out, args.operands, format, spell);
  if (!format.joins && args.operands.length > 1)
    throw inputFailure(`--format ${name} writes a document for each FILE: give one FILE, or --out FOLDER.`);
  return { name: name.toLowerCase(), put: (transcript) => print(format.write(transcript, spell)) };
}

/** A document beside each other in a folder; made where it is missing. */
function filesIn(folder: string, named: string, files: readonly string[], format: Format, spell: Spelling): Form {
  const targetOf = (file: string): string => `${basename(file, extname(file))}.${format.extension}`;
  const taken = new Map<string, string>();
  for (const file of files) {
    const other = taken.get(targetOf(file));
    if (other !== undefined) throw inputFailure(`--out: ${other} and ${file} would both be ${targetOf(file)}.`);
    taken.set(targetOf(file), file);
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw inputFailure(`${named}: expected a folder; ${systemReason(error)}.`);
  }
  return {
    name: "files",
    put: async (transcript) => {
      const file = await AsideFile.open(join(folder, targetOf(transcript.file)));
      await file.write(Buffer.from(format.write(transcript, spell)));
      await file.commit();
    },
  };
}

/** Results in the order of the command line, whatever order they come in. */
class Report {
  readonly #outcomes = new Map<number, Outcome>();
  #next = 0;
  failed = 0;

  constructor(
    readonly files: readonly string[],
    readonly form: Form,
  ) {}

  get complete(): boolean {
    return this.#next === this.files.length;
  }

  /** The first file without an outcome. */
  get next(): number {
    return this.#next;
  }

  has(index: number): boolean {
    return index < this.#next || this.#outcomes.has(index);
  }

  async put(index: number, outcome: Outcome): Promise<void> {
    if (this.has(index)) return;
    this.#outcomes.set(index, outcome);
    for (let ready = this.#outcomes.get(this.#next); ready !== undefined; ready = this.#outcomes.get(this.#next)) {
      this.#outcomes.delete(this.#next);
      await this.#print(this.files[this.#next++] as string, ready);
    }
  }

  async #print(file: string, { transcript, error }: Outcome): Promise<void> {
    if (error !== undefined) {
      this.failed++;
      say(`${file}: ${error}.`);
      if (this.form.name === "json") await print(`${JSON.stringify({ file, error: `${file}: ${error}.` })}\n`);
    } else if (transcript !== undefined) await this.form.put(transcript);
  }
}

export async function run(args: Arguments, root: string): Promise<number> {
  const model = args.text("model");
  const spell = spellingOf(model === undefined ? releasedModel(root) : userPath(model));
  const report = new Report(args.operands, formOf(args, spell));
  const names = await namesForDevice(args.text("bias"));
  // Nothing is left to do for a reader that has gone.
  void readerGone().then(async () => {
    await names?.remove();
    process.exit(EXIT_OK);
  });
  let crashed = false;
  try {
    while (!report.complete) {
      const failure = await transcribeFrom(root, model, names, report);
      if (failure === undefined) break;
      crashed = true;
    }
  } finally {
    await names?.remove();
  }
  if (crashed) return EXIT_FAULT;
  return report.failed > 0 ? EXIT_INPUT : EXIT_OK;
}

/** One process for all files from the first without an outcome on. Out: how it failed, if it did. */
async function transcribeFrom(
  root: string,
  named: string | undefined,
  names: DeviceNames | undefined,
  report: Report,
): Promise<Failure | undefined> {
  const model = named === undefined ? releasedModel(root) : userPath(named);
  const device = new Device({ root, model, names: names?.path, transcribe: true });
  const log = keepLog(device.log);
  const queue: Queue = { sent: [], unheard: new Map() };
  let feedError: unknown;
  const feeding = feed(device, report, queue).catch((error) => {
    feedError = error;
    device.kill();
  });
  const ready = await listen(device, report, queue, { model: named, bias: names }, spellingOf(model));
  const failure = failureOfEnd(await device.ended, log());
  await feeding;
  if (feedError !== undefined) throw feedError;
  if (failure !== undefined) {
    if (!ready) throw failure;
    // The file that was being heard takes the blame; the rest goes to a new process.
    await report.put(queue.sent[0] ?? report.next, { error: failure.message.replace(/\.$/, "") });
  }
  return failure;
}

interface Queue {
  /** Files whose sound is on its way, in order. */
  readonly sent: number[];
  /** Files that turned out to be no sound after their beginning was sent. */
  readonly unheard: Map<number, string>;
}

/** Reads records to their end; says whether the firmware came up. */
async function listen(
  device: Device,
  report: Report,
  { sent, unheard }: Queue,
  given: { readonly model: string | undefined; readonly bias: DeviceNames | undefined },
  spell: Spelling,
): Promise<boolean> {
  let ready = false;
  let utterances = new Utterances(spell);
  for await (const { record } of device.records()) {
    if (isTraceEvent(record)) utterances.add(record);
    else if (record.type === "ready") ready = true;
    else if (record.type === "names") given.bias?.warn(record);
    else if (record.type === "begin") utterances = new Utterances(spell);
    else if (record.type === "error") {
      device.kill();
      throw failureOf(record, { model: given.model });
    } else if (record.type === "fault")
      say(`the firmware's JavaScript was restarted (${record.reason}): ${record.message}`);
    else if (record.type === "end") {
      const index = sent.shift() as number;
      const error = unheard.get(index);
      const file = report.files[index] as string;
      await report.put(
        index,
        error === undefined ? { transcript: transcriptOf(file, utterances.list, record.stats) } : { error },
      );
    }
  }
  return ready;
}

async function feed(device: Device, report: Report, { sent, unheard }: Queue): Promise<void> {
  for (let index = report.next; index < report.files.length; index++) {
    if (report.has(index)) continue;
    const file = report.files[index] as string;
    let sound: Sound;
    try {
      sound = await openSound(userPath(file));
    } catch (error) {
      if (!(error instanceof SoundError)) throw error;
      await report.put(index, { error: error.message });
      continue;
    }
    sent.push(index);
    await device.beginFile(file);
    try {
      for await (const samples of toCapture(sound)) await device.sound(samples);
      for (const warning of sound.warnings) warn(file, warning);
    } catch (error) {
      if (!(error instanceof SoundError)) throw error;
      unheard.set(index, error.message);
    }
    await device.endFile();
  }
  device.endJobs();
}
