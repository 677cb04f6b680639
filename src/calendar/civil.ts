// Days and dates of the proleptic Gregorian calendar, in whole numbers. No time zone here: milliseconds since
// 1970-01-01 00:00 of whatever clock is meant.

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export interface CivilDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly day: number;
}

export interface CivilTime extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 = Sunday */
  readonly weekday: number;
}

/** Days since 1970-01-01; the month may lie outside 1–12. Era arithmetic: 400 years have 146,097 days. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function dateOf(days: number): CivilDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** 0 = Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return daysOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - daysOf(year, month, 1);
}

export function civilOf(ms: number): CivilTime {
  const days = Math.floor(ms / DAY_MS);
  const second = Math.floor((ms - days * DAY_MS) / 1000);
  return {
    ...dateOf(days),
    hour: Math.floor(second / 3600),
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
    weekday: weekdayOf(days),
  };
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** 2026-01-01T08:00:00 */
export function isoOf(ms: number): string {
  const { year, month, day, hour, minute, second } = civilOf(ms);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

/** Milliseconds of "2026-01-01", "2026-01-01T08:00" or "2026-01-01T08:00:00"; undefined for anything else, and for a
 *  date that is in no calendar. */
export function parseIso(text: string): number | undefined {
  const [date = "", time = "00:00", ...more] = text.split(text.includes("T") ? "T" : " ");
  const ymd = numbers(date, "-", [4, 2, 2]);
  const hms = numbers(time.length === 5 ? `${time}:00` : time, ":", [2, 2, 2]);
  if (more.length > 0 || ymd === undefined || hms === undefined) return undefined;
  const [year, month, day] = ymd as [number, number, number];
  const [hour, minute, second] = hms as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return daysOf(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1000;
}

function numbers(text: string, separator: string, lengths: readonly number[]): number[] | undefined {
  const parts = text.split(separator);
  if (parts.length !== lengths.length) return undefined;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part.length !== lengths[i]) return undefined;
    for (const char of part) if (char < "0" || char > "9") return undefined;
  }
  return parts.map(Number);
}
