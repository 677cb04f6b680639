// Looks for the C compiler and make. Out: one sentence that names the Debian package, or nothing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const runs = (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;

export function missingTools(build) {
  // What is built already runs without them; the build asks again where something is to be compiled.
  if (existsSync(join(build, "host", "earshot-host"))) return undefined;
  const compiler = runs(process.env.CC || "cc");
  const make = runs(process.env.MAKE || "make");
  if (!compiler && !make) {
    return "a C compiler and make are needed and neither was found: install the Debian package build-essential (sudo apt install build-essential).";
  }
  if (!compiler) {
    return "a C compiler is needed and none was found: install the Debian package gcc (sudo apt install gcc libc6-dev), or build-essential.";
  }
  if (!make) return "make is needed and was not found: install the Debian package make (sudo apt install make).";
  return undefined;
}
