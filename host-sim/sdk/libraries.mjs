// The music codec and the echo canceller for builds of the Moddable SDK: build/boards/NAME/ with a manifest and one
// small C file for each of the library's. In: the libraries' sources in the cache. Out: files that mcconfig compiles
// like our own.
// The SDK's ESP32 makefile takes no flags from a manifest, and it names objects by the bare file name: so each wrapper
// sets the library's switches itself and has a name of its own.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPUS_FLAGS, opusList, SPEEXDSP_FLAGS, speexdspList } from "../build/libraries.mjs";
import { packageFolder } from "../build/packages.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Folders for -I, relative to build/boards/NAME. */
const LIBRARIES = {
  opus: {
    flags: OPUS_FLAGS,
    list: opusList,
    include: ["include", "celt", "silk", "silk/fixed"].map((part) => `./src/${part}/`),
  },
  // Its own headers are found beside its sources: names such as arch.h are the codec's too.
  speexdsp: { flags: SPEEXDSP_FLAGS, list: speexdspList, include: ["./src/include/", "../../../native/echo/"] },
};

function wrapper(file, flags) {
  const defines = flags.filter((flag) => flag.startsWith("-D")).map((flag) => flag.slice(2).split("="));
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

async function writeLibrary(name, log) {
  const { flags, list, include } = LIBRARIES[name];
  const sources = await packageFolder(name, log);
  const folder = join(ROOT, "build", "boards", name);
  mkdirSync(join(folder, "wrappers"), { recursive: true });
  rmSync(join(folder, "src"), { force: true });
  symlinkSync(sources, join(folder, "src")); // so that no file holds a path of this machine
  for (const file of list()) put(join(folder, "wrappers", `es_${name}_${basename(file)}`), wrapper(file, flags));
  const manifest = { modules: { "*": ["./wrappers/*", ...include] } };
  put(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

/** Writes the folders and returns their paths. */
export async function writeLibraries(log = () => {}) {
  const folders = [];
  for (const name of Object.keys(LIBRARIES)) folders.push(await writeLibrary(name, log));
  return folders;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = await writeLibraries((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${folders.join("\n")}\n`);
}
