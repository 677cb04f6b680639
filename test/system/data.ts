// Real speech from the data folder. Out: files with their texts; nothing of it is kept in the project.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe } from "vitest";
import { ROOT } from "./command.ts";

export const DATA = resolve(ROOT, process.env.EARSHOT_DATA ?? "../shared/data");
export const hasData = existsSync(join(DATA, "sample", "sample.jsonl"));

/** Groups tests that want real speech. */
export function withSpeech(name: string, body: () => void): void {
  if (!hasData && !process.env.CI) {
    console.log(`NOTE real speech was not found in ${DATA} (EARSHOT_DATA): "${name}" is skipped`);
    describe.skip(name, body);
  } else describe(name, body);
}

export interface Spoken {
  readonly path: string;
  readonly text: string;
}

const manifest = (file: string): { file: string; text: string; split: string }[] =>
  readFileSync(join(DATA, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { file: string; text: string; split: string });

export const sample = (name: string): string => join(DATA, "sample", `${name}.wav`);

export function samples(): Spoken[] {
  return manifest("sample/sample.jsonl").map(({ file, text }) => ({ path: join(DATA, file), text }));
}

/** Every `step`th utterance of a set's test split, unpacked into a folder. */
export function testSet(set: string, step: number, folder: string): Spoken[] {
  const chosen = manifest(`${set}.jsonl`)
    .filter(({ split }) => split === "test")
    .filter((_, index) => index % step === 0);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xf", join(DATA, `${set}-test.tar`), "-C", folder, ...chosen.map(({ file }) => file)]);
  return chosen.map(({ file, text }) => ({ path: join(folder, file), text }));
}

/** Substitutions, deletions and insertions between two texts. */
export function wordErrors(expected: string, found: string): number {
  const wanted = expected.split(" ").filter((word) => word !== "");
  const heard = found.split(" ").filter((word) => word !== "");
  let row = Array.from({ length: heard.length + 1 }, (_, i) => i);
  wanted.forEach((word, i) => {
    const next = [i + 1];
    heard.forEach((other, j) => {
      const substitution = (row[j] as number) + (word === other ? 0 : 1);
      next.push(Math.min(substitution, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    });
    row = next;
  });
  return row[heard.length] as number;
}

export function wordErrorRate(pairs: readonly { expected: string; found: string }[]): number {
  const errors = pairs.reduce((sum, { expected, found }) => sum + wordErrors(expected, found), 0);
  const words = pairs.reduce((sum, { expected }) => sum + expected.split(" ").length, 0);
  return errors / words;
}
