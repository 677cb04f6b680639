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

/** Longer texts are no requests: what is behind is not read. */
const MOST_CHARACTERS = 4000;

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";
const isLetter = (char: string | undefined): boolean => char !== undefined && char >= "a" && char <= "z";

/** The words of a text, with single spaces between; empty when it has none. */
export function normalize(text: string): string {
  const lower = text.slice(0, MOST_CHARACTERS).toLowerCase();
  let spelled = "";
  for (let at = 0; at < lower.length; ) {
    const char = lower[at] as string;
    if (isDigit(char) || (MONEY.includes(char) && isDigit(lower[at + 1]))) {
      const read = readNumber(lower, at);
      spelled += ` ${read.words} `;
      at = read.end;
    } else {
      spelled += SIGNS.get(char) ?? char;
      at++;
    }
  }
  return fold(spelled).text;
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
  if (behind === ":" && isDigit(text[end + 1]) && isDigit(text[end + 2]) && !isDigit(text[end + 3])) {
    words = spellClock(Number(first.digits), Number(text.slice(end + 1, end + 3)), text.slice(end + 3));
    end += 3;
  } else if (behind === "." && isDigit(text[end + 1])) {
    const decimals = digitsAt(text, end + 1);
    const digits = [...decimals.digits].map((digit) => cardinal(Number(digit))).join(" ");
    words = `${cardinal(Math.min(Number(first.digits), 999_999_999))} point ${digits}`;
    end = decimals.end;
  } else {
    const ending = endingAt(text, end);
    if (["st", "nd", "rd", "th"].includes(ending) && Number(first.digits) > 0 && Number(first.digits) < 1000) {
      words = ordinal(Number(first.digits));
      end += 2;
    } else if (ending === "s") {
      words = words.endsWith("y") ? `${words.slice(0, -1)}ies` : `${words}s`;
      end += 1;
    }
  }
  return { words: money === "" ? words : `${words}${SIGNS.get(money) ?? ""}`, end };
}

/** Digits, thousands parted by commas included. */
function digitsAt(text: string, start: number): { digits: string; end: number } {
  let digits = "";
  let end = start;
  while (isDigit(text[end])) digits += text[end++];
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
