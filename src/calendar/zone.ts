// Time zones as POSIX TZ rules ("CET-1CEST,M3.5.0,M10.5.0/3"): a few bytes that hold for years, where a table of all
// zones would need a file. Only the M form of rules; the other two are not in use anywhere.

import { DAY_MS, dateOf, daysInMonth, daysOf, HOUR_MS, weekdayOf } from "./civil";

interface Change {
  readonly month: number;
  /** 1–5; 5: the last one of the month */
  readonly week: number;
  readonly weekday: number;
  /** Wall clock time of the change, in seconds of that day. */
  readonly second: number;
}

export interface Zone {
  readonly rule: string;
  /** Local minus UTC, in ms. */
  readonly standard: number;
  readonly summer?: { readonly offset: number; readonly from: Change; readonly to: Change };
}

export const UTC: Zone = { rule: "UTC0", standard: 0 };

const MAX_RULE_LENGTH = 64;

/** undefined when the text is no such rule. */
export function parseZone(rule: string): Zone | undefined {
  if (rule.length > MAX_RULE_LENGTH) return undefined;
  const reader = new RuleReader(rule);
  if (!reader.name()) return undefined;
  const standard = reader.offset();
  if (standard === undefined) return undefined;
  if (reader.atEnd) return { rule, standard };
  if (!reader.name()) return undefined;
  const offset = reader.at(",") ? standard + HOUR_MS : reader.offset();
  const from = reader.change();
  const to = reader.change();
  if (offset === undefined || from === undefined || to === undefined || !reader.atEnd) return undefined;
  return { rule, standard, summer: { offset, from, to } };
}

/** Reads a rule from its beginning; a step that fails leaves nothing useful behind. */
class RuleReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  at(char: string): boolean {
    return this.#text[this.#at] === char;
  }

  #take(char: string): boolean {
    if (!this.at(char)) return false;
    this.#at++;
    return true;
  }

  /** Three letters or more, or anything in angle brackets. */
  name(): boolean {
    const start = this.#at;
    if (this.#take("<")) {
      while (!this.atEnd && !this.at(">")) this.#at++;
      return this.#take(">") && this.#at - start > 3;
    }
    for (; !this.atEnd; this.#at++) {
      const char = (this.#text[this.#at] as string).toLowerCase();
      if (char < "a" || char > "z") break;
    }
    return this.#at - start >= 3;
  }

  #number(most: number): number | undefined {
    const start = this.#at;
    let value = 0;
    for (; !this.atEnd && this.#at - start < 3; this.#at++) {
      const digit = this.#text.charCodeAt(this.#at) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    return this.#at > start && value <= most ? value : undefined;
  }

  /** hh[:mm[:ss]] in seconds. */
  #clock(): number | undefined {
    let seconds = 0;
    for (const [unit, most] of [
      [3600, 167],
      [60, 59],
      [1, 59],
    ] as const) {
      if (unit < 3600 && !this.#take(":")) break;
      const value = this.#number(most);
      if (value === undefined) return undefined;
      seconds += value * unit;
    }
    return seconds;
  }

  /** POSIX counts west of Greenwich as positive. */
  offset(): number | undefined {
    const east = this.#take("-");
    if (!east) this.#take("+");
    const seconds = this.#clock();
    if (seconds === undefined || seconds > 24 * 3600) return undefined;
    return (east || seconds === 0 ? seconds : -seconds) * 1000;
  }

  /** ,Mm.w.d[/time] */
  change(): Change | undefined {
    if (!this.#take(",") || !this.#take("M")) return undefined;
    const month = this.#number(12);
    const week = this.#take(".") ? this.#number(5) : undefined;
    const weekday = this.#take(".") ? this.#number(6) : undefined;
    const second = this.#take("/") ? this.#clock() : 2 * 3600;
    if (month === undefined || week === undefined || weekday === undefined || second === undefined) return undefined;
    return month < 1 || week < 1 ? undefined : { month, week, weekday, second };
  }
}

/** The instant of a change in a year, in UTC ms; `before` is the offset that holds until then. */
function instantOf(change: Change, year: number, before: number): number {
  const first = daysOf(year, change.month, 1);
  let day = first + ((change.weekday - weekdayOf(first) + 7) % 7) + (change.week - 1) * 7;
  if (day >= first + daysInMonth(year, change.month)) day -= 7;
  return day * DAY_MS + change.second * 1000 - before;
}

/** Local minus UTC at an instant, in ms. */
export function offsetAt(zone: Zone, utc: number): number {
  const { standard, summer } = zone;
  if (summer === undefined) return standard;
  const { year } = dateOf(Math.floor((utc + standard) / DAY_MS));
  const from = instantOf(summer.from, year, standard);
  const to = instantOf(summer.to, year, summer.offset);
  const isSummer = from < to ? utc >= from && utc < to : utc >= from || utc < to;
  return isSummer ? summer.offset : standard;
}

export interface Instant {
  readonly utc: number;
  /** gap: the clock skips this time; utc is then what a clock that had not been changed would show. twice: utc is the
   *  first of the two. */
  readonly kind: "once" | "gap" | "twice";
}

export function instantOfLocal(zone: Zone, local: number): Instant {
  const offsets = zone.summer === undefined ? [zone.standard] : [zone.summer.offset, zone.standard];
  const found = offsets.map((offset) => local - offset).filter((utc) => utc + offsetAt(zone, utc) === local);
  if (found.length === 0) return { utc: local - zone.standard, kind: "gap" };
  return { utc: Math.min(...found), kind: found.length > 1 ? "twice" : "once" };
}
