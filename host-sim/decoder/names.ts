// What a list of names does, for the report: bias.mjs measures it, with the default weight of a letter and with others.
// In: a model file, the data folder. Out: lines of a table and points of a curve; undefined where there is no list yet.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fault } from "../cli/failure.ts";

/** Q10 nats a letter; the first is the default. */
const LETTERS = ["", "letter=0", "letter=256", "letter=512", "letter=1024"];
const Q10 = 1024;

interface Measured {
  readonly options: string;
  readonly missed?: readonly { group: string; names: number; missedWithout: number; missedWith: number }[];
  readonly wrong?: readonly { set: string; words: number; without: number; with300: number; relative?: number }[];
  readonly quiet?: { minutes: number; falseNames: number };
  readonly exchange?: { names: number; bytes: number; ms: number };
}

export interface Names {
  readonly rows: readonly (readonly string[])[];
  readonly weights: readonly { weight: number; missed: number; wrong: number }[];
}

function measured(root: string, args: readonly string[]): Promise<Measured[]> {
  return new Promise((resolve, reject) => {
    const script = join(root, "host-sim/decoder/bias.mjs");
    const child = spawn("nice", [process.execPath, script, "--json", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(fault("the names could not be measured: what bias.mjs said stands above."));
      else
        resolve(
          text
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as Measured),
        );
    });
  });
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

export async function measureNames(root: string, model: string, data: string): Promise<Names | undefined> {
  if (!existsSync(join(root, "host-sim/decoder/bias.mjs"))) return undefined;
  const common = ["--model", model, "--data", data];
  const [test] = await measured(root, [...common, "--split", "test"]);
  const options = LETTERS.slice(1).flatMap((option) => ["--options", option]);
  const curve = await measured(root, [...common, "--split", "dev", "--only", "missed,wrong", ...options]);
  const rows: string[][] = [];
  for (const { group, names, missedWithout, missedWith } of test?.missed ?? []) {
    const fewer = percent(missedWithout - missedWith, missedWithout);
    rows.push([
      `missed names, right one among 100: ${group}`,
      `${missedWithout} → ${missedWith} of ${names}: ${fewer} fewer`,
      "≥ 30 % fewer",
    ]);
  }
  const all = test?.wrong?.find(({ set }) => set === "all");
  if (all !== undefined)
    rows.push(["word errors with 300 wrong names", `${all.without} → ${all.with300} of ${all.words}`, "≤ 1 % more"]);
  if (test?.quiet !== undefined)
    rows.push([
      `false names in ${test.quiet.minutes.toFixed(0)} minutes of noise and music`,
      `${test.quiet.falseNames}`,
      "none",
    ]);
  if (test?.exchange !== undefined)
    rows.push([
      `exchange of ${test.exchange.names} names at 250 MIPS`,
      `${test.exchange.ms} ms, ${test.exchange.bytes} bytes sent`,
      "≤ 50 ms",
    ]);
  const weights = curve.map(({ options: option, missed = [], wrong = [] }) => {
    const whole = wrong.find(({ set }) => set === "all");
    return {
      weight: Number(option.split("=")[1]) / Q10,
      missed:
        sum(missed, (row) => row.missedWith) /
        Math.max(
          1,
          sum(missed, (row) => row.names),
        ),
      wrong: (whole?.with300 ?? 0) / Math.max(1, whole?.words ?? 1),
    };
  });
  return { rows, weights };
}
