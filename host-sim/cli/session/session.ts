// One run of the firmware on the virtual board. In: options, a microphone, an observer of the records. Out: the run
// summary; trace and played sound as files, whole or not at all.

import type { DeviceNames } from "../bias-file.ts";
import { Device, type DeviceOptions, keepLog, type RecordLine } from "../device/device.ts";
import { failureOf, failureOfEnd, type GivenNames } from "../device/host-error.ts";
import { spellingOf } from "../device/pieces.ts";
import { isTraceEvent, type SummaryRecord } from "../device/records.ts";
import { type RunSummary, summaryOf, Utterances } from "../device/transcript.ts";
import { EXIT_INTERRUPTED, EXIT_OK, EXIT_SOUND_LOST, Failure, fault, inputFailure } from "../failure.ts";
import { musicForDevice } from "../sound/music-file.ts";
import { SoundError } from "../sound/sound.ts";
import { Timeline } from "../timeline/timeline.ts";
import { AsideFile } from "./aside-file.ts";
import type { Levels, Microphone } from "./microphone.ts";
import { PlayedFile } from "./played-file.ts";
import { type SoundProgram, startPlayer } from "./sound-programs.ts";

export interface SessionOptions {
  readonly device: Omit<DeviceOptions, "music" | "played" | "pieces">;
  /** Absent = nobody speaks. */
  readonly microphone?: Microphone | undefined;
  /** A piece of music: as the user wrote it, and where it is. */
  readonly music?: { readonly file: string; readonly path: string } | undefined;
  /** More pieces, to be asked for by name. */
  readonly library?: readonly { readonly name: string; readonly file: string; readonly path: string }[] | undefined;
  /** Undone after the run, however it ends. */
  readonly cleanUp?: (() => Promise<void>) | undefined;
  /** What was given to the device, as the user wrote it. */
  readonly names?: GivenNames;
  /** Where they are is in `device`; told when some can't be spelled. */
  readonly bias?: DeviceNames | undefined;
  readonly trace?: string | undefined;
  readonly out?: string | undefined;
  /** A page that shows where the time went; the device needs a stated speed. */
  readonly timeline?: string | undefined;
  readonly speaker?: boolean;
  /** Console bytes from here; absent = none. */
  readonly console?: NodeJS.ReadableStream | undefined;
  /** Of the microphone, filled as its sound goes to the device. */
  readonly levels?: Levels;
  /** Sees the played sound: 48 kHz, 16 bit, stereo. */
  readonly played?: ((sound: Buffer) => void) | undefined;
}

export interface Observer {
  record(entry: RecordLine): void | Promise<void>;
  console?(data: Buffer): void | Promise<void>;
}

export interface SessionEnd {
  readonly summary: RunSummary;
  readonly exitCode: number;
}

interface Sinks {
  readonly trace: AsideFile | undefined;
  readonly out: PlayedFile | undefined;
  readonly speaker: SoundProgram | undefined;
  readonly timeline: Timeline | undefined;
}

export class Session {
  #device: Device | undefined;
  #speaker: SoundProgram | undefined;
  #stopping = false;
  #aborted = false;

  constructor(readonly options: SessionOptions) {}

  /** Ends the run as if the sound and the console had ended: everything is still written. A second time, at once. */
  stop(): void {
    if (this.#stopping) this.abort();
    this.#stopping = true;
    this.options.microphone?.stop();
    if (this.options.console !== undefined) this.#device?.consoleIn.end();
    if (this.options.device.console === "pty") this.#device?.hangUp();
  }

  /** Ends at once; nothing is written. */
  abort(): void {
    this.#aborted = true;
    this.#device?.kill();
    // A sound system that hangs must not keep the command alive.
    this.#speaker?.child.kill("SIGKILL");
    this.options.microphone?.program?.child.kill("SIGKILL");
  }

  async run(observer: Observer): Promise<SessionEnd> {
    const sinks: { trace?: AsideFile; out?: PlayedFile; page?: AsideFile } = {};
    const { music: piece } = this.options;
    const removals: (() => Promise<void>)[] = [];
    if (this.options.cleanUp !== undefined) removals.push(this.options.cleanUp);
    try {
      if (this.options.trace !== undefined) sinks.trace = await AsideFile.open(this.options.trace);
      if (this.options.out !== undefined) sinks.out = await PlayedFile.open(this.options.out);
      if (this.options.timeline !== undefined) sinks.page = await AsideFile.open(this.options.timeline);
      checkPlaces(sinks.trace, sinks.out);
      const timeline = sinks.page === undefined ? undefined : new Timeline();
      const music = piece === undefined ? undefined : await readyMusic(piece);
      if (music !== undefined) removals.push(music.remove);
      const pieces: { name: string; path: string }[] = [];
      for (const { name, ...piece } of this.options.library ?? []) {
        const ready = await readyMusic(piece);
        removals.push(ready.remove);
        pieces.push({ name, path: ready.path });
      }
      if (this.options.speaker) this.#speaker = startPlayer();
      const end = await this.#play(
        { trace: sinks.trace, out: sinks.out, speaker: this.#speaker, timeline },
        { music: music?.path, pieces },
        observer,
      );
      await sinks.page?.write(Buffer.from(this.#page(timeline, end.summary)));
      await sinks.page?.commit();
      await sinks.trace?.commit();
      await sinks.out?.commit();
      return end;
    } finally {
      await sinks.page?.discard();
      await sinks.trace?.discard();
      await sinks.out?.discard();
      for (const remove of removals) await remove();
      this.options.microphone?.stop();
    }
  }

  #page(timeline: Timeline | undefined, summary: RunSummary): string {
    const { device, microphone } = this.options;
    return timeline?.html(device.root, microphone?.name ?? "silence", summary) ?? "";
  }

  async #play(sinks: Sinks, sounds: Pick<DeviceOptions, "music" | "pieces">, observer: Observer): Promise<SessionEnd> {
    const played = [sinks.out, sinks.speaker, this.options.played].some((sink) => sink !== undefined);
    const device = new Device({ ...this.options.device, ...sounds, played, slices: sinks.timeline !== undefined });
    this.#device = device;
    const log = keepLog(device.log);
    // The first failure counts; the process must not go on after it, since somebody waits for its end.
    let failure: unknown;
    const guarded = (work: Promise<void>): Promise<void> =>
      work.catch((error) => {
        failure ??= error;
        device.kill();
        sinks.speaker?.child.kill("SIGKILL");
      });
    const state: RunState = {
      utterances: new Utterances(spellingOf(this.options.device.model)),
      summary: undefined,
    };
    const watching: Observer = {
      ...observer,
      record: (entry) => {
        if (entry.record.type === "microphone") this.options.microphone?.mute?.(!entry.record.on);
        return observer.record(entry);
      },
    };
    const reading = guarded(readRecords(device, this.options, sinks, watching, state));
    const others = [guarded(this.#feed(device, sinks.timeline))];
    if (played) others.push(guarded(writePlayed(device, sinks, this.options.played)));
    if (this.options.console !== undefined)
      others.push(guarded(this.#converse(device, this.options.console, observer)));
    await reading;
    const end = await device.ended;
    this.options.microphone?.stop(); // a recording program would go on by itself
    await Promise.all(others);
    this.#endIfAborted();
    if (failure !== undefined) throw failure;
    const ended = failureOfEnd(end, log());
    if (ended !== undefined) throw ended;
    if (state.summary === undefined) throw fault("the firmware's process ended without its summary.");
    return this.#conclude(state.summary, state.utterances, sinks);
  }

  #endIfAborted(): void {
    if (this.#aborted) throw new Failure("stopped.", EXIT_INTERRUPTED);
  }

  async #feed(device: Device, timeline: Timeline | undefined): Promise<void> {
    const { microphone, levels } = this.options;
    if (microphone !== undefined) {
      await device.beginFile(microphone.name);
      for await (const block of microphone.blocks()) {
        levels?.add(block);
        timeline?.hear(block);
        await device.sound(block);
      }
      await device.endFile();
    }
    device.endJobs();
  }

  async #converse(device: Device, input: NodeJS.ReadableStream, observer: Observer): Promise<void> {
    input.pipe(device.consoleIn);
    for await (const data of device.consoleOut) await observer.console?.(data as Buffer);
    input.unpipe(device.consoleIn);
    // Else a terminal or a pipe that stays open would keep the command alive.
    (input as NodeJS.ReadStream).destroy?.();
  }

  async #conclude(record: SummaryRecord, utterances: Utterances, sinks: Sinks): Promise<SessionEnd> {
    const programs = { microphone: this.options.microphone?.program, speaker: sinks.speaker };
    const problem = await programs.speaker?.ended;
    this.#endIfAborted();
    if (problem !== undefined)
      throw inputFailure(`there is no speaker here: ${programs.speaker?.name} says: ${problem}.`);
    const summary = summaryOf(
      {
        ...record,
        underruns: record.underruns + (programs.speaker?.lost() ?? 0),
        microphoneLost: record.microphoneLost + (programs.microphone?.lost() ?? 0),
      },
      "host",
      utterances.list,
    );
    const lost = summary.underruns > 0 || summary.microphoneLost > 0;
    return { summary, exitCode: lost ? EXIT_SOUND_LOST : EXIT_OK };
  }
}

function checkPlaces(trace: AsideFile | undefined, out: PlayedFile | undefined): void {
  if (trace === undefined || out === undefined || trace.path !== out.aside.path) return;
  throw inputFailure(`${trace.file}: expected two files for --trace and --out; found one for both.`);
}

interface RunState {
  readonly utterances: Utterances;
  summary: SummaryRecord | undefined;
}

async function readyMusic(piece: { file: string; path: string }) {
  try {
    return await musicForDevice(piece.path);
  } catch (error) {
    throw error instanceof SoundError ? inputFailure(`${piece.file}: ${error.message}.`) : error;
  }
}

async function readRecords(
  device: Device,
  { names, bias }: SessionOptions,
  { trace, timeline }: Sinks,
  observer: Observer,
  state: RunState,
): Promise<void> {
  for await (const entry of device.records()) {
    const { record, line } = entry;
    timeline?.add(record);
    if (isTraceEvent(record)) {
      state.utterances.add(record);
      await trace?.write(Buffer.from(`${line}\n`));
    } else if (record.type === "error") throw failureOf(record, names ?? {});
    else if (record.type === "names") bias?.warn(record);
    else if (record.type === "summary") state.summary = record;
    await observer.record(entry);
  }
}

async function writePlayed(device: Device, { out, speaker }: Sinks, see?: (sound: Buffer) => void): Promise<void> {
  const input = speaker?.child.stdin;
  for await (const data of device.played) {
    see?.(data as Buffer);
    await out?.write(data as Buffer);
    if (input?.writable && !input.write(data)) {
      await Promise.race([new Promise((resolve) => input.once("drain", resolve)), speaker?.ended]);
    }
  }
  input?.end();
}
