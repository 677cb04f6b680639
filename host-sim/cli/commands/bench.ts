// bench: the kernels' speed beside other libraries'.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { runProgram } from "../checks/programs.ts";
import { releasedModel } from "../device/model-file.ts";
import { fault } from "../failure.ts";
import type { Arguments, Command } from "../options.ts";
import { say } from "../output.ts";
import { userPath } from "../user-path.ts";

export const command: Command = {
  name: "bench",
  invocation: "npm run bench --",
  summary:
    "Times the block-sparse kernels beside XNNPACK, oneDNN and plain C, one thread, the model's own layer shapes.",
  options: [
    { name: "json", help: "one row a case and peer: case, peerName, ours, peer (ns), ratio (peer / ours)" },
    { name: "rounds", value: "N", help: "passes of each contender; the median counts" },
    { name: "model", value: "FILE", help: "this model's shapes in place of the released one's" },
    { name: "kernels", value: "NAME", help: "these kernels of ours in place of the fastest here" },
  ],
  notes: ["The peers are the Debian packages libxnnpack-dev and libdnnl-dev; one that is absent is named."],
};

export async function run(args: Arguments, root: string): Promise<number> {
  const make = await runProgram({
    root,
    command: process.env.MAKE || "make",
    args: ["-C", "host-sim/bench", "--no-print-directory"],
  });
  if (make.code !== 0)
    throw fault(`the benchmark could not be compiled: ${make.output.trim().split("\n").at(-1) ?? ""}`);
  const model = args.text("model");
  const options = ["--model", model === undefined ? releasedModel(root) : userPath(model)];
  const rounds = args.number("rounds", 1, 1_000_000);
  if (rounds !== undefined) options.push("--rounds", String(rounds));
  const kernels = args.text("kernels");
  if (kernels !== undefined) options.push("--kernels", kernels);
  if (args.flag("json")) options.push("--json");
  else say("timing, about 10 s …");
  const child = spawn(join(root, "build", "host", "earshot-bench"), options, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
