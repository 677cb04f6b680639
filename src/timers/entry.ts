// A timer or an alarm, and its stored form: one line of fields parted by tabs.

/** once: on the day `day`; else on each day that the word means. */
export type Repeat = "once" | "daily" | "weekdays" | "weekends" | "weekly";

interface Base {
  /** From 1, in the order of setting. */
  readonly id: number;
  /** Folded words of the owner, or empty. */
  readonly name: string;
  /** Rings since this instant (UTC), or since an unknown one (0); undefined: does not ring. */
  ringing: number | undefined;
}

/** A span. It runs on the capture clock: no change of the calendar moves it. */
export interface Timer extends Base {
  readonly kind: "timer";
  readonly spanMs: number;
  /** Capture time at which it is over, in samples of this run. */
  dueT: number;
  /** UTC of its end, for one that ended while the device was off. */
  readonly endedAt?: number | undefined;
}

/** A time of day. It follows the calendar and the zone. */
export interface Alarm extends Base {
  readonly kind: "alarm";
  /** Minutes after midnight, local. */
  readonly minute: number;
  readonly repeat: Repeat;
  /** once: days since 1970, local. weekly: 0 = Sunday. Else 0. */
  readonly day: number;
  /** UTC of the next ring; undefined while the calendar is not known. */
  due: number | undefined;
  /** UTC up to which it has rung or was set: an alarm does not ring twice for one time. */
  doneUntil: number;
}

export type Entry = Timer | Alarm;

const REPEATS: readonly Repeat[] = ["once", "daily", "weekdays", "weekends", "weekly"];
const MAX_NAME = 64;
const LARGEST = 8_640_000_000_000_000;

/** A timer as stored: the capture clock begins anew after a reset, so its end is told in two other ways. */
export interface StoredTimer {
  readonly kind: "timer";
  readonly id: number;
  readonly name: string;
  readonly spanMs: number;
  readonly ringing: number | undefined;
  /** Left when it was written. */
  readonly leftMs: number;
  /** UTC of its end, or undefined. */
  readonly due: number | undefined;
  /** Capture time of the writing. */
  readonly writtenT: number;
}

export type StoredEntry = StoredTimer | (Omit<Alarm, "due"> & { readonly due?: undefined });

const optional = (value: number | undefined): string => (value === undefined ? "" : String(value));

export function timerLine(timer: Timer, leftMs: number, due: number | undefined, t: number): string {
  const { id, name, spanMs, ringing } = timer;
  return ["timer", id, name, optional(ringing), spanMs, leftMs, optional(due), t].join("\t");
}

export function alarmLine({ id, name, ringing, minute, repeat, day, doneUntil }: Alarm): string {
  return ["alarm", id, name, optional(ringing), minute, repeat, day, doneUntil].join("\t");
}

/** undefined when the line is none that the functions above write. */
export function parseEntry(line: string): StoredEntry | undefined {
  const fields = line.split("\t");
  if (fields.length !== 8) return undefined;
  const [kind, idText, name, ringingText, ...rest] = fields as [string, string, string, string, ...string[]];
  const id = whole(idText, 1, 1_000_000_000);
  const ringing = ringingText === "" ? undefined : whole(ringingText, 0, LARGEST);
  if (id === undefined || name.length > MAX_NAME || (ringing === undefined && ringingText !== "")) return undefined;
  if (kind === "timer") return storedTimer(id, name, ringing, rest);
  return kind === "alarm" ? storedAlarm(id, name, ringing, rest) : undefined;
}

function storedTimer(id: number, name: string, ringing: number | undefined, rest: string[]): StoredTimer | undefined {
  const [spanText = "", leftText = "", dueText = "", writtenText = ""] = rest;
  const spanMs = whole(spanText, 1, LARGEST);
  const leftMs = whole(leftText, 0, LARGEST);
  const due = dueText === "" ? undefined : whole(dueText, 0, LARGEST);
  const writtenT = whole(writtenText, 0, Number.MAX_SAFE_INTEGER);
  if (spanMs === undefined || leftMs === undefined || writtenT === undefined) return undefined;
  if (due === undefined && dueText !== "") return undefined;
  return { kind: "timer", id, name, ringing, spanMs, leftMs, due, writtenT };
}

function storedAlarm(id: number, name: string, ringing: number | undefined, rest: string[]): StoredEntry | undefined {
  const [minuteText = "", repeatText = "", dayText = "", doneText = ""] = rest;
  const minute = whole(minuteText, 0, 1439);
  const repeat = REPEATS.find((candidate) => candidate === repeatText);
  const day = whole(dayText, 0, 100_000_000);
  const doneUntil = whole(doneText, 0, LARGEST);
  if (minute === undefined || repeat === undefined || day === undefined || doneUntil === undefined) return undefined;
  if (repeat === "weekly" && day > 6) return undefined;
  return { kind: "alarm", id, name, ringing, minute, repeat, day, doneUntil };
}

/** A whole number in decimal digits, in a range. */
function whole(text: string, least: number, most: number): number | undefined {
  if (text.length === 0 || text.length > 16) return undefined;
  for (const char of text) if (char < "0" || char > "9") return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
