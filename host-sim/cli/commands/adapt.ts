// adapt: a model of one's own from own recordings and words.

import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { inputFailure } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { say } from "../output.ts";
import { cacheFolder, runRecipe } from "../recipe/environment.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "adapt",
  invocation: "npm run adapt --",
  summary: "Trains the released model further on own recordings and words, and writes a model of one's own.",
  operands: { name: "FOLDER", least: 1, most: 1, help: "recordings in the data layout of models/training/README.md" },
  options: [
    { name: "out", value: "FILE", help: "the model that is written; FOLDER/earshot.esm when left out" },
    { name: "words", value: "FILE", help: "words and sentences to learn, one a line; espeak-ng says them" },
    { name: "updates", value: "N", help: "steps of training in place of a number by the hours of recordings" },
  ],
  notes: [
    "It needs Python 3.11, a C compiler, 2 GB of disk and, the first time, the network. Half an hour for an hour of recordings on two cores. A run that was cut goes on where it stood. Word errors on recordings whose split is dev are told before and after.",
  ],
};

const MOST_UPDATES = 100_000;

export function run(args: Arguments, root: string): Promise<number> {
  const folder = userPath(args.operands[0] as string);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw inputFailure(`${args.operands[0]}: expected a folder of recordings with <set>.jsonl, found none.`);
  }
  const words = args.text("words");
  if (words !== undefined && !existsSync(userPath(words))) {
    throw inputFailure(`--words: ${words}: no such file.`);
  }
  const out = args.text("out");
  const updates = args.number("updates", 1, MOST_UPDATES);
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  const cache = join(cacheFolder(), "adapt", name);
  say(`what is made on the way is kept in ${cache}`);
  const options = ["--output", out === undefined ? join(folder, "earshot.esm") : userPath(out)];
  if (words !== undefined) options.push("--words", userPath(words));
  if (updates !== undefined) options.push("--updates", String(Math.round(updates)));
  return runRecipe(root, ["adapt", ...options, folder], { EARSHOT_CACHE: cache });
}
