// What a console command is, and what it may ask of the device.

import type { Log } from "../base/log";
import type { Player } from "../player/player";
import type { Hypotheses } from "../recognizer/hypotheses";
import type { Recognizer } from "../recognizer/recognizer";
import type { RequestState } from "../request/states";
import type { SettingsStore } from "../settings/store";
import type { MusicSkill } from "../skills/music";
import type { SkillOutcome } from "../skills/skill";

/** A reply that went well: lines for a person, keys for a program. */
export interface Answer {
  readonly lines: readonly string[];
  readonly data?: object;
}

export interface ConsoleDevice {
  /** Capture time, in samples. */
  now(): number;
  /** The engine's reports, JSON objects. */
  stats(): string;
  model(): string;
  requestState(): RequestState;
  readonly recognizer: Recognizer;
  readonly hypotheses: Hypotheses;
  readonly player: Player;
  readonly music: MusicSkill;
  readonly settings: SettingsStore;
  readonly log: Log;
  setMute(on: boolean): void;
}

export interface Command {
  readonly name: string;
  /** Arguments as `help` shows them. */
  readonly usage: string;
  readonly summary: string;
  /** What `help <command>` adds. */
  readonly details: readonly string[];
  /** Most arguments it takes. */
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

/** A skill's outcome as a reply. */
export function answer(outcome: SkillOutcome): Answer {
  if (!outcome.done) throw new ConsoleError(outcome.code, outcome.reason);
  return NO_LINES;
}

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
