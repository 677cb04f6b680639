// Values as words, the way the packaged prompts say them: the reverse of understanding/values.ts.

import { civilOf, DAY_MS } from "../calendar/civil";

const ONES = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ORDINALS = (
  "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth " +
  "sixteenth seventeenth eighteenth nineteenth"
).split(" ");
export const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
export const MONTHS = "january february march april may june july august september october november december".split(
  " ",
);

/** 0 to 999,999. */
export function numberWords(n: number): string {
  if (n < 20) return ONES[n] as string;
  if (n < 100) return (TENS[Math.floor(n / 10)] as string) + (n % 10 === 0 ? "" : ` ${ONES[n % 10]}`);
  const [size, name] = n < 1000 ? [100, "hundred"] : [1000, "thousand"];
  const rest = n % size;
  return `${numberWords(Math.floor(n / size))} ${name}${rest === 0 ? "" : ` ${numberWords(rest)}`}`;
}

/** "1 hour 30 minutes" as words: the largest two units that are not zero. */
export function spanWords(ms: number): string {
  let seconds = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, name] of [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ] as const) {
    const count = Math.floor(seconds / unit);
    seconds -= count * unit;
    if (count > 0 && parts.length < 2) parts.push(`${numberWords(count)} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "zero seconds" : parts.join(" and ");
}

/** "seven oh five a m"; minutes after midnight. */
export function timeWords(minuteOfDay: number): string {
  const hour = Math.floor(minuteOfDay / 60);
  const minute = minuteOfDay % 60;
  if (minute === 0 && hour === 12) return "noon";
  if (minute === 0 && hour === 0) return "midnight";
  const words = minute === 0 ? "" : minute < 10 ? ` oh ${ONES[minute]}` : ` ${numberWords(minute)}`;
  return `${numberWords(hour % 12 === 0 ? 12 : hour % 12)}${words} ${hour < 12 ? "a m" : "p m"}`;
}

export function ordinalWords(day: number): string {
  if (day < 20) return ORDINALS[day] as string;
  if (day % 10 === 0) return day === 20 ? "twentieth" : "thirtieth";
  return `${TENS[Math.floor(day / 10)]} ${ORDINALS[day % 10]}`;
}

/** "thursday january the first"; days since 1970. */
export function dayWords(days: number): string {
  const { weekday, month, day } = civilOf(days * DAY_MS);
  return `${WEEKDAYS[weekday]} ${MONTHS[month - 1]} the ${ordinalWords(day)}`;
}
