// Digits as people say them: "2" is "two", "21st" is "twenty first", "007" is "zero zero seven".

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
/** Cardinals whose ordinal is not the same word with "th". */
const ORDINALS: readonly (readonly [string, string])[] = [
  ["one", "first"],
  ["two", "second"],
  ["three", "third"],
  ["five", "fifth"],
  ["eight", "eighth"],
  ["nine", "ninth"],
  ["twelve", "twelfth"],
];
const MOST_DIGITS = 6;

/** A whole number below a million. */
export function numberWords(value: number): string {
  if (value >= 1000) return `${numberWords(Math.floor(value / 1000))} thousand${rest(value % 1000)}`;
  if (value >= 100) return `${SMALL[Math.floor(value / 100)]} hundred${rest(value % 100)}`;
  if (value >= 20) return `${TENS[Math.floor(value / 10)]}${rest(value % 10)}`;
  return SMALL[value] as string;
}

function rest(value: number): string {
  return value === 0 ? "" : ` ${numberWords(value)}`;
}

/** Words of a run of digits; with a leading zero, or more than six digits, digit by digit. */
export function digitWords(digits: string): string {
  if (digits.length <= MOST_DIGITS && (digits === "0" || digits[0] !== "0")) return numberWords(Number(digits));
  return [...digits].map((digit) => SMALL[Number(digit)]).join(" ");
}

/** "twenty one" to "twenty first". */
export function ordinalWords(words: string): string {
  const at = words.lastIndexOf(" ") + 1;
  const last = words.slice(at);
  const irregular = ORDINALS.find(([cardinal]) => cardinal === last)?.[1];
  const regular = last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`;
  return `${words.slice(0, at)}${irregular ?? regular}`;
}
