// What a console command is, and what it may ask of the device.

import type { Log } from "../base/log";
import type { Calendar } from "../calendar/calendar";
import type { Catalog } from "../catalog/catalog";
import type { OwnNames } from "../catalog/own-names";
import type { Hypotheses } from "../recognizer/hypotheses";
import type { Recognizer } from "../recognizer/recognizer";
import type { Assistant } from "../request/assistant";
import type { History } from "../request/history";
import type { RequestState } from "../request/states";
import type { SettingName } from "../settings/schema";
import type { SettingsStore, Store } from "../settings/store";
import type { ListSkill } from "../skills/lists";
import type { SkillDrivers } from "../skills/make-skills";
import type { Music } from "../skills/music";
import type { Outcome } from "../skills/skill";
import type { Timers } from "../timers/timers";
import type { Trace } from "../trace/trace";

/** A reply that went well: lines for a person, keys for a program. */
export interface Answer {
  readonly lines: readonly string[];
  readonly data?: object;
  /** Takes the lines that come next, until one of its answers has no such member; one that it refuses does not end it. */
  readonly follow?: (line: string) => Answer;
}

export interface ConsoleDevice {
  /** Capture time, in samples. */
  now(): number;
  /** The engine's reports, JSON objects. */
  stats(): string;
  model(): string;
  requestState(): RequestState;
  /** Text of a word piece of the model. */
  piece(id: number): string;
  readonly recognizer: Recognizer;
  readonly hypotheses: Hypotheses;
  readonly music: Music;
  readonly settings: SettingsStore;
  readonly calendar: Calendar;
  readonly catalog: Catalog;
  readonly timers: Timers;
  readonly lists: ListSkill;
  readonly assistant: Assistant;
  readonly history: History;
  readonly trace: Trace;
  readonly store: Store;
  readonly skillDrivers: SkillDrivers;
  readonly ownNames: OwnNames;
  readonly log: Log;
  setMute(on: boolean): void;
  /** From its text form; false: it is none. */
  setSetting(name: SettingName, text: string): boolean;
  /** UTC in ms. */
  setTime(utc: number): void;
  /** Ends what rings, else the music. */
  stop(t: number): Outcome;
  /** Words as if they had been spoken. */
  say(text: string): ReturnType<Assistant["say"]>;
  forgetHistory(): void;
  eraseAll(): void;
  /** Replaces the program after this line; false: this board can't. */
  restart(): boolean;
}

export interface Command {
  readonly name: string;
  /** Arguments as `help` shows them. */
  readonly usage: string;
  readonly summary: string;
  /** What `help <command>` adds. */
  readonly details: readonly string[];
  /** Most arguments it takes; words of a text count one by one. */
  readonly most: number;
  /** Throws a ConsoleError when it can't be done. `commands`: all that the console has. */
  run(args: readonly string[], device: ConsoleDevice, commands: readonly Command[]): Answer;
}

export class ConsoleError extends Error {
  /** One word for programs. */
  readonly code: string;

  constructor(code: string, reason: string) {
    super(reason);
    this.name = "ConsoleError";
    this.code = code;
  }
}

export const NO_LINES: Answer = { lines: [] };

/** What a skill did as a reply. */
export function answer(outcome: Outcome): Answer {
  if (!outcome.done) throw new ConsoleError(outcome.code, outcome.answer);
  return NO_LINES;
}

/** For commands that take words: as many as a line can hold. */
export const MANY = 128;

export const badArgument = (expected: string, found: string): ConsoleError =>
  new ConsoleError("bad-argument", `expected ${expected}, found ${shown(found)}`);

/** "on" or "off"; anything else is refused. */
export function onOff(argument: string | undefined): boolean {
  if (argument === "on") return true;
  if (argument === "off") return false;
  throw new ConsoleError("bad-argument", `expected on or off, found ${shown(argument ?? "")}`);
}

/** A whole number from 1 to `most`. */
export function count(argument: string, most: number): number {
  const value = Number(argument);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new ConsoleError("bad-argument", `expected a number from 1 to ${most}, found ${shown(argument)}`);
}

const SHOWN_LENGTH = 32;

/** What somebody typed, short enough to repeat. */
export function shown(text: string): string {
  return text.length > SHOWN_LENGTH ? `"${text.slice(0, SHOWN_LENGTH)}…"` : `"${text}"`;
}
