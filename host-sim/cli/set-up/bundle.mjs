// The command line, compiled from TypeScript to one file. In: main.ts. Out: build/cli/main.mjs, made anew only where a
// source's content has changed. Types are checked by tsc in the tests, not here.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function digest(root, inputs) {
  const hash = createHash("sha256");
  for (const input of inputs) {
    const path = join(root, input);
    hash.update(`${input}\0${existsSync(path) ? readFileSync(path, "utf8") : ""}\0`);
  }
  return hash.digest("hex");
}

function isFresh(root, stampPath, target) {
  if (!existsSync(target) || !existsSync(stampPath)) return false;
  try {
    const { inputs, hash } = JSON.parse(readFileSync(stampPath, "utf8"));
    return digest(root, inputs) === hash;
  } catch {
    return false;
  }
}

export async function bundleCommandLine(root, say) {
  const folder = join(root, "build", "cli");
  const target = join(folder, "main.mjs");
  const stampPath = join(folder, "stamp.json");
  if (isFresh(root, stampPath, target)) return;
  say("compiling the command line …");
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["host-sim/cli/main.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external", // loaded from node_modules, and only when a file needs them
    sourcemap: "linked",
    write: false,
    outfile: "build/cli/main.mjs",
    metafile: true,
    logLevel: "error",
  });
  mkdirSync(folder, { recursive: true });
  for (const file of result.outputFiles) {
    const name = file.path.endsWith(".map") ? `${target}.map` : target;
    writeFileSync(`${name}.new`, file.contents);
    renameSync(`${name}.new`, name);
  }
  const inputs = ["host-sim/cli/set-up/bundle.mjs", ...Object.keys(result.metafile.inputs).sort()];
  writeFileSync(stampPath, JSON.stringify({ inputs, hash: digest(root, inputs) }));
}
