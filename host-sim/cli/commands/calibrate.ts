// calibrate: everything in a model file that is tuned, chosen anew on dev recordings.

import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { calibrate } from "../../decoder/calibrate.ts";
import { ModelFile, ModelFileError } from "../../decoder/model-file.ts";
import { buildProgram, Measure } from "../../decoder/program.ts";
import { releasedModel } from "../device/model-file.ts";
import { EXIT_OK, inputFailure, systemReason } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { say } from "../output.ts";
import { AsideFile } from "../session/aside-file.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "calibrate",
  invocation: "npm run calibrate --",
  summary:
    "Chooses thresholds, weights and confidence of a model on the dev recordings, and writes them into its file.",
  operands: { name: "MODEL", least: 0, most: 1, help: "the packed model (.esm); the released one when left out" },
  options: [
    { name: "out", value: "FILE", help: "write the tuned model there, and leave MODEL as it is" },
    { name: "keep-search", help: "leave blank penalty and language-model weights, which take most of the time" },
  ],
  notes: [
    "The data folder is EARSHOT_DATA, ../shared/data by default; its test splits are not read. It takes some minutes.",
    "What was tried and chosen is told on standard error. The file is written aside and renamed: it is never half done.",
  ],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const given = args.operands[0];
  const path = given === undefined ? releasedModel(root) : userPath(given);
  const name = given ?? path;
  const file = open(name, path);
  const program = buildProgram(root);
  await new Measure(program, path).rows([]); // says so when the recogniser refuses what the table of sections did not
  const out = await AsideFile.open(args.text("out") ?? path);
  try {
    const folder = join(root, "build", "measure");
    mkdirSync(folder, { recursive: true });
    const data = resolve(root, process.env.EARSHOT_DATA ?? "../shared/data");
    await calibrate(file, { program, data, folder, keepSearch: args.flag("keep-search"), say });
    await out.write(file.bytes());
    await out.commit();
  } finally {
    await out.discard();
  }
  say(`${args.text("out") ?? name}: written.`);
  return EXIT_OK;
}

function open(name: string, path: string): ModelFile {
  try {
    return new ModelFile(readFileSync(path));
  } catch (error) {
    if (error instanceof ModelFileError) throw inputFailure(`${name}: ${error.message}.`);
    throw inputFailure(`${name}: expected a packed model; ${systemReason(error)}.`);
  }
}
