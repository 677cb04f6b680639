// From the words of a slot to its value: numbers, spans, clock times, days, levels, colors. Pure; words as people say
// them and as they type them ("50%", "7:30"). undefined: the words have no such value.

const ONES = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ORDINALS = (
  "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth " +
  "sixteenth seventeenth eighteenth nineteenth"
).split(" ");
const WEEKDAYS = "sunday monday tuesday wednesday thursday friday saturday".split(" ");
const MONTHS = "january february march april may june july august september october november december".split(" ");

/** Words without articles of politeness; "twenty-five" and "o'clock" keep together or part as they are said. */
function wordsOf(text: string): string[] {
  const spaced = text.toLowerCase().split("-").join(" ").split("%").join(" percent");
  return spaced.split(" ").filter((word) => word !== "");
}

/** Digits, with at most one point. */
function digitsValue(word: string): number | undefined {
  let points = 0;
  for (const char of word) {
    if (char === ".") points++;
    else if (char < "0" || char > "9") return undefined;
  }
  return points > 1 || word === "" || word === "." || word.length > 9 ? undefined : Number(word);
}

interface Parsed {
  readonly value: number;
  /** Words used. */
  readonly used: number;
}

/** 0 to 99 as one or two words, or digits. */
function smallNumber(words: readonly string[], at: number): Parsed | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  const typed = digitsValue(word);
  if (typed !== undefined) return { value: typed, used: 1 };
  const one = word === "oh" || word === "o" ? 0 : ONES.indexOf(word);
  if (one >= 0) return { value: one, used: 1 };
  const ten = TENS.indexOf(word);
  if (ten < 2) return undefined;
  const next = ONES.indexOf(words[at + 1] ?? "");
  return next > 0 && next < 10 ? { value: ten * 10 + next, used: 2 } : { value: ten * 10, used: 1 };
}

/** A number from words[at] on: "a hundred and five", "two thousand", "three point five", "forty two". */
function numberAt(words: readonly string[], at: number): Parsed | undefined {
  const article = words[at] === "a" && (words[at + 1] === "hundred" || words[at + 1] === "thousand");
  const first = article ? { value: 1, used: 1 } : smallNumber(words, at);
  if (first === undefined) return undefined;
  let total = 0;
  let { value: group, used } = first;
  for (;;) {
    const unit = words[at + used];
    if (unit === "hundred") group *= 100;
    else if (unit === "thousand") {
      total += group * 1000;
      group = 0;
    } else if (unit === "point") return decimals(words, at + used + 1, total + group, used + 1);
    else break;
    used++;
    const and = words[at + used] === "and" ? 1 : 0;
    const rest = smallNumber(words, at + used + and);
    if (rest === undefined) continue;
    group += rest.value;
    used += and + rest.used;
  }
  return { value: total + group, used };
}

function decimals(words: readonly string[], at: number, whole: number, used: number): Parsed | undefined {
  let [value, scale, count] = [whole, 1, 0];
  for (; count < 3; count++) {
    const digit = words[at + count] === "oh" ? 0 : ONES.indexOf(words[at + count] ?? "");
    if (digit < 0 || digit > 9) break;
    scale /= 10;
    value += digit * scale;
  }
  return count === 0 ? undefined : { value: Math.round(value * 1000) / 1000, used: used + count };
}

/** The whole text as a number. */
export function numberOf(text: string): number | undefined {
  const words = wordsOf(text);
  const parsed = numberAt(words, 0);
  return parsed !== undefined && parsed.used === words.length ? parsed.value : undefined;
}

/** Digits said one by one ("five five five oh one"), at least three; as text. */
export function digitsOf(text: string): string | undefined {
  const words = wordsOf(text);
  let digits = "";
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const times = word === "double" ? 2 : word === "triple" ? 3 : 1;
    const said = times > 1 ? (words[++i] ?? "") : word;
    const digit = said === "oh" || said === "o" ? 0 : ONES.indexOf(said);
    if (digit >= 0 && digit < 10) digits += String(digit).repeat(times);
    else if (digitsValue(said) !== undefined && !said.includes(".")) digits += said.repeat(times);
    else return undefined;
  }
  return digits.length >= 3 ? digits : undefined;
}

const UNITS: ReadonlyMap<string, number> = new Map<string, number>([
  ["second", 1],
  ["seconds", 1],
  ["sec", 1],
  ["secs", 1],
  ["minute", 60],
  ["minutes", 60],
  ["min", 60],
  ["mins", 60],
  ["hour", 3600],
  ["hours", 3600],
  ["day", 86_400],
  ["days", 86_400],
  ["week", 604_800],
  ["weeks", 604_800],
  ["month", 2_592_000],
  ["months", 2_592_000],
  ["year", 31_536_000],
  ["years", 31_536_000],
]);

/** Seconds of a span: "ten minutes", "an hour and a half", "one and a half hours", "three quarters of an hour". */
export function durationSeconds(text: string): number | undefined {
  const words = wordsOf(text).filter((word) => word !== "for" && word !== "exactly" && word !== "about");
  let seconds = 0;
  let at = 0;
  let lastUnit = 0;
  while (at < words.length) {
    if (words[at] === "and" && lastUnit > 0) at++;
    const half = halfOf(words, at, lastUnit);
    const part = half ?? spanPart(words, at);
    if (part === undefined) return undefined;
    seconds += part.seconds;
    lastUnit = part.unit;
    at += part.used;
  }
  return lastUnit === 0 ? undefined : Math.round(seconds);
}

interface Span {
  readonly seconds: number;
  readonly unit: number;
  readonly used: number;
}

/** "[and] a half" after a unit: half of that unit. */
function halfOf(words: readonly string[], at: number, lastUnit: number): Span | undefined {
  if (lastUnit === 0) return undefined;
  const skip = words[at] === "a" ? 1 : 0;
  if (words[at + skip] !== "half" || UNITS.get(words[at + skip + 1] ?? "") !== undefined) return undefined;
  return { seconds: lastUnit / 2, unit: lastUnit, used: skip + 1 };
}

function spanPart(words: readonly string[], at: number): Span | undefined {
  const fraction = fractionAt(words, at);
  let count = fraction ?? numberAt(words, at);
  if (count === undefined && (words[at] === "a" || words[at] === "an" || words[at] === "one")) {
    count = { value: 1, used: 1 };
  }
  if (count === undefined && words[at] === "a" && words[at + 1] === "couple") count = { value: 2, used: 2 };
  if (count === undefined) return undefined;
  let { value, used } = count;
  if (fraction === undefined && words[at + used] === "couple") {
    value = 2;
    used++;
  }
  if (words[at + used] === "and" && words[at + used + 1] === "a" && words[at + used + 2] === "half") {
    value += 0.5;
    used += 3;
  }
  while (words[at + used] === "of" || words[at + used] === "a" || words[at + used] === "an") used++;
  const unit = UNITS.get(words[at + used] ?? "");
  return unit === undefined ? undefined : { seconds: value * unit, unit, used: used + 1 };
}

/** "half", "a half", "a quarter", "three quarters". */
function fractionAt(words: readonly string[], at: number): Parsed | undefined {
  const skip = words[at] === "a" || words[at] === "one" ? 1 : 0;
  if (words[at + skip] === "half") return { value: 0.5, used: skip + 1 };
  if (words[at + skip] === "quarter") return { value: 0.25, used: skip + 1 };
  return words[at] === "three" && words[at + 1] === "quarters" ? { value: 0.75, used: 2 } : undefined;
}

export interface ClockTime {
  /** 0–23 where the half of the day is known; else 1–12, with 12 as 0. */
  readonly hour: number;
  readonly minute: number;
  /** Whether the half of the day was said, or follows from the words. */
  readonly exact: boolean;
}

/** A time of day: "half past six", "seven thirty pm", "noon", "7:30", "eighteen fifteen". */
export function clockTime(text: string): ClockTime | undefined {
  const words = wordsOf(text.split(":").join(" "))
    .join(" ")
    .split("a m")
    .join("am")
    .split("p m")
    .join("pm")
    .split(" ")
    .filter((word) => word !== "at" && word !== "o'clock" && word !== "sharp" && word !== "oclock");
  const half = halfOfDay(words);
  const rest = words.slice(0, words.length - half.used);
  if (rest.length === 1 && (rest[0] === "noon" || rest[0] === "midday")) return { hour: 12, minute: 0, exact: true };
  if (rest.length === 1 && rest[0] === "midnight") return { hour: 0, minute: 0, exact: true };
  const time = pastOrTo(rest) ?? hourAndMinute(rest);
  return time === undefined ? undefined : settled(time.hour, time.minute, half.name);
}

type Half = "am" | "pm" | "night" | undefined;

const HALVES: readonly (readonly [string, Half])[] = [
  ["in the morning", "am"],
  ["this morning", "am"],
  ["in the afternoon", "pm"],
  ["this afternoon", "pm"],
  ["in the evening", "pm"],
  ["this evening", "pm"],
  ["at night", "night"],
  ["night", "night"],
  ["tonight", "pm"],
  ["am", "am"],
  ["pm", "pm"],
];

function halfOfDay(words: readonly string[]): { readonly name: Half; readonly used: number } {
  const text = ` ${words.join(" ")}`;
  for (const [ending, name] of HALVES) {
    if (text.endsWith(` ${ending}`)) return { name, used: ending.split(" ").length };
  }
  return { name: undefined, used: 0 };
}

/** "[a] quarter past six", "ten to seven", "half past three", "half six" is no American time. */
function pastOrTo(words: readonly string[]): { hour: number; minute: number } | undefined {
  const at = words.findIndex((word) => word === "past" || word === "to" || word === "after" || word === "before");
  if (at < 1) return undefined;
  const head = words.slice(0, at).filter((word) => word !== "a" && word !== "minutes" && word !== "minute");
  const minutes =
    head.length === 1 && head[0] === "half"
      ? 30
      : head.length === 1 && head[0] === "quarter"
        ? 15
        : numberOf(head.join(" "));
  const tail = words.slice(at + 1);
  const hour = tail[0] === "noon" ? 12 : tail[0] === "midnight" ? 0 : numberOf(tail.join(" "));
  if (minutes === undefined || hour === undefined || minutes > 59 || hour > 23) return undefined;
  if (words[at] === "past" || words[at] === "after") return { hour, minute: minutes };
  if (minutes === 0) return { hour, minute: 0 };
  return { hour: hour === 1 ? 12 : (hour + 23) % 24, minute: 60 - minutes };
}

function hourAndMinute(words: readonly string[]): { hour: number; minute: number } | undefined {
  const hour = smallNumber(words, 0);
  if (hour === undefined || hour.value > 23 || hour.value % 1 !== 0) return undefined;
  const rest = words.slice(hour.used);
  if (rest.length === 0) return { hour: hour.value, minute: 0 };
  if (rest.length === 1 && rest[0] === "hundred") return { hour: hour.value, minute: 0 };
  const oh = rest[0] === "oh" || rest[0] === "o" || rest[0] === "zero" ? 1 : 0;
  const minute = smallNumber(rest, oh);
  if (minute === undefined || minute.value > 59 || oh + minute.used !== rest.length) return undefined;
  return { hour: hour.value, minute: minute.value };
}

function settled(hour: number, minute: number, half: Half): ClockTime {
  if (hour > 12 || (hour === 0 && half === undefined)) return { hour, minute, exact: true };
  const base = hour % 12;
  if (half === undefined) return { hour: base, minute, exact: false };
  if (half === "am") return { hour: base, minute, exact: true };
  // At night: before six it is the early morning.
  const early = half === "night" && base < 6;
  return { hour: early ? base : base + 12, minute, exact: true };
}

export interface DayMeaning {
  /** Days from today. */
  readonly inDays?: number;
  /** 0 = Sunday; the next one. */
  readonly weekday?: number;
  /** 1–12 and 1–31. */
  readonly month?: number;
  readonly day?: number;
  /** On more than one day. */
  readonly every?: "day" | "weekday" | "weekend" | "week";
  readonly half?: "am" | "pm";
}

const HOLIDAYS: ReadonlyMap<string, readonly [number, number]> = new Map<string, readonly [number, number]>([
  ["christmas", [12, 25]],
  ["christmas eve", [12, 24]],
  ["new year's eve", [12, 31]],
  ["new year", [1, 1]],
  ["new year's day", [1, 1]],
  ["halloween", [10, 31]],
  ["valentine's day", [2, 14]],
  ["independence day", [7, 4]],
]);

const DAY_HALVES: readonly (readonly [string, "am" | "pm"])[] = [
  [" morning", "am"],
  [" afternoon", "pm"],
  [" evening", "pm"],
  [" night", "pm"],
];

/** "tomorrow", "on friday", "every monday", "on weekdays", "march third", "the fourth of july", "tomorrow morning". */
export function dayOf(text: string): DayMeaning | undefined {
  let words = wordsOf(text).join(" ");
  for (const head of ["on ", "this coming ", "coming ", "for "])
    if (words.startsWith(head)) words = words.slice(head.length);
  if (words === "tonight" || words === "this evening") return { inDays: 0, half: "pm" };
  if (words === "this morning") return { inDays: 0, half: "am" };
  if (words === "this afternoon") return { inDays: 0, half: "pm" };
  for (const [ending, half] of DAY_HALVES) {
    if (!words.endsWith(ending)) continue;
    const rest = dayOf(words.slice(0, words.length - ending.length));
    return rest === undefined ? undefined : { ...rest, half };
  }
  if (words === "today" || words === "now") return { inDays: 0 };
  if (words === "tomorrow") return { inDays: 1 };
  if (words === "the day after tomorrow" || words === "day after tomorrow") return { inDays: 2 };
  if (words === "yesterday") return { inDays: -1 };
  return repeated(words) ?? weekdayNamed(words) ?? holiday(words) ?? dateNamed(words);
}

function repeated(words: string): DayMeaning | undefined {
  if (words === "every day" || words === "daily" || words === "each day") return { every: "day" };
  if (words === "weekdays" || words === "every weekday" || words === "workdays") return { every: "weekday" };
  if (words === "weekends" || words === "every weekend" || words === "the weekend") return { every: "weekend" };
  const each = words.startsWith("every ") ? words.slice(6) : words.endsWith("s") ? words.slice(0, -1) : "";
  const weekday = WEEKDAYS.indexOf(each);
  return weekday < 0 ? undefined : { every: "week", weekday };
}

function weekdayNamed(words: string): DayMeaning | undefined {
  const bare = words.startsWith("next ") || words.startsWith("this ") ? words.slice(5) : words;
  const weekday = WEEKDAYS.indexOf(bare);
  return weekday < 0 ? undefined : { weekday };
}

function holiday(words: string): DayMeaning | undefined {
  const found = HOLIDAYS.get(words);
  return found === undefined ? undefined : { month: found[0], day: found[1] };
}

function dateNamed(text: string): DayMeaning | undefined {
  const words = text.split(" ").filter((word) => word !== "the" && word !== "of");
  const at = words.findIndex((word) => MONTHS.includes(word));
  if (at < 0) return undefined;
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const day = ordinalOf(rest) ?? numberOf(rest.join(" "));
  if (day === undefined || day < 1 || day > 31 || day % 1 !== 0) return undefined;
  return { month: MONTHS.indexOf(words[at] as string) + 1, day };
}

/** "third", "twenty first", "3rd". */
function ordinalOf(words: readonly string[]): number | undefined {
  const [first = "", second = ""] = words;
  if (words.length === 1) {
    const typed = digitsValue(first.slice(0, -2));
    if (typed !== undefined && ["st", "nd", "rd", "th"].includes(first.slice(-2))) return typed;
    if (first === "twentieth") return 20;
    if (first === "thirtieth") return 30;
    return positive(ORDINALS.indexOf(first));
  }
  const ten = TENS.indexOf(first);
  const one = ORDINALS.indexOf(second);
  return words.length === 2 && ten >= 2 && one > 0 && one < 10 ? ten * 10 + one : undefined;
}

const positive = (value: number): number | undefined => (value > 0 ? value : undefined);

export interface Level {
  readonly value: number;
  readonly percent: boolean;
}

const NAMED_LEVELS: ReadonlyMap<string, number> = new Map<string, number>([
  ["half", 50],
  ["half way", 50],
  ["maximum", 100],
  ["max", 100],
  ["full", 100],
  ["full brightness", 100],
  ["minimum", 1],
  ["min", 1],
  ["off", 0],
]);

/** A loudness or brightness: "thirty percent", "per cent", "half", "maximum", "seven". */
export function levelOf(text: string): Level | undefined {
  const words = wordsOf(text).join(" ").split("per cent").join("percent").split(" ");
  const bare = words[0] === "the" ? words.slice(1).join(" ") : words.join(" ");
  const named = NAMED_LEVELS.get(bare);
  if (named !== undefined) return { value: named, percent: true };
  const percent = words[words.length - 1] === "percent";
  const value = numberOf((percent ? words.slice(0, -1) : words).join(" "));
  if (value === undefined && bare === "half percent") return undefined;
  return value === undefined ? undefined : { value, percent };
}

/** "twenty one degrees [celsius|fahrenheit]", or the number alone. */
export function degreesOf(text: string): number | undefined {
  const words = wordsOf(text).filter((word) => word !== "celsius" && word !== "fahrenheit" && word !== "centigrade");
  const last = words[words.length - 1];
  const minus = words[0] === "minus" ? 1 : 0;
  const end = last === "degrees" || last === "degree" ? words.length - 1 : words.length;
  const value = numberOf(words.slice(minus, end).join(" "));
  return value === undefined ? undefined : minus === 1 ? -value : value;
}

export type Rgb = readonly [red: number, green: number, blue: number];

const COLORS: ReadonlyMap<string, Rgb> = new Map<string, Rgb>([
  ["red", [255, 0, 0]],
  ["green", [0, 255, 0]],
  ["blue", [0, 0, 255]],
  ["yellow", [255, 220, 0]],
  ["white", [255, 255, 255]],
  ["purple", [150, 0, 220]],
  ["violet", [150, 0, 220]],
  ["orange", [255, 120, 0]],
  ["pink", [255, 105, 180]],
  ["turquoise", [0, 210, 200]],
  ["cyan", [0, 210, 255]],
  ["warm white", [255, 214, 170]],
  ["cool white", [212, 235, 255]],
  ["daylight", [255, 250, 240]],
]);

export function colorOf(text: string): Rgb | undefined {
  return COLORS.get(wordsOf(text).join(" "));
}

const UP = ["up", "louder", "raise", "increase", "more", "higher", "unmute", "quiet"];
const DOWN = ["down", "quieter", "softer", "lower", "decrease", "reduce", "less", "loud"];

/** 1 or -1. "too quiet" asks for more, "too loud" for less. */
export function directionOf(text: string): 1 | -1 | undefined {
  const words = wordsOf(text);
  if (words.some((word) => UP.includes(word))) return 1;
  return words.some((word) => DOWN.includes(word)) ? -1 : undefined;
}

/** "milk, eggs and some bread" as three. "and" parts things; what belongs together people do not part by it here. */
export function itemsOf(text: string): string[] {
  const parts = text.split(",").join(" and ").split(" and ");
  return parts
    .map((part) =>
      wordsOf(part)
        .filter((word, i) => i > 0 || (word !== "some" && word !== "a" && word !== "an"))
        .join(" "),
    )
    .filter((part) => part !== "");
}
