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
