// Real people's speech through the whole firmware: floors on word error. The floors are wide: they catch a broken path,
// not a slightly worse model; the model's card has its figures.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { jsonLines, run, temporaryFolder } from "./command.ts";
import { type Spoken, samples, testSet, withSpeech, wordErrorRate } from "./data.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a set's test split: each how many-eth utterance, greatest word error. */
const SETS = [
  { set: "coffee", step: 5, most: 0.35 },
  { set: "speech-commands", step: 4, most: 0.35 },
  { set: "wakewords", step: 5, most: 0.3 },
  { set: "digits", step: 4, most: 0.45 },
  { set: "librispeech-testclean", step: 40, most: 0.9 },
] as const;

async function transcribe(spoken: readonly Spoken[]): Promise<{ expected: string; found: string }[]> {
  const { code, stdout } = await run("transcribe", ["--json", ...spoken.map(({ path }) => path)]);
  expect(code).toBe(0);
  const records = jsonLines(stdout);
  expect(records.map(({ file }) => file)).toEqual(spoken.map(({ path }) => path));
  return spoken.map(({ text }, index) => ({ expected: text, found: String(records[index]?.text) }));
}

withSpeech("real speech", () => {
  it("of the samples is mostly understood", async () => {
    const pairs = await transcribe(samples());
    const rate = wordErrorRate(pairs);
    console.log(`samples: word error ${(rate * 100).toFixed(1)} % of ${pairs.length} files`);
    expect(rate).toBeLessThan(0.45);
  });

  it.each(SETS)("of $set stays below its floor", async ({ set, step, most }) => {
    const pairs = await transcribe(testSet(set, step, join(folder, set)));
    const rate = wordErrorRate(pairs);
    console.log(`${set}: word error ${(rate * 100).toFixed(1)} % of ${pairs.length} files`);
    expect(rate).toBeLessThan(most);
  });
});
