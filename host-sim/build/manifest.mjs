// Reads manifest.json the way the Moddable SDK's mcconfig does, as far as this project uses it.
// In: the manifest and a platform's name. Out: { modules, sources, include, natives, creation, defines, preload, strip }.
//   modules: [{ name, source }], TypeScript, sorted by name; sources: C files; include: folders for -I (entries that
//   end in "/" and the folders of headers); natives and destructors: C functions that scripts may bind with
//   native("name") and Native("name").
// Every path is relative to the project's root. What the manifest names and does not exist is an error, by name.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative } from "node:path";
import { BuildError } from "./packages.mjs";

const SCRIPTS = [".ts", ".js"];

const asList = (value) => (Array.isArray(value) ? value : [value]);

/** Files that a path without extension, maybe ending in "*", names; mcconfig's rule. */
function matches(root, folder, pattern) {
  const directory = join(folder, dirname(pattern));
  if (!existsSync(join(root, directory))) return [];
  const wanted = basename(pattern);
  return readdirSync(join(root, directory))
    .filter((file) => !file.endsWith(".d.ts") && !file.startsWith("."))
    .filter((file) => statSync(join(root, directory, file)).isFile())
    .filter((file) => wanted === "*" || basename(file, extname(file)) === wanted)
    .sort()
    .map((file) => join(directory, file));
}

function collect(root, folder, table, into) {
  const excluded = new Set(asList(table?.["~"] ?? []).flatMap((pattern) => matches(root, folder, pattern)));
  for (const [target, patterns] of Object.entries(table ?? {})) {
    if (target === "~") continue;
    for (const pattern of asList(patterns)) {
      if (pattern.startsWith("$(")) continue; // a part of the SDK, there only
      if (pattern.endsWith("/")) {
        into.include.add(join(folder, pattern));
        continue;
      }
      const files = matches(root, folder, pattern).filter((file) => !excluded.has(file));
      if (files.length === 0) into.missing.push(pattern);
      for (const file of files) add(file, target, into);
    }
  }
}

function add(file, target, into) {
  const extension = extname(file);
  if (extension === ".c") into.sources.add(file);
  else if (extension === ".h") into.include.add(dirname(file));
  else if (SCRIPTS.includes(extension)) {
    const name = target.endsWith("*") ? target.slice(0, -1) + basename(file, extension) : target;
    const other = into.modules.get(name);
    if (other && other !== file) {
      throw new BuildError(`manifest.json: the module ${name} has two sources, ${other} and ${file}.`);
    }
    into.modules.set(name, file);
  }
}

function merge(base, over) {
  if (over === undefined) return base;
  if (typeof base !== "object" || typeof over !== "object") return over;
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) result[key] = merge(base[key], value);
  return result;
}

/** `void es_name(xsMachine *the)` in the C files is a native of that name, `void es_name_gone(void *data)` a destructor. */
export function nativeNames(root, sources) {
  const natives = new Set();
  const destructors = new Set();
  for (const source of sources) {
    const text = readFileSync(join(root, source), "utf8");
    for (const [, name] of text.matchAll(/^void (es_[a-z0-9_]+)\(xsMachine \*the\)/gm)) natives.add(name);
    for (const [, name] of text.matchAll(/^void (es_[a-z0-9_]+_gone)\(void \*data\)/gm)) destructors.add(name);
  }
  return { natives: [...natives].sort(), destructors: [...destructors].sort() };
}

function readJson(path, name) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new BuildError(`${name} can't be read: ${error.message}.`);
  }
}

/** `files`: manifests to read one after the other, relative to the root; later ones override. */
export function readManifest(root, platform, files = ["manifest.json"]) {
  const into = { modules: new Map(), sources: new Set(), include: new Set(), missing: [] };
  const result = { creation: {}, defines: {}, preload: [], strip: [] };
  const pending = [...files];
  for (let file = pending.shift(); file; file = pending.shift()) {
    const manifest = readJson(join(root, file), file);
    const folder = relative(root, join(root, dirname(file)));
    for (const part of [manifest, manifest.platforms?.[platform] ?? {}]) {
      for (const other of asList(part.include ?? [])) {
        if (!other.startsWith("$(")) pending.push(join(folder, other));
      }
      collect(root, folder, part.modules, into);
      result.creation = merge(result.creation, part.creation);
      result.defines = merge(result.defines, part.defines);
      result.preload.push(...asList(part.preload ?? []));
      result.strip.push(...asList(part.strip ?? []));
    }
  }
  if (into.missing.length > 0)
    throw new BuildError(`manifest.json names what does not exist: ${into.missing.join(", ")}.`);
  const sources = [...into.sources].sort();
  const modules = [...into.modules]
    .map(([name, source]) => ({ name, source }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const preload = modules.filter(({ name }) =>
    result.preload.some((p) => (p.endsWith("*") ? name.startsWith(p.slice(0, -1)) : p === name)),
  );
  return {
    ...result,
    preload: preload.map(({ name }) => name),
    modules,
    sources,
    include: [...into.include].sort(),
    ...nativeNames(root, sources),
  };
}
