// --date: the device's calendar, which knows no time zone. Out: milliseconds since 1970 as its clock shows them.

import { inputFailure } from "../failure.ts";

const FORM = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

export function parseDate(text: string): number {
  const match = FORM.exec(text);
  const day = text.slice(0, 10);
  const withZone =
    match?.[1] === undefined ? `${text.replace(" ", "T")}${text.length === 10 ? "" : "Z"}` : text.replace(" ", "T");
  const value = match === null ? Number.NaN : Date.parse(withZone);
  // Date.parse takes 31 February for a day in March.
  const real = !Number.isNaN(value) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!real) throw inputFailure(`--date: expected a date such as 2026-01-01T08:00:00; found ${JSON.stringify(text)}.`);
  return value;
}

/** What the PC's clock on the wall shows. */
export function pcCalendar(now = new Date()): number {
  return now.getTime() - now.getTimezoneOffset() * 60_000;
}
