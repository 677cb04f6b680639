// The date that a day's words mean, seen from today. Pure.

import { dateOf, daysOf, weekdayOf } from "../calendar/civil";
import type { DayMeaning } from "../understanding/values";

/** Days since 1970; a weekday is the next one, never today, and a date without a year the next one. */
export function dateFrom(meaning: DayMeaning, today: number): number | undefined {
  if (meaning.inDays !== undefined) return today + meaning.inDays;
  if (meaning.weekday !== undefined) {
    const ahead = (meaning.weekday - weekdayOf(today) + 7) % 7;
    return today + (ahead === 0 ? 7 : ahead);
  }
  if (meaning.month === undefined || meaning.day === undefined) return undefined;
  const { year } = dateOf(today);
  for (const candidate of [year, year + 1, year + 2, year + 3, year + 4]) {
    const days = daysOf(candidate, meaning.month, meaning.day);
    // 29 February is in every fourth year only.
    if (days >= today && dateOf(days).month === meaning.month) return days;
  }
  return undefined;
}
