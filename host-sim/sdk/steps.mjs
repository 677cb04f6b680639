// What check.mjs does, step by step. In: the SDK's folder, the project. Out: a sentence for each step, or a StepError
// with the end of the tool's own output.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nativeNames, readManifest } from "../build/manifest.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "build", "boards", "sdk");
const TAIL = 2000;

export class StepError extends Error {}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.error) throw new StepError(`${command} can't be run: ${result.error.message}.`);
  if (result.status !== 0) {
    const said = `${result.stdout ?? ""}${result.stderr ?? ""}`.slice(-TAIL);
    throw new StepError(`${command} ${args.join(" ")} ended with ${result.status ?? result.signal}:\n${said}`);
  }
  return result.stdout;
}

/** The environment in which the SDK's tools find each other, the project's TypeScript and a stand-in for ESP-IDF. */
export function environment(moddable) {
  const bin = join(moddable, "build", "bin", "lin", "release");
  if (!existsSync(join(bin, "mcconfig"))) {
    throw new StepError(
      `MODDABLE=${moddable} holds no built tools: ${join(bin, "mcconfig")} is missing (build them as the SDK's own documentation says).`,
    );
  }
  const path = [bin, join(ROOT, "node_modules", ".bin"), process.env.PATH].join(":");
  return { ...process.env, MODDABLE: moddable, PATH: path, IDF_PATH: process.env.IDF_PATH ?? standInForIdf() };
}

/** The makefile asks git for the version of ESP-IDF; its files are needed only after the link of the scripts. */
function standInForIdf() {
  const folder = join(ROOT, "build", "boards", "idf");
  if (!existsSync(join(folder, ".git"))) {
    mkdirSync(folder, { recursive: true });
    const git = (...args) => run("git", ["-C", folder, "-c", "user.name=-", "-c", "user.email=-", ...args]);
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "--message=-");
    git("tag", "v6.0");
  }
  return folder;
}

export function sdkVersion(moddable) {
  const git = spawnSync("git", ["-C", moddable, "rev-parse", "HEAD"], { encoding: "utf8" });
  const version = readFileSync(join(moddable, "tools", "VERSION"), "utf8").trim();
  return `Moddable SDK ${version}${git.status === 0 ? `, commit ${git.stdout.trim()}` : ""}`;
}

/** Makes `goal` (or all) of a makefile that mcconfig wrote, on this machine's cores alone: it asks for any number. */
function make(env, makefile, ...goal) {
  const jobs = `MAKEFLAGS += --jobs=${availableParallelism()}`;
  writeFileSync(makefile, readFileSync(makefile, "utf8").replace(/^MAKEFLAGS \+= --jobs$/m, jobs));
  run("make", ["-f", makefile, ...goal], { env });
}

function generate(platform, env) {
  mkdirSync(OUT, { recursive: true });
  run("mcconfig", ["-p", platform, "-o", OUT, join(ROOT, "manifest.json")], { env });
  const folder = { lin: "lin/mc", "x-cli-lin": "lin" }[platform] ?? platform;
  const name = basename(ROOT); // mcconfig names an application after the folder of its manifest
  const tmp = join(OUT, "tmp", folder, "release", name);
  return { tmp, makefile: join(tmp, "makefile"), name, bin: join(OUT, "bin", folder, "release") };
}

const kilobytes = (file) => `${Math.round(statSync(file).size / 1024)} KB`;

export function simulator(env) {
  const { makefile, bin, name } = generate("lin", env);
  make(env, makefile);
  return `lin: mc.so built, ${kilobytes(join(bin, name, "mc.so"))}, for the SDK's simulator.`;
}

/** Builds the plain program and returns its path. */
export function program(env) {
  const { makefile, bin, name } = generate("x-cli-lin", env);
  make(env, makefile);
  return join(bin, name);
}

function sim(args) {
  run(process.execPath, [join(ROOT, "host-sim", "setup.cjs"), "sim", ...args]);
}

/** The 16-bit samples of a WAV with the plain 44-byte header, as the packaged requests have. */
const samplesOf = (file) => readFileSync(file).subarray(44);

/** Runs the packaged requests through the SDK's engine and through our host: the traces must be the same bytes. */
export function sameTraces(executable) {
  const demo = join(ROOT, "host-sim", "demo");
  const model = join(OUT, "model.esm"); // one copy for both, so that a new model in between changes nothing
  const released = readdirSync(join(ROOT, "models"))
    .filter((file) => file.endsWith(".esm"))
    .sort()[0];
  if (!released) throw new StepError("models/ holds no model (*.esm).");
  copyFileSync(join(ROOT, "models", released), model);
  const requests = readFileSync(join(demo, "requests.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const trace = join(OUT, "trace.jsonl");
  let lines = 0;
  for (const { file } of requests) {
    const wav = join(demo, file);
    const theirs = run(executable, [model, join(demo, "music.opus")], { input: samplesOf(wav) });
    sim(["--model", model, "--trace", trace, wav]);
    const ours = readFileSync(trace, "utf8");
    if (ours !== theirs) throw new StepError(`x-cli-lin: the trace of ${file} is not that of the host.`);
    lines += ours.split("\n").length - 1;
  }
  return `x-cli-lin: built and run; ${requests.length} packaged requests gave the same ${lines} trace lines as the host, byte for byte.`;
}

/** The scripts' part of the ESP32-S3 build: TypeScript, bytecode, preload, link. Returns the folder of the result. */
export function linkScripts(env) {
  const { tmp, makefile } = generate("esp32/esp32s3", env);
  const sdkconfig = join(tmp, "xsProj-esp32s3", "build", "config", "sdkconfig.h"); // ESP-IDF writes it; scripts need it not
  make(env, makefile, "-o", sdkconfig, join(tmp, "mc.xs.c"));
  const linked = readFileSync(join(tmp, "mc.xs.c"), "utf8");
  const wanted = [...linked.matchAll(/^\s*\{ (es_\w+), \d+, \d+ \}/gm)].map(([, name]) => name);
  const supplied = new Set(nativeNames(ROOT, readManifest(ROOT, "host").sources).natives);
  const missing = wanted.filter((name) => !supplied.has(name));
  if (wanted.length === 0 || missing.length > 0)
    throw new StepError(`esp32s3: natives without a C function: ${missing.join(", ") || "none was linked"}.`);
  return {
    tmp,
    sentence: `esp32/esp32s3: the scripts are linked, ${wanted.length} natives wanted and all of them supplied.`,
  };
}

/** All our C of the ESP32 build and the linked scripts, by a 32-bit compiler: types, and the size of the scripts. */
export function typeCheck(tmp, moddable) {
  const compiler = "riscv64-unknown-elf-gcc";
  if (spawnSync(compiler, ["--version"]).error) {
    return `esp32/esp32s3: the C was not type-checked: ${compiler} is missing (Debian packages gcc-riscv64-unknown-elf and picolibc-riscv64-unknown-elf).`;
  }
  const { sources, include } = readManifest(ROOT, "esp32");
  const flags = [
    ..."-march=rv32imac -mabi=ilp32 --specs=picolibc.specs -std=gnu11 -Os -D_GNU_SOURCE".split(" "),
    ..."-D_POSIX_TIMERS=1 -D_POSIX_MONOTONIC_CLOCK=1 -DINCLUDE_XSPLATFORM=1 -DXS_ARCHIVE=1".split(" "),
    '-DXSPLATFORM="platform32.h"',
    `-I${tmp}`,
    ...["includes", "sources", "platforms"].map((part) => `-I${join(moddable, "xs", part)}`),
    `-I${join(moddable, "modules", "base", "timer")}`,
    `-I${dirname(fileURLToPath(import.meta.url))}`,
    ...include.map((folder) => `-I${folder}`),
  ];
  const own = sources.filter((source) => !source.startsWith("build/"));
  for (const source of own) {
    run(compiler, [...flags, "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-fsyntax-only", source]);
  }
  const object = join(tmp, "mc.xs.rv32.o");
  run(compiler, [...flags, "-w", "-c", join(tmp, "mc.xs.c"), "-o", object]);
  const [text, data, bss] = run("riscv64-unknown-elf-size", [object]).split("\n")[1].trim().split(/\s+/).map(Number);
  return `esp32/esp32s3: ${own.length} C files type-checked for 32 bits; the scripts take ${text} bytes of flash and ${data + bss} of RAM.`;
}

/** mcpack in a package that depends on ours, and in our own. */
export function pack(env) {
  const app = join(OUT, "app");
  mkdirSync(join(app, "node_modules"), { recursive: true });
  const link = join(app, "node_modules", "earshot");
  if (!existsSync(link)) run("ln", ["-s", ROOT, link]);
  writeFileSync(
    join(app, "package.json"),
    JSON.stringify({ name: "my-speaker", version: "1.0.0", type: "module", main: "main.js" }),
  );
  writeFileSync(join(app, "main.js"), 'import "earshot";\n\ntrace("my own script runs beside it\\n");\n');
  run("mcpack", ["mcconfig", "-p", "lin", "-o", OUT], { cwd: app, env });
  make(env, join(OUT, "tmp", "lin", "mc", "release", "my-speaker", "makefile"));
  return "mcpack: a package that imports earshot was packed and built for lin.";
}
