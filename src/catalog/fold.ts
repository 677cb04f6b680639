// The one form in which names are compared: letters a–z and apostrophes, words parted by single spaces. XS has no
// String.prototype.normalize worth the name, so the letters are listed; composed and decomposed accents fold alike.

import { digitWords, ordinalWords } from "./number-words";

/** Plain spelling, then the lower-case letters that fold to it. */
const LETTERS: readonly (readonly [string, string])[] = [
  ["a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"],
  ["ae", "æǽ"],
  ["c", "çćĉċč"],
  ["d", "ďđð"],
  ["e", "èéêëēĕėęěẹẻẽếềểễệ"],
  ["g", "ĝğġģǧ"],
  ["h", "ĥħ"],
  ["i", "ìíîïĩīĭįıǐịỉ"],
  ["j", "ĵ"],
  ["k", "ķǩ"],
  ["l", "ĺļľŀł"],
  ["n", "ñńņňŉŋ"],
  ["o", "òóôõöøōŏőǒơọỏốồổỗộớờởỡợ"],
  ["oe", "œ"],
  ["r", "ŕŗř"],
  ["s", "śŝşšșſ"],
  ["ss", "ß"],
  ["t", "ţťŧț"],
  ["th", "þ"],
  ["u", "ùúûüũūŭůűųưǔụủứừửữự"],
  ["w", "ŵẁẃẅ"],
  ["y", "ýÿŷỳỵỷỹ"],
  ["z", "źżž"],
];

const APOSTROPHES = "'’‘‛ʼ′´`＇";
/** Marks that part words, or stand beside them, and are not spoken. */
const SEPARATORS = '-‐‑‒–—−_/\\,.;:!?"“”„«»()[]\u00a0\u202f\u3000\t';
/** Marks without width. */
const INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff";

export interface Folded {
  /** The folded form; what can't be spelled is left out of it. */
  readonly text: string;
  /** The first character that can't be spelled, or undefined. */
  readonly unspelled: string | undefined;
}

export function fold(name: string): Folded {
  if (isFolded(name)) return { text: name, unspelled: undefined };
  let text = "";
  let unspelled: string | undefined;
  for (const char of spellDigits(name.toLowerCase())) {
    const spelled = foldCharacter(char);
    if (spelled === undefined) unspelled ??= char;
    else text += spelled;
  }
  return { text: words(text), unspelled };
}

/** Most names that reach the device are: then nothing is made anew. */
function isFolded(text: string): boolean {
  let letters = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 97 && code <= 122) letters = true;
    else if (code === 32 && letters) letters = false;
    else if (code !== 39) return false;
  }
  return letters;
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";

/** Runs of digits as words of their own, those with "st", "nd", "rd" or "th" behind them as ordinals. */
function spellDigits(text: string): string {
  let spelled = "";
  for (let at = 0; at < text.length; ) {
    let end = at;
    while (isDigit(text[end])) end++;
    if (end === at) {
      spelled += text[at++];
      continue;
    }
    const ending = text.slice(end, end + 2);
    const letterBehind = (text[end + 2] ?? "") >= "a" && (text[end + 2] ?? "") <= "z";
    const ordinal = ["st", "nd", "rd", "th"].includes(ending) && !letterBehind;
    const words = digitWords(text.slice(at, end));
    spelled += ` ${ordinal ? ordinalWords(words) : words} `;
    at = ordinal ? end + 2 : end;
  }
  return spelled;
}

/** What a lower-case character becomes; undefined when there is no spelling for it. */
function foldCharacter(char: string): string | undefined {
  if ((char >= "a" && char <= "z") || char === " ") return char;
  if (APOSTROPHES.includes(char)) return "'";
  if (SEPARATORS.includes(char)) return " ";
  if (INVISIBLE.includes(char) || isCombiningMark(char)) return "";
  if (char === "&") return " and ";
  for (const [plain, letters] of LETTERS) if (letters.includes(char)) return plain;
  return undefined;
}

function isCombiningMark(char: string): boolean {
  const code = char.codePointAt(0) as number;
  return code >= 0x300 && code <= 0x36f;
}

/** Single spaces between words, and no word of apostrophes only. Without a list of the words: a text may have many. */
function words(text: string): string {
  let kept = "";
  for (let start = 0; start < text.length; ) {
    const space = text.indexOf(" ", start);
    const end = space < 0 ? text.length : space;
    let at = start;
    while (at < end && text[at] === "'") at++;
    if (at < end) kept += `${kept === "" ? "" : " "}${text.slice(start, end)}`;
    start = end + 1;
  }
  return kept;
}
