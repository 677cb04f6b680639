// The whole firmware over drivers for tests: what it was told, what it said, and a way to send it events.

import type { ConsolePort } from "../../src/console/console";
import { Device } from "../../src/device";
import { SimulatedHome } from "../../src/home/simulated-home";
import type { Word } from "../../src/recognizer/hypothesis";
import type { RawEventHandler } from "../../src/recognizer/recognizer";
import { SimulatedCoffeeMachine } from "../../src/skills/coffee";
import type { SkillDrivers } from "../../src/skills/make-skills";
import { SimulatedPhone } from "../../src/skills/phone";
import { FakeUnderstander } from "./fake-understander";
import { type MusicLog, musicLog } from "./player/music-log";
import { encodeHypothesis, hypothesisOf } from "./recognizer/coded";
import { type MemoryStore, memoryStore } from "./settings/memory-store";

export interface Bench {
  readonly device: Device;
  readonly music: MusicLog;
  readonly store: MemoryStore;
  readonly listens: boolean[];
  /** "say TEXT at T" and "hush at T". */
  readonly spoken: string[];
  readonly restarts: number[];
  readonly understander: FakeUnderstander;
  /** UTC at capture time 0; NaN: not known. */
  date: number;
  readonly mutes: boolean[];
  /** Utterance and revision of each hold. */
  readonly holds: [number, number][];
  /** Lists of names, as bytes. */
  readonly lists: Uint8Array[];
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
  /** Time goes on, ticks and all. */
  pass(ms: number): void;
}

/** Each word that the voice says takes this long. */
const WORD = 4800;
/** 2026-01-01T08:00:00 */
export const START_DATE = 1_767_254_400_000;

export interface BenchOptions {
  readonly stored?: Record<string, string>;
  readonly stats?: object;
  readonly t?: number;
  readonly pieces?: string[];
  readonly date?: number;
  readonly store?: MemoryStore;
  readonly skills?: Partial<SkillDrivers>;
  /** Names that the board was given. */
  readonly given?: Uint8Array;
}

export function bench(options: BenchOptions = {}): Bench {
  const music = musicLog(options.pieces);
  const store = options.store ?? memoryStore(options.stored);
  const [listens, mutes]: [boolean[], boolean[]] = [[], []];
  const holds: [number, number][] = [];
  const lists: Uint8Array[] = [];
  const [traced, logged]: [string[], string[]] = [[], []];
  const spoken: string[] = [];
  const restarts: number[] = [];
  const understander = new FakeUnderstander();
  let onEvent: RawEventHandler = () => {};
  let onLine: (line: string, json: boolean) => string = () => "";
  let onTick = () => {};
  const afterStart: (() => void)[] = [];
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
      names: (bytes) => {
        lists.push(bytes.slice());
        return bytes[2] as number;
      },
      namesRoom: () => new Uint8Array(4000),
      givenNames: () => options.given,
      unspelled: () => -1,
      spell: (name) => (name.includes("q") ? "" : `▁${name.split(" ").join(" ▁")}`),
      mute: (on) => mutes.push(on),
      hold: (utterance, revision) => holds.push([utterance, revision]),
    },
    music,
    prompts: {
      say: (text, at) => {
        spoken.push(`say ${text} at ${at}`);
        return text.split(" ").length * WORD;
      },
      stop: (at) => spoken.push(`hush at ${at}`),
    },
    calendar: {
      date: () => result.date + result.t / 16,
      setDate: (utc) => {
        result.date = utc - result.t / 16;
      },
    },
    restart: () => restarts.push(result.t) > 0,
    understander: () => understander,
    skills: {
      home: new SimulatedHome(),
      phone: new SimulatedPhone(),
      coffee: new SimulatedCoffeeMachine(),
      information: undefined,
      ...options.skills,
    },
    reports: {
      piece: (id: number) => `p${id}`,
      stats: () => stats,
      model: () => '{"bytes":1000,"units":[320,320],"layers":{"first":1}}',
    },
    output: { trace: (line) => traced.push(line), log: (line) => logged.push(line) },
    console,
    timers: {
      every: (_ms, callback) => {
        onTick = callback;
      },
      soon: (callback) => afterStart.push(callback),
    },
    store,
  });
  const result: Bench = {
    device,
    music,
    store,
    listens,
    spoken,
    holds,
    restarts,
    understander,
    date: options.date ?? START_DATE,
    mutes,
    lists,
    traced,
    logged,
    t: options.t ?? 0,
    raise: (type, utterance, text, { revision = 0, reason = 1, value = 0 } = {}) =>
      onEvent(type, result.t, utterance, revision, value, reason, text === undefined ? undefined : coded(text)),
    type: (line, json = false) => onLine(line, json),
    tick: () => onTick(),
    pass: (ms) => {
      for (let left = ms; left > 0; left -= 100) {
        result.t += 1600;
        onTick();
      }
    },
  };
  device.start();
  for (const callback of afterStart) callback();
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
