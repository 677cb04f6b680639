// Intents by their wordings, for skills that bring their own: no training, no model, exact words. A wording is words;
// {slot} for one word or more; [words] that may be missing; (these|those) for one of several. Pure.

type Part =
  | { readonly type: "word" | "slot"; readonly text: string }
  | { readonly type: "choice"; readonly options: readonly (readonly Part[])[] };

export type PhraseSlots = Readonly<Record<string, string>>;

/** The slots of a text that a wording fits; undefined when it does not. Throws when the wording itself is malformed. */
export function matchPhrase(phrase: string, text: string): PhraseSlots | undefined {
  const words = text.split(" ").filter((word) => word !== "");
  const found: Record<string, string> = {};
  return match(parse(phrase), words, 0, found) ? found : undefined;
}

const MARKS = "{}[]()|";

function tokensOf(phrase: string): string[] {
  let spaced = "";
  for (const char of phrase) spaced += MARKS.includes(char) ? ` ${char} ` : char;
  return spaced.split(" ").filter((token) => token !== "");
}

function parse(phrase: string): readonly Part[] {
  const tokens = tokensOf(phrase);
  let at = 0;
  const fail = (): never => {
    throw new Error(`the wording ${JSON.stringify(phrase)} has a bracket without its other half`);
  };
  const sequences = (close: string): (readonly Part[])[] => {
    const options: Part[][] = [[]];
    for (; tokens[at] !== close; at++) {
      const token = tokens[at];
      if (token === undefined) return fail();
      if (token === "|") options.push([]);
      else options[options.length - 1]?.push(part(token));
    }
    return options;
  };
  const part = (token: string): Part => {
    if (token === "{") {
      const text = tokens[++at] ?? "";
      return tokens[++at] === "}" ? { type: "slot", text } : fail();
    }
    if (token === "[" || token === "(") {
      at++;
      const options = sequences(token === "[" ? "]" : ")");
      return { type: "choice", options: token === "[" ? [...options, []] : options };
    }
    return MARKS.includes(token) ? fail() : { type: "word", text: token };
  };
  const parts: Part[] = [];
  for (; at < tokens.length; at++) parts.push(part(tokens[at] as string));
  return parts;
}

/** Slots take as few words as they can. */
function match(parts: readonly Part[], words: readonly string[], at: number, found: Record<string, string>): boolean {
  const [first, ...rest] = parts;
  if (first === undefined) return at === words.length;
  if (first.type === "word") return words[at] === first.text && match(rest, words, at + 1, found);
  if (first.type === "choice") return first.options.some((option) => match([...option, ...rest], words, at, found));
  for (let end = at + 1; end <= words.length; end++) {
    if (!match(rest, words, end, found)) continue;
    found[first.text] = words.slice(at, end).join(" ");
    return true;
  }
  return false;
}
