// When an alarm rings. Local time of day and days to instants, across changes of summer time. Pure.

import type { Calendar } from "../calendar/calendar";
import { DAY_MS, MINUTE_MS, weekdayOf } from "../calendar/civil";
import type { Alarm, Repeat } from "./entry";

type Rule = Pick<Alarm, "minute" | "repeat" | "day">;

export function ringsOn({ repeat, day }: Pick<Alarm, "repeat" | "day">, localDay: number): boolean {
  const weekday = weekdayOf(localDay);
  const byRepeat: Record<Repeat, boolean> = {
    once: localDay === day,
    daily: true,
    weekdays: weekday >= 1 && weekday <= 5,
    weekends: weekday === 0 || weekday === 6,
    weekly: weekday === day,
  };
  return byRepeat[repeat];
}

/** The first instant after `after` (UTC) at which the alarm rings; undefined when there is none. A time that the clock
 *  skips rings when the clock has skipped it; one that comes twice rings the first time. */
export function nextRing(rule: Rule, after: number, calendar: Calendar): number | undefined {
  const from = Math.floor(calendar.localOf(after) / DAY_MS) - 1;
  const days = rule.repeat === "once" ? [rule.day] : Array.from({ length: 10 }, (_, i) => from + i);
  for (const day of days) {
    if (!ringsOn(rule, day)) continue;
    const { utc } = calendar.instantOf(day * DAY_MS + rule.minute * MINUTE_MS);
    if (utc > after) return utc;
  }
  return undefined;
}
