// The speaker's voice can say every fixed answer whole, and numbers, spans, times and days too: models/prompts/english.txt
// holds a clip for each of their words.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dayWords, numberWords, spanWords, timeWords } from "../../../src/skills/words";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const clips = new Set(
  readFileSync(join(ROOT, "models", "prompts", "english.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#")),
);

/** Words that no clip says, by the same rule as native/music/prompts.c. */
function unsaid(text: string): string[] {
  const words = text.split(" ");
  const left: string[] = [];
  for (let at = 0; at < words.length; ) {
    let length = Math.min(16, words.length - at);
    while (length > 0 && !clips.has(words.slice(at, at + length).join(" "))) length--;
    if (length === 0) left.push(words[at] as string);
    at += Math.max(1, length);
  }
  return left;
}

/** Texts in quotes that skills and the request answer with. */
function answers(): string[] {
  const files = ["skills", "request"].flatMap((folder) =>
    readdirSync(join(ROOT, "src", folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(ROOT, "src", folder, name)),
  );
  return files.flatMap((file) => {
    const source = readFileSync(file, "utf8");
    const calls = [...source.matchAll(/(?:refuse|failed|ok)\((?:[^()"]|"[a-z-]*",)*\s*"([a-z][a-z' ]+ [a-z' ]+)"/g)];
    const constants = [...source.matchAll(/const [A-Z_]+ =\s*"([a-z][a-z' ]+ [a-z' ]+)"/g)];
    return [...calls, ...constants].map((match) => match[1] as string);
  });
}

describe("the packaged prompts", () => {
  it("say every fixed answer whole", () => {
    const all = answers();
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter((answer) => unsaid(answer).length > 0)).toEqual([]);
  });

  it("say numbers, spans, times and days", () => {
    for (let n = 0; n < 3000; n++) expect(unsaid(numberWords(n))).toEqual([]);
    for (let s = 1; s < 90_000; s += 37) expect(unsaid(spanWords(s * 1000))).toEqual([]);
    for (let minute = 0; minute < 1440; minute++) expect(unsaid(timeWords(minute))).toEqual([]);
    for (let day = 20_000; day < 20_800; day++) expect(unsaid(dayWords(day))).toEqual([]);
  });
});
