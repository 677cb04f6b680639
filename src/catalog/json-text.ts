// JSON whose objects become Maps. JSON.parse would make each unknown key a name of the JavaScript engine, and those are
// few on the device and never given back.

export type JsonText = string | number | boolean | null | JsonText[] | Map<string, JsonText>;

const MAX_DEPTH = 8;
const SPACE = " \t\n\r";
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const LITERALS: readonly (readonly [string, JsonText])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** undefined when the text is not JSON (RFC 8259), or nests too deep. */
export function parseJson(text: string): JsonText | undefined {
  const reader = new Reader(text);
  const value = reader.value(0);
  return value !== undefined && reader.atEnd ? value : undefined;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  #space(): void {
    while (this.#at < this.#text.length && SPACE.includes(this.#text[this.#at] as string)) this.#at++;
  }

  #take(char: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  value(depth: number): JsonText | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (this.#take("{")) return this.#object(depth);
    if (this.#take("[")) return this.#array(depth);
    if (this.#take('"')) return this.#string();
    for (const [word, value] of LITERALS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #object(depth: number): JsonText | undefined {
    const members = new Map<string, JsonText>();
    if (this.#take("}")) return members;
    do {
      const key = this.#take('"') ? this.#string() : undefined;
      const value = key !== undefined && this.#take(":") ? this.value(depth + 1) : undefined;
      if (key === undefined || value === undefined) return undefined;
      members.set(key, value);
    } while (this.#take(","));
    return this.#take("}") ? members : undefined;
  }

  #array(depth: number): JsonText | undefined {
    const items: JsonText[] = [];
    if (this.#take("]")) return items;
    do {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.#take(","));
    return this.#take("]") ? items : undefined;
  }

  /** After the opening quote. */
  #string(): string | undefined {
    let value = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at++] as string;
      if (char === '"') return value;
      if (char < " ") return undefined;
      if (char !== "\\") value += char;
      else {
        const part = this.#escape();
        if (part === undefined) return undefined;
        value += part;
      }
    }
    return undefined;
  }

  #escape(): string | undefined {
    const char = this.#text[this.#at++] ?? "";
    if (char !== "u") return '"\\/'.includes(char) && char !== "" ? char : ESCAPES.get(char);
    const digits = this.#text.slice(this.#at, this.#at + 4);
    this.#at += 4;
    let code = 0;
    for (const digit of digits.toLowerCase()) {
      const value = "0123456789abcdef".indexOf(digit);
      if (value < 0) return undefined;
      code = code * 16 + value;
    }
    return digits.length === 4 ? String.fromCharCode(code) : undefined;
  }

  #number(): number | undefined {
    const start = this.#at;
    while (this.#at < this.#text.length && "+-.0123456789eE".includes(this.#text[this.#at] as string)) this.#at++;
    const text = this.#text.slice(start, this.#at);
    const first = text.startsWith("-") ? text[1] : text[0];
    const value = first !== undefined && first >= "0" && first <= "9" ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? value : undefined;
  }
}
