// report:decoder: a page of all figures of the search, the lattice, the end-pointers and the confidence.

import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { type Figures, measureAll } from "../../decoder/figures.ts";
import { ModelFile, ModelFileError } from "../../decoder/model-file.ts";
import { pageOf } from "../../decoder/page.ts";
import { buildProgram, Measure } from "../../decoder/program.ts";
import { releasedModel } from "../device/model-file.ts";
import { EXIT_OK, inputFailure, systemReason } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { print, say } from "../output.ts";
import { AsideFile } from "../session/aside-file.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "report-decoder",
  invocation: "npm run --silent report:decoder --",
  summary: "Measures search, lattice, end-pointers and confidence on people, noise and music, and makes a page of it.",
  options: [
    { name: "model", value: "FILE", help: "this model in place of the released one" },
    { name: "out", value: "FILE.html", help: "the page; build/report/decoder.html when left out" },
    { name: "json", help: "print the figures as one JSON object, and make no page" },
    { name: "minutes", value: "N", help: "minutes of noise and of music each, 30 when left out" },
    { name: "step", value: "N", help: "every Nth recording only, for a quick look" },
    { name: "from", value: "FILE.json", help: "make the page of figures that --json printed, and measure nothing" },
  ],
  notes: ["Reads EARSHOT_DATA (../shared/data), its test splits too. It takes some ten minutes on two cores."],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const given = args.text("model");
  const path = given === undefined ? releasedModel(root) : userPath(given);
  const from = args.text("from");
  const figures = from === undefined ? await measured(args, root, path, given ?? path) : earlier(from);
  if (args.flag("json")) {
    await print(`${JSON.stringify(figures)}\n`);
    return EXIT_OK;
  }
  const page = args.text("out") ?? join(root, "build", "report", "decoder.html");
  if (args.text("out") === undefined) mkdirSync(dirname(page), { recursive: true });
  const out = await AsideFile.open(page);
  await out.write(Buffer.from(pageOf(figures, { model: basename(path) })));
  await out.commit();
  say(`${relative(process.cwd(), page) || page}: written.`);
  return EXIT_OK;
}

async function measured(args: Arguments, root: string, path: string, name: string): Promise<Figures> {
  const file = open(name, path);
  const [minutes, step] = [args.number("minutes", 1, 600), args.number("step", 1, 100)];
  return measureAll({
    root,
    measure: new Measure(buildProgram(root), path),
    data: resolve(root, process.env.EARSHOT_DATA ?? "../shared/data"),
    stepMs: file.stepMs,
    hasLanguage: file.hasLanguage && file.weights.language > 0,
    say,
    ...(minutes === undefined ? {} : { minutes }),
    ...(step === undefined ? {} : { step }),
  });
}

function earlier(name: string): Figures {
  try {
    return JSON.parse(readFileSync(userPath(name), "utf8")) as Figures;
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : systemReason(error);
    throw inputFailure(`${name}: expected figures as --json prints them; ${reason}.`);
  }
}

function open(name: string, path: string): ModelFile {
  try {
    return new ModelFile(readFileSync(path));
  } catch (error) {
    if (error instanceof ModelFileError) throw inputFailure(`${name}: ${error.message}.`);
    throw inputFailure(`${name}: expected a packed model; ${systemReason(error)}.`);
  }
}
