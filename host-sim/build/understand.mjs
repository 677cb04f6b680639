// Builds the firmware's scorer as a filter (host-sim/understanding), for the command `understand` and the report.
// In: the log. Out: the path of the program, made anew only where a source has changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "../cli/set-up/lock.mjs";
import { makefile, runMake, toolchain, writeIfChanged } from "./make.mjs";
import { stampOf } from "./stamp.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PARTS = ["base", "model", "understanding"];
/** Of the search: the reader of lattices. */
const LATTICE = ["lattice", "lattice_code", "lattice_paths", "fixed_log", "log_tables"];
const FLAGS = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", "-g", "-Wall", "-Wextra"];
const MAIN = "host-sim/understanding/understand.c";

export async function buildUnderstand({ log }) {
  const out = join(ROOT, "build", "understanding");
  mkdirSync(out, { recursive: true });
  return withLock(`${out}.lock`, log, async () => {
    const program = join(out, "understand");
    const read = [...[...PARTS, "decoder"].map((part) => `native/${part}`), "native/include", MAIN, "host-sim/build"];
    const stamp = stampOf(ROOT, read, [process.env.CC, process.arch]);
    const stampPath = join(out, "stamp");
    if (existsSync(program) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return program;
    const up = relative(out, ROOT);
    const sources = PARTS.flatMap((part) =>
      readdirSync(join(ROOT, "native", part))
        .filter((file) => file.endsWith(".c"))
        .map((file) => `native/${part}/${file}`),
    );
    const lattice = LATTICE.map((name) => `native/decoder/${name}.c`);
    const objects = [...sources, ...lattice, MAIN].map((source) => ({
      source: `${up}/${source}`,
      object: `obj/${source.replaceAll("/", "_").replace(/\.c$/, "")}.o`,
    }));
    const text = makefile({
      cc: toolchain().cc,
      flags: [...FLAGS, "-ffunction-sections", "-fdata-sections", `-I${up}/native/include`],
      objects,
      programs: [
        {
          path: "understand",
          objects: objects.map(({ object }) => object),
          libraries: [],
          flags: ["-Wl,--gc-sections"],
        },
      ],
      folders: ["obj"],
    });
    writeIfChanged(join(out, "Makefile"), text);
    await runMake(out, objects.length);
    writeFileSync(stampPath, stamp);
    return program;
  });
}
