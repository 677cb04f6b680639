// The music codec for builds of the Moddable SDK: build/boards/opus/ with a manifest and one small C file for each of
// the codec's. In: the codec's sources in the cache. Out: files that mcconfig compiles like our own.
// The SDK's ESP32 makefile takes no flags from a manifest, and it names objects by the bare file name: so each wrapper
// sets the codec's switches itself and has a name of its own.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPUS_FLAGS, opusList } from "../build/libraries.mjs";
import { packageFolder } from "../build/packages.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function wrapper(file) {
  const defines = OPUS_FLAGS.filter((flag) => flag.startsWith("-D")).map((flag) => flag.slice(2).split("="));
  return [
    ...defines.map(([name, value = "1"]) => `#ifndef ${name}\n#define ${name} ${value}\n#endif`),
    '#pragma GCC diagnostic ignored "-Wall"',
    '#pragma GCC diagnostic ignored "-Wextra"',
    `#include "../src/${file}"`,
    "",
  ].join("\n");
}

/** What is there already stays as it is, so that make compiles nothing twice. */
function put(path, text) {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}

/** Writes the folder and returns its path. */
export async function writeOpus(log = () => {}) {
  const sources = await packageFolder("opus", log);
  const folder = join(ROOT, "build", "boards", "opus");
  mkdirSync(join(folder, "wrappers"), { recursive: true });
  rmSync(join(folder, "src"), { force: true });
  symlinkSync(sources, join(folder, "src")); // so that no file holds a path of this machine
  for (const file of opusList()) {
    put(join(folder, "wrappers", `es_opus_${basename(file)}`), wrapper(file));
  }
  const include = ["include", "celt", "silk", "silk/fixed"].map((part) => `./src/${part}/`);
  const manifest = { modules: { "*": ["./wrappers/*", ...include] } };
  put(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await writeOpus((line) => process.stderr.write(`${line}\n`))}\n`);
}
