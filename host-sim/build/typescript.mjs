// TypeScript to JavaScript, one module in, one module out, with a source map beside each (the engine reads one source
// a map). In: paths relative to the root. Out: build/<name>/js/<same path>.js and .js.map, only where the source is
// newer in content. Types are checked by `tsc` in the tests, not here.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BuildError } from "./packages.mjs";

async function esbuild() {
  try {
    return await import("esbuild");
  } catch {
    throw new BuildError("the package esbuild is missing: run npm ci in the project's folder.");
  }
}

export async function compileScripts(root, out, sources) {
  let tool;
  mkdirSync(out, { recursive: true });
  const stampsPath = join(out, "stamps.json");
  const stamps = existsSync(stampsPath) ? JSON.parse(readFileSync(stampsPath, "utf8")) : {};
  let changed = 0;
  for (const source of sources) {
    const text = readFileSync(join(root, source), "utf8");
    const stamp = createHash("sha256").update(text).digest("hex");
    const target = join(out, source.replace(/\.(ts|js)$/, ".js"));
    if (stamps[source] === stamp && existsSync(target)) continue;
    tool ??= await esbuild();
    let result;
    try {
      result = await tool.transform(text, {
        loader: "ts",
        format: "esm",
        target: "es2022",
        charset: "utf8",
        sourcemap: "external",
        sourcesContent: false,
        sourcefile: source,
        // tsconfig.json says the same; a transform of one file does not read it.
        tsconfigRaw: { compilerOptions: { target: "es2022", useDefineForClassFields: true } },
      });
    } catch (error) {
      const { text: what, location } = error.errors?.[0] ?? { text: error.message };
      throw new BuildError(`${source}:${location?.line ?? 0}: ${what}.`);
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, result.code);
    writeFileSync(`${target}.map`, result.map);
    stamps[source] = stamp;
    changed++;
  }
  for (const source of Object.keys(stamps)) {
    if (sources.includes(source)) continue;
    delete stamps[source];
    for (const end of [".js", ".js.map"]) rmSync(join(out, source.replace(/\.(ts|js)$/, end)), { force: true });
    changed++;
  }
  if (changed > 0) {
    writeFileSync(`${stampsPath}.part`, JSON.stringify(stamps));
    renameSync(`${stampsPath}.part`, stampsPath);
  }
  return changed;
}
