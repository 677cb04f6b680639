// What the microphone hears. In: files in a row, or a recording program. Out: blocks of 16 kHz mono sound, and their
// levels for a view.

import { setTimeout as pause } from "node:timers/promises";
import { inputFailure } from "../failure.ts";
import { warn } from "../output.ts";
import { CAPTURE_RATE, toCapture } from "../sound/capture.ts";
import { type Sound, SoundError } from "../sound/sound.ts";
import { openSound } from "../sound/sound-file.ts";
import { type SoundProgram, startRecorder } from "./sound-programs.ts";

/** What the device calls the sound, and the sound. */
export interface Microphone {
  readonly name: string;
  blocks(): AsyncIterable<Int16Array>;
  /** Null = not known before its end. */
  readonly seconds: number | null;
  /** No more blocks. */
  stop(): void;
  /** Set for a recording program: the one that runs, or that ran last. */
  readonly program?: SoundProgram;
  /** Stops the recording program itself, and starts it again; meanwhile there is silence. */
  mute?(on: boolean): void;
}

export interface FileToHear {
  /** As the user wrote it. */
  readonly file: string;
  readonly path: string;
}

/** Of silence between two files. */
const GAP_SECONDS = 1.5;
/** Loudest sample of a quiet room at -80 dB below full scale. */
const ROOM_PEAK = 3;

/** Opens all files, so that one that can't be read is named before the run. */
export async function fileMicrophone(files: readonly FileToHear[]): Promise<Microphone> {
  const sounds: { file: string; sound: Sound }[] = [];
  for (const { file, path } of files) {
    try {
      sounds.push({ file, sound: await openSound(path) });
    } catch (error) {
      throw error instanceof SoundError ? inputFailure(`${file}: ${error.message}.`) : error;
    }
  }
  let stopped = false;
  const lengths = sounds.map(({ sound }) => sound.seconds);
  const gaps = GAP_SECONDS * (sounds.length - 1);
  return {
    seconds: lengths.includes(null) ? null : lengths.reduce((sum: number, length) => sum + (length ?? 0), gaps),
    name: files.length === 1 ? (files[0] as FileToHear).file : `${files.length} files`,
    stop: () => {
      stopped = true;
    },
    async *blocks() {
      for (const [index, { file, sound }] of sounds.entries()) {
        if (index > 0) yield roomNoise(Math.round(GAP_SECONDS * CAPTURE_RATE));
        try {
          for await (const block of toCapture(sound)) {
            if (stopped) return;
            yield block;
          }
        } catch (error) {
          throw error instanceof SoundError ? inputFailure(`${file}: ${error.message}.`) : error;
        }
        for (const warning of sound.warnings) warn(file, warning);
      }
    },
  };
}

/** The same noise at each run: a linear congruential generator with the constants of Numerical Recipes. */
function roomNoise(length: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * (2 * ROOM_PEAK + 1)) - ROOM_PEAK;
  });
}

/** While it is muted no program records: nobody has to trust that its sound is thrown away. */
export function liveMicrophone(): Microphone {
  let program = startRecorder();
  let [muted, stopped] = [false, false];
  return {
    name: "microphone",
    seconds: null,
    get program() {
      return program;
    },
    stop: () => {
      stopped = true;
      program.child.kill("SIGTERM");
    },
    mute: (on) => {
      if (muted === on) return;
      muted = on;
      if (on) program.child.kill("SIGTERM");
    },
    async *blocks() {
      for (let heard = false; !stopped; ) {
        for await (const samples of recorded(program)) {
          heard = true;
          yield samples;
        }
        const problem = await program.ended;
        if (!muted && problem !== undefined && !heard)
          throw inputFailure(`there is no microphone here: ${program.name} says: ${problem}.`);
        if (!muted) return;
        yield* silenceWhile(() => muted && !stopped);
        if (!stopped) program = startRecorder();
      }
    },
  };
}

async function* recorded({ child }: SoundProgram): AsyncGenerator<Int16Array> {
  let odd: Buffer = Buffer.alloc(0);
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const bytes = odd.length > 0 ? Buffer.concat([odd, chunk]) : chunk;
    odd = bytes.subarray(bytes.length & ~1);
    const samples = new Int16Array(bytes.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(2 * i);
    if (samples.length > 0) yield samples;
  }
}

/** Silence in real time, which the device's clock goes by. */
async function* silenceWhile(wanted: () => boolean): AsyncGenerator<Int16Array> {
  const step = CAPTURE_RATE / 10;
  for (let due = performance.now(); wanted(); ) {
    due += 100;
    await pause(Math.max(0, due - performance.now()));
    yield new Int16Array(step);
  }
}

/** Loudest sample of each tenth of a second, for a level meter. */
export class Levels {
  static readonly STEP = CAPTURE_RATE / 10;
  readonly #peaks: number[] = [];
  #count = 0;

  add(samples: Int16Array): void {
    for (const sample of samples) {
      const step = Math.floor(this.#count++ / Levels.STEP);
      const level = Math.abs(sample) / 32768;
      if (level > (this.#peaks[step] ?? -1)) this.#peaks[step] = level;
    }
  }

  /** Of the tenth that ends at sample `t`, 0 to 1. */
  at(t: number): number {
    return this.#peaks[Math.floor(t / Levels.STEP) - 1] ?? 0;
  }

  get seconds(): number {
    return this.#count / CAPTURE_RATE;
  }
}
