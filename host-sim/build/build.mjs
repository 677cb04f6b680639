// Builds the host's programs. As a command: node host-sim/build/build.mjs host|tests|xs-test [--sanitize]
// As a module: buildHost, buildTests ({ log, sanitize }) resolve to the folder of the programs; runXsTests builds and
// runs the TypeScript tests in the real engine and resolves to an exit code.
// Exit codes: 0, 1 with one sentence (or the compiler's own words) on standard error.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "../cli/set-up/lock.mjs";
import { definesHeader, tables } from "./generate.mjs";
import { engine, opus, SANITIZE_FLAGS, speexdsp, XS_DEFINES } from "./libraries.mjs";
import { makefile, runMake, toolchain, writeIfChanged } from "./make.mjs";
import { readManifest } from "./manifest.mjs";
import { BuildError, obtainable } from "./packages.mjs";
import { stampOf } from "./stamp.mjs";
import { compileScripts } from "./typescript.mjs";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

// The firmware as it is, and the firmware with the modules that only tests have.
const MANIFESTS = { host: ["manifest.json"], test: ["manifest.json", "test/xs/manifest.json"] };
const HOST_FOLDERS = ["host-sim/xs", "host-sim/room"];
// Each program has one file with main(); all other files of the folders are linked into each.
const MAINS = { "earshot-host": "host-sim/xs/main.c", "earshot-xs-test": "host-sim/xs/test_main.c" };

const cFiles = (folder) =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder))
        .filter((file) => file.endsWith(".c"))
        .sort()
        .map((file) => `${folder}/${file}`)
    : [];

function link(path, target) {
  try {
    if (lstatSync(path).isSymbolicLink() && readlinkSync(path) === target) return;
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  symlinkSync(target, path);
}

const FLAGS = ["-O2", "-g", "-std=gnu11", "-Wall", "-Wextra", "-ffunction-sections", "-fdata-sections"];

/** Files that hold kernels of one instruction set say so themselves (function attributes); no file needs flags of its own. */
function objectsOf(sources, up) {
  return sources.map((source) => ({
    source: `${up}${source}`,
    object: `obj/${source.replaceAll("/", "_").replace(/\.c$/, "")}.o`,
  }));
}

function prepare(out, libraries) {
  for (const folder of ["obj", "gen"]) mkdirSync(join(out, folder), { recursive: true });
  link(join(out, "xs"), libraries.xs.folder);
  link(join(out, "opus"), libraries.opus.folder);
  if (libraries.speexdsp) link(join(out, "speexdsp"), libraries.speexdsp.folder);
}

/** Makefile of the programs `names`; each { name, manifest } gets its own tables. */
function plan({ out, libraries, programs, sanitize }) {
  const up = `${relative(out, ROOT)}/`;
  const first = programs[0].manifest;
  const extra = sanitize ? SANITIZE_FLAGS : [];
  const warnings = process.env.CI ? ["-Werror"] : [];
  const folders = [...first.include, ...HOST_FOLDERS, "native/include", "native"];
  const own = [...folders.map((path) => `-I${up}${path}`), "-Igen"];
  const parts = [
    ...libraries.xs.include.map((path) => `xs/${path}`),
    ...libraries.opus.include.map((path) => `opus/${path}`),
    ...(libraries.speexdsp?.include.map((path) => `speexdsp/${path}`) ?? []),
  ];
  const echo = libraries.speexdsp ? [] : ["-DES_NO_SPEEXDSP"];
  const mains = new Set(Object.values(MAINS));
  const sources = [...new Set(programs.flatMap(({ manifest }) => manifest.sources))];
  const shared = [...sources, ...HOST_FOLDERS.flatMap(cFiles).filter((file) => !mains.has(file))];
  const objects = objectsOf([...shared, ...programs.map(({ name }) => MAINS[name])], up);
  const object = (source) => objectsOf([source], up)[0].object;
  for (const { name } of programs) objects.push({ source: `gen/${name}.c`, object: `obj/tables_${name}.o` });
  const text = makefile({
    cc: toolchain().cc,
    flags: [...FLAGS, ...warnings, ...extra, ...XS_DEFINES, ...echo, ...own, ...parts.map((path) => `-isystem${path}`)],
    objects,
    programs: programs.map(({ name }) => ({
      path: name,
      objects: [...shared.map(object), object(MAINS[name]), `obj/tables_${name}.o`],
      libraries: ["xs/libxs.a", "opus/libopus.a", ...(libraries.speexdsp ? ["speexdsp/libspeexdsp.a"] : [])],
      flags: ["-Wl,--gc-sections", "-lm", "-lpthread"],
    })),
    folders: ["obj"],
  });
  return { text, count: objects.length };
}

// All that a build reads.
const READ = ["manifest.json", "src", "native", "host-sim/build", "host-sim/embedded", "host-sim/room", "host-sim/xs"];
const READ_BY_TESTS = ["test/api", "test/unit", "test/xs"];

/** `describe` reads the manifests and gives the programs; it is called only where something has changed. */
async function buildPrograms({ log, sanitize, folder, read, describe }) {
  const out = join(ROOT, "build", folder);
  mkdirSync(out, { recursive: true });
  return withLock(`${out}.lock`, log, async () => {
    const stamp = stampOf(ROOT, read, [process.env.CC, process.env.CI, process.arch, obtainable("speexdsp")]);
    const stampPath = join(out, "stamp");
    if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return out;
    toolchain();
    rmSync(stampPath, { force: true });
    await buildAlone(out, { log, sanitize, programs: describe() });
    writeFileSync(stampPath, stamp);
    return out;
  });
}

async function buildAlone(out, { log, sanitize, programs }) {
  const libraries = { xs: await engine({ log, sanitize }), opus: await opus({ log, sanitize }) };
  // The main job needs no cargo: without it the board has no echo canceller, and says so where one is wanted.
  if (obtainable("speexdsp")) libraries.speexdsp = await speexdsp({ log, sanitize });
  prepare(out, libraries);
  for (const { name, manifest } of programs) {
    writeIfChanged(join(out, "gen", `${name}.c`), tables(manifest));
    writeIfChanged(join(out, "gen", "mc.defines.h"), definesHeader(manifest.defines));
  }
  const { text, count } = plan({ out, libraries, programs, sanitize });
  writeIfChanged(join(out, "Makefile"), text);
  const modules = programs.flatMap(({ manifest }) => manifest.modules.map(({ source }) => source));
  await compileScripts(ROOT, join(out, "js"), [...new Set(modules)]);
  let told = false;
  const warnings = await runMake(out, count, (done) => {
    if (!told && done > 0) {
      told = true;
      log("compiling the firmware for this PC");
    }
  });
  if (warnings.trim()) log(warnings.trim());
  return out;
}

const named = (name, files) => ({ name, manifest: readManifest(ROOT, "host", files) });

/** build/host/earshot-host (build/host-sanitize with the sanitizers). */
export function buildHost({ log, sanitize = false }) {
  const folder = sanitize ? "host-sanitize" : "host";
  const describe = () => [named("earshot-host", MANIFESTS.host)];
  return buildPrograms({ log, sanitize, folder, read: READ, describe });
}

/** The same host with the modules of the tests, and earshot-xs-test, in build/host-test. */
export function buildTests({ log, sanitize = false }) {
  const folder = sanitize ? "host-test-sanitize" : "host-test";
  return buildPrograms({ log, sanitize, folder, read: [...READ, ...READ_BY_TESTS], describe: describeTests });
}

function describeTests() {
  const programs = ["earshot-host", "earshot-xs-test"].map((name) => named(name, MANIFESTS.test));
  const scripts = testScripts().map((source) => ({ name: source.replace(/\.ts$/, ""), source }));
  for (const { manifest } of programs) {
    const listed = new Set(manifest.modules.map(({ source }) => source));
    manifest.modules.push(...scripts.filter(({ source }) => !listed.has(source)));
  }
  return programs;
}

/** Scripts of the tests that need nothing of Node, helpers included. */
export function testScripts() {
  const found = [];
  const walk = (folder) => {
    if (!existsSync(join(ROOT, folder))) return;
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const { name } = entry;
      if (entry.isDirectory()) walk(`${folder}/${name}`);
      else if (name.endsWith(".ts") && !name.endsWith(".d.ts") && !name.endsWith(".node.test.ts"))
        found.push(`${folder}/${name}`);
    }
  };
  for (const folder of ["test/unit", "test/xs"]) walk(folder);
  return found.sort();
}

/** Module names of the test files, for earshot-xs-test. */
export const testModules = () =>
  testScripts()
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => file.replace(/\.ts$/, ""));

/** The TypeScript tests in the real engine, its output on ours. */
export async function runXsTests({ log, sanitize = false }) {
  const folder = await buildTests({ log, sanitize });
  const result = spawnSync(join(folder, "earshot-xs-test"), testModules(), { stdio: ["ignore", "inherit", "inherit"] });
  return result.status ?? 1;
}

async function main(args) {
  const log = (line) => process.stderr.write(`${line}\n`);
  const sanitize = args.includes("--sanitize");
  const goals = { host: buildHost, tests: buildTests, "xs-test": runXsTests };
  const goal = args.find((arg) => !arg.startsWith("-")) ?? "host";
  if (!goals[goal]) {
    log(`build.mjs: there is no goal ${goal}; goals are ${Object.keys(goals).join(", ")}.`);
    return 2;
  }
  try {
    const result = await goals[goal]({ log, sanitize });
    return typeof result === "number" ? result : 0;
  } catch (error) {
    log(error instanceof BuildError ? error.message : error.stack);
    return 1;
  }
}

if (
  process.argv[1] &&
  dirname(process.argv[1]) === dirname(fileURLToPath(import.meta.url)) &&
  process.argv[1].endsWith("build.mjs")
) {
  process.exitCode = await main(process.argv.slice(2));
}
