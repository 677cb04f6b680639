// report:model: every figure of the speech model, made anew.

import type { Arguments, Command } from "../options.ts";
import { runRecipe } from "../recipe/environment.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "report:model",
  invocation: "npm run report:model --",
  summary:
    "Word errors of every set, in quiet, under music and noise, per group, and the ablations: docs/model.html and the card's tables.",
  options: [
    { name: "model", value: "FILE", help: "another packed model; the card is left alone then" },
    { name: "split", value: "NAME", help: "dev in place of test; the card is left alone then" },
  ],
  notes: ["Recordings come from the data folder (EARSHOT_DATA, ../shared/data by default). What was heard is kept."],
};

export function run(args: Arguments, root: string): Promise<number> {
  const model = args.text("model");
  const options = [
    ...(model === undefined ? [] : ["--model", userPath(model)]),
    ...(args.text("split") === undefined ? [] : ["--split", args.text("split") as string]),
  ];
  return runRecipe(root, ["report", ...options]);
}
