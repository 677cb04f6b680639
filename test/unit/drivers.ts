// The whole firmware over drivers for tests: what it was told, what it said, and a way to send it events.

import type { ConsolePort } from "../../src/console/console";
import { Device } from "../../src/device";
import type { Word } from "../../src/recognizer/hypothesis";
import type { RawEventHandler } from "../../src/recognizer/recognizer";
import { type MusicLog, musicLog } from "./player/music-log";
import { encodeHypothesis, hypothesisOf } from "./recognizer/coded";
import { type MemoryStore, memoryStore } from "./settings/memory-store";

export interface Bench {
  readonly device: Device;
  readonly music: MusicLog;
  readonly store: MemoryStore;
  readonly listens: boolean[];
  readonly mutes: boolean[];
  /** Utterance and revision of each hold. */
  readonly holds: [number, number][];
  readonly traced: string[];
  readonly logged: string[];
  /** Capture time, in samples. */
  t: number;
  /** Sends a raw event at the present time. */
  raise(
    type: number,
    utterance: number,
    text?: string,
    extra?: { revision?: number; reason?: number; value?: number },
  ): void;
  type(line: string, json?: boolean): string;
  /** Runs what was to run again and again, once. */
  tick(): void;
}

export interface BenchOptions {
  readonly stored?: Record<string, string>;
  readonly stats?: object;
  readonly t?: number;
  readonly pieces?: string[];
}

export function bench(options: BenchOptions = {}): Bench {
  const music = musicLog(options.pieces);
  const store = memoryStore(options.stored);
  const [listens, mutes]: [boolean[], boolean[]] = [[], []];
  const holds: [number, number][] = [];
  const [traced, logged]: [string[], string[]] = [[], []];
  let onEvent: RawEventHandler = () => {};
  let onLine: (line: string, json: boolean) => string = () => "";
  let onTick = () => {};
  const console: ConsolePort = {
    onLine: (handler) => {
      onLine = handler;
    },
  };
  const stats = JSON.stringify(options.stats ?? { underruns: 0, memory: { used: 10 } });
  const device = new Device({
    clock: { now: () => result.t },
    recognizer: {
      onEvent: (handler) => {
        onEvent = handler;
      },
      listen: (on) => listens.push(on),
      mute: (on) => mutes.push(on),
      hold: (utterance, revision) => holds.push([utterance, revision]),
    },
    music,
    reports: { stats: () => stats, model: () => '{"bytes":1000,"units":[320,320],"layers":{"first":1}}' },
    output: { trace: (line) => traced.push(line), log: (line) => logged.push(line) },
    console,
    timers: {
      every: (_ms, callback) => {
        onTick = callback;
      },
    },
    store,
  });
  const result: Bench = {
    device,
    music,
    store,
    listens,
    mutes,
    holds,
    traced,
    logged,
    t: options.t ?? 0,
    raise: (type, utterance, text, { revision = 0, reason = 1, value = 0 } = {}) =>
      onEvent(type, result.t, utterance, revision, value, reason, text === undefined ? undefined : coded(text)),
    type: (line, json = false) => onLine(line, json),
    tick: () => onTick(),
  };
  device.start();
  return result;
}

function coded(text: string): Uint8Array {
  const words: readonly Word[] = hypothesisOf(text).words;
  return encodeHypothesis(words);
}

/** es_event_type. */
export const LISTEN = 0;
export const PARTIAL = 1;
export const SPECULATIVE = 2;
export const RESET = 3;
export const FINAL = 4;
export const TIMEOUT = 5;
export const OVERLOAD = 6;
export const MUSIC_END = 9;
export const DUCK = 10;
