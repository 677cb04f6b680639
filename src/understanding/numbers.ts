// Numbers between words and digits. Pure.

const ONES =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ORDINALS =
  "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(
    " ",
  );
const DECADES = "- - twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(" ");
const POWERS: readonly (readonly [number, string])[] = [
  [1_000_000_000, "billion"],
  [1_000_000, "million"],
  [1000, "thousand"],
  [100, "hundred"],
];
const LARGEST = 999_999_999_999;

/** 0 to 999,999,999,999 in words, without "and". */
export function cardinal(n: number): string {
  if (n < 20) return ONES[n] as string;
  if (n < 100) return `${TENS[Math.floor(n / 10)]}${n % 10 > 0 ? ` ${ONES[n % 10]}` : ""}`;
  for (const [power, name] of POWERS) {
    if (n < power) continue;
    const rest = n % power;
    return `${cardinal(Math.floor(n / power))} ${name}${rest > 0 ? ` ${cardinal(rest)}` : ""}`;
  }
  return "";
}

/** 1 to 999 as first, second … */
export function ordinal(n: number): string {
  if (n < 20) return ORDINALS[n] as string;
  if (n < 100) {
    const tens = Math.floor(n / 10);
    return n % 10 === 0 ? (DECADES[tens] as string) : `${TENS[tens]} ${ORDINALS[n % 10]}`;
  }
  const rest = n % 100;
  return rest === 0 ? `${cardinal(n)}th` : `${cardinal(n - rest)} ${ordinal(rest)}`;
}

/** 1100 to 2099 as a year is said; other years as numbers. */
export function year(n: number): string {
  if (n < 1100 || n > 2099 || (n >= 2000 && n < 2010)) return cardinal(n);
  const rest = n % 100;
  const century = cardinal(Math.floor(n / 100));
  if (rest === 0) return `${century} hundred`;
  return rest < 10 ? `${century} oh ${ONES[rest]}` : `${century} ${cardinal(rest)}`;
}

/** Digits as they stand in a text, of any length: a number, a year, or digit by digit. */
export function spellDigits(digits: string): string {
  const n = Number(digits);
  const oneByOne = n > LARGEST || (digits.length > 1 && digits.startsWith("0"));
  if (oneByOne) return [...digits].map((digit) => ONES[Number(digit)]).join(" ");
  return digits.length === 4 ? year(n) : cardinal(n);
}

/** Where a number in words ends, and what it is. */
export interface NumberAt {
  readonly value: number;
  /** The word behind it. */
  readonly end: number;
}

function small(word: string): number | undefined {
  const one = ONES.indexOf(word);
  if (one >= 0) return one;
  const ten = TENS.indexOf(word);
  if (ten >= 2) return 10 * ten;
  return word === "oh" ? 0 : undefined;
}

/** The longest number that begins at a word: "twenty five", "a hundred and ten", "two thousand", "one and a half". */
export function numberAt(words: readonly string[], start: number): NumberAt | undefined {
  let at = start;
  let total = 0;
  let part = 0;
  let found = false;
  let last = 0;
  while (at < words.length) {
    const word = words[at] as string;
    const value = small(word);
    const power = POWERS.find(([, name]) => name === word)?.[0];
    if (value !== undefined) {
      // "ten five" is two numbers; "twenty five" is one.
      if (found && !(last === 100 || last >= 1000 || (last >= 20 && last < 100 && value > 0 && value < 10))) break;
      part += value;
      last = value;
    } else if (power !== undefined && (found || (word === "hundred" && at > start))) {
      if (power === 100) part = Math.max(part, 1) * 100;
      else {
        total += Math.max(part, 1) * power;
        part = 0;
      }
      last = power;
    } else if (word === "and" && found && last >= 100 && small(words[at + 1] ?? "") !== undefined) {
      at++;
      continue;
    } else if (word === "a" && !found && POWERS.some(([, name]) => name === words[at + 1])) {
      part = 1;
      last = 1;
    } else break;
    found = true;
    at++;
  }
  if (!found) return undefined;
  const half = words[at] === "and" && words[at + 1] === "a" && words[at + 2] === "half";
  if (half) return { value: total + part + 0.5, end: at + 3 };
  if (words[at] !== "point" || small(words[at + 1] ?? "") === undefined) return { value: total + part, end: at };
  let decimals = "";
  let behind = at + 1;
  for (; behind < words.length; behind++) {
    const digit = small(words[behind] as string);
    if (digit === undefined || digit > 9) break;
    decimals += digit;
  }
  return { value: Number(`${total + part}.${decimals}`), end: behind };
}

/** First, second … thirty first, or undefined. */
export function ordinalAt(words: readonly string[], start: number): NumberAt | undefined {
  const word = words[start] ?? "";
  const one = ORDINALS.indexOf(word);
  if (one > 0) return { value: one, end: start + 1 };
  const decade = DECADES.indexOf(word);
  if (decade >= 2) return { value: 10 * decade, end: start + 1 };
  const ten = TENS.indexOf(word);
  const next = ORDINALS.indexOf(words[start + 1] ?? "");
  return ten >= 2 && next > 0 && next < 10 ? { value: 10 * ten + next, end: start + 2 } : undefined;
}
