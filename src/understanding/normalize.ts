// Any text to the words that understanding knows: lower case, letters and apostrophes, numbers as they are said.

import { fold } from "../catalog/fold";
import { cardinal, ordinal, spellDigits } from "./numbers";

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["%", " percent "],
  ["°", " degrees "],
  ["&", " and "],
  ["+", " plus "],
  ["=", " equals "],
  ["@", " at "],
  ["$", " dollars "],
  ["€", " euros "],
  ["£", " pounds "],
  ["½", " and a half "],
]);
const MONEY = "$€£";

/** Short forms that follow a number: behind "1", and behind others. */
const UNITS: ReadonlyMap<string, readonly [string, string]> = new Map<string, readonly [string, string]>([
  ["h", ["hour", "hours"]],
  ["hr", ["hour", "hours"]],
  ["hrs", ["hour", "hours"]],
  ["m", ["minute", "minutes"]],
  ["min", ["minute", "minutes"]],
  ["mins", ["minute", "minutes"]],
  ["sec", ["second", "seconds"]],
  ["secs", ["second", "seconds"]],
  ["oz", ["ounce", "ounce"]],
]);
/** So many digits and more without commas are a telephone number. */
const TELEPHONE = 7;

/** Longer texts are no requests (ES_UNDERSTANDING_TEXT): what is behind is not read. Keeps the device's memory, too. */
const MOST_CHARACTERS = 700;
const MOST_SPELLED = 2 * MOST_CHARACTERS;
/** Digits that are read as one number; nobody says so many. */
const MOST_DIGITS = 60;

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";
const isLetter = (char: string | undefined): boolean => char !== undefined && char >= "a" && char <= "z";

/** The words of a text, with single spaces between; empty when it has none. */
export function normalize(text: string): string {
  const lower = text.slice(0, MOST_CHARACTERS).toLowerCase();
  let spelled = "";
  // Most of a text stays as it is: it is copied in stretches, since each piece that is added makes a new string.
  let from = 0;
  for (let at = 0; at < lower.length && spelled.length < MOST_SPELLED; ) {
    const char = lower[at] as string;
    const number =
      isDigit(char) || (MONEY.includes(char) && isDigit(lower[at + 1])) ? readNumber(lower, at) : undefined;
    const words = number?.words ?? SIGNS.get(char);
    const end = number?.end ?? at + 1;
    if (words !== undefined) {
      spelled += `${lower.slice(from, at)} ${words} `;
      from = end;
    }
    at = end;
  }
  return fold(spelled + lower.slice(from)).text;
}

interface Read {
  readonly words: string;
  readonly end: number;
}

/** A number with what belongs to it: 7:30, 1st, 70s, 3.5, 1,000, $5. */
function readNumber(text: string, start: number): Read {
  const money = MONEY.includes(text[start] as string) ? (text[start] as string) : "";
  const first = digitsAt(text, start + money.length);
  let { end } = first;
  let words = spellDigits(first.digits);
  const behind = text[end];
  const telephone = telephoneAt(text, start + money.length);
  if (telephone !== undefined) {
    words = oneByOne(telephone.digits);
    end = telephone.end;
  } else if (behind === ":" && isDigit(text[end + 1]) && isDigit(text[end + 2]) && !isDigit(text[end + 3])) {
    words = spellClock(Number(first.digits), Number(text.slice(end + 1, end + 3)), text.slice(end + 3));
    end += 3;
  } else if (behind === "." && isDigit(text[end + 1])) {
    const decimals = digitsAt(text, end + 1);
    words = `${cardinal(Math.min(Number(first.digits), 999_999_999))} point ${oneByOne(decimals.digits)}`;
    end = decimals.end;
  } else {
    const ending = endingAt(text, end);
    if (["st", "nd", "rd", "th"].includes(ending) && Number(first.digits) > 0 && Number(first.digits) < 1000) {
      words = ordinal(Number(first.digits));
      end += 2;
    } else if (ending === "s") {
      words = words.endsWith("y") ? `${words.slice(0, -1)}ies` : `${words}s`;
      end += 1;
    } else {
      const unit = unitAt(text, end);
      if (unit !== undefined) {
        words += ` ${unit.forms[Number(first.digits) === 1 ? 0 : 1]}`;
        end = unit.end;
      }
    }
  }
  return { words: money === "" ? words : `${words}${SIGNS.get(money) ?? ""}`, end };
}

const oneByOne = (digits: string): string => [...digits].map((digit) => cardinal(Number(digit))).join(" ");

/** "1h", "10 min": the unit, however it is set. */
function unitAt(text: string, start: number): { forms: readonly [string, string]; end: number } | undefined {
  const at = text[start] === " " ? start + 1 : start;
  const letters = endingAt(text, at);
  // "5 m" may be anything.
  const forms = at > start && letters.length === 1 ? undefined : UNITS.get(letters);
  return forms === undefined ? undefined : { forms, end: at + letters.length };
}

/** Groups of digits with hyphens between, or one long group. */
function telephoneAt(text: string, start: number): Digits | undefined {
  let digits = "";
  let end = start;
  while (digits.length < MOST_DIGITS && (isDigit(text[end]) || (text[end] === "-" && isDigit(text[end + 1])))) {
    if (text[end] !== "-") digits += text[end];
    end++;
  }
  return digits.length < TELEPHONE || text[end] === "," || text[end] === "." ? undefined : { digits, end };
}

interface Digits {
  readonly digits: string;
  readonly end: number;
}

/** Digits, thousands parted by commas included. */
function digitsAt(text: string, start: number): Digits {
  let digits = "";
  let end = start;
  while (digits.length < MOST_DIGITS && isDigit(text[end])) digits += text[end++];
  const group = (at: number): boolean =>
    text[at] === "," &&
    isDigit(text[at + 1]) &&
    isDigit(text[at + 2]) &&
    isDigit(text[at + 3]) &&
    !isDigit(text[at + 4]);
  while (digits.length > 0 && digits.length < 12 && group(end)) {
    digits += text.slice(end + 1, end + 4);
    end += 4;
  }
  return { digits, end };
}

/** The letters that follow at once. */
function endingAt(text: string, start: number): string {
  let end = start;
  while (isLetter(text[end])) end++;
  return text.slice(start, end);
}

function spellClock(hour: number, minute: number, behind: string): string {
  if (hour > 24 || minute > 59) return `${cardinal(Math.min(hour, 999_999_999))} ${cardinal(minute)}`;
  if (minute > 0) return `${cardinal(hour)} ${minute < 10 ? `oh ${cardinal(minute)}` : cardinal(minute)}`;
  const half = behind.trimStart();
  return half.startsWith("a") || half.startsWith("p") ? cardinal(hour) : `${cardinal(hour)} o'clock`;
}
