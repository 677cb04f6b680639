// Builds the emulated board's image. As a command: node host-sim/build/board.mjs
// As a module: buildBoard({ log }) resolves to { folder, image, elf }, or fails with one sentence.
// 1. the firmware's TypeScript to bytecode, by this PC's engine; 2. everything in C for RV32; 3. the freezer, linked
// twice, run twice: the root machine as assembler text; 4. the image, whose link fails when a cap is exceeded.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "../cli/set-up/lock.mjs";
import { readElf } from "./elf.mjs";
import { freeze } from "./freeze.mjs";
import { definesHeader, tables } from "./generate.mjs";
import { engine, XS_DEFINES as PC_DEFINES } from "./libraries.mjs";
import { boardTools, makefile, runMake, toolchain, writeIfChanged } from "./make.mjs";
import { readManifest } from "./manifest.mjs";
import { BuildError } from "./packages.mjs";
import { QEMU_CPU } from "./qemu.mjs";
import {
  boardEcho,
  boardEngine,
  boardFileSystem,
  boardKernel,
  boardOpus,
  flagsOf,
  TARGET_FLAGS,
  XS_DEFINES,
} from "./rv32.mjs";
import { stampOf } from "./stamp.mjs";
import { compileScripts } from "./typescript.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const KB = 1024;
const RAM = 512 * KB; // what the emulated chip has
export const RAM_CAP = 450 * KB;
/** The goal is 700 KB: docs/boards.md says what stands in the way. */
export const IMAGE_CAP = 1200 * KB;
// The freezer needs room for a root machine that is still being built.
const FREEZER_RAM = 8 * KB * KB;
const SHIFT = { ram: 0x7000, flash: 0x30000 };
/** Bytes for the runtime and understanding: what the released models need; checked at boot. */
const RUNTIME_AREA = 261 * KB + 512;
/** Bytes of C stack that one function may take: nothing guards a task's stack from one that jumps over its end. */
const LARGEST_FRAME = 4608;
/** The same of the store: two caches, a file's buffer, littlefs' state. */
const STORAGE_AREA = 2 * KB;

const READ = [
  "manifest.json",
  "src",
  "native",
  "host-sim/build",
  "host-sim/embedded",
  "host-sim/xs",
  "host-sim/boards",
];
const BOARD = "host-sim/boards/rv32";
// The PC's host shares these with the board; freezer and image differ in the second list.
const SHARED = ["engine_hooks", "fault", "globals", "machine", "modules", "timers"].map((f) => `host-sim/xs/${f}.c`);
const FREEZER = [
  "host-sim/xs/root.c",
  `${BOARD}/xs/flash_modules.c`,
  `${BOARD}/tools/freeze.c`,
  `${BOARD}/tools/freeze_stubs.c`,
];
const BYTECODE = ["host-sim/xs/modules.c", "host-sim/xs/compile.c", `${BOARD}/tools/bytecode.c`];
const BOTH = ["cpu", "semihosting", "stdio", "uart"].map((f) => `${BOARD}/${f}.c`);

const cFiles = (folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".c"))
    .sort()
    .map((file) => `${folder}/${file}`);
const objectOf = (source) => `obj/${source.replaceAll("/", "_").replace(/\.[cS]$/, "")}.o`;

function linkerScript({ ram, cap, shift }) {
  const words = {
    RAM_BYTES: ram,
    RAM_CAP: cap ? RAM_CAP : ram,
    STACK_BYTES: cap ? 4 * KB : 64 * KB,
    IMAGE_CAP: cap ? IMAGE_CAP : 32 * KB * KB,
    FLASH_SHIFT: shift ? SHIFT.flash : 0,
    RAM_SHIFT: shift ? SHIFT.ram : 0,
  };
  const text = readFileSync(join(ROOT, BOARD, "board.ld"), "utf8");
  return text.replaceAll(/@([A-Z_]+)@/g, (_, word) => String(words[word]));
}

/** On this PC: bytecode with the keys' final numbers. */
async function makeBytecode(out, manifest, log) {
  const xs = await engine({ log });
  const folder = join(out, "pc");
  mkdirSync(join(folder, "obj"), { recursive: true });
  const up = `${relative(folder, ROOT)}/`;
  const main = manifest.creation.main ?? "main";
  writeIfChanged(join(folder, "tables.c"), tables({ ...manifest, natives: [], destructors: [], main }));
  await compileScripts(
    ROOT,
    join(out, "js"),
    manifest.modules.map(({ source }) => source),
  );
  const objects = [
    ...BYTECODE.map((source) => ({ source: `${up}${source}`, object: objectOf(source) })),
    { source: "tables.c", object: "obj/tables.o" },
  ];
  const text = makefile({
    cc: toolchain().cc,
    flags: [
      "-O1",
      "-g1",
      "-std=gnu11",
      "-w",
      ...PC_DEFINES,
      `-I${up}host-sim/xs`,
      ...xs.include.map((path) => `-isystem${join(xs.folder, path)}`),
    ],
    objects,
    programs: [
      {
        path: "earshot-bytecode",
        objects: objects.map(({ object }) => object),
        libraries: [join(xs.folder, "libxs.a")],
        flags: ["-Wl,--gc-sections", "-lm", "-lpthread"],
      },
    ],
    folders: ["obj"],
  });
  writeIfChanged(join(folder, "Makefile"), text);
  await runMake(folder, objects.length);
  checkStripped(out, manifest);
  const gen = join(out, "gen");
  const result = spawnSync(
    join(folder, "earshot-bytecode"),
    [gen, join(out, "js"), ...(manifest.strip.includes("RegExp") ? ["--no-regexp"] : [])],
    { encoding: "utf8" },
  );
  if (result.status !== 0) throw new BuildError(`the scripts can't be compiled for the board: ${result.stderr.trim()}`);
}

/** A script that names a built-in which is not there would fail when it runs: it fails the build. */
function checkStripped(out, { modules, strip }) {
  for (const { source } of modules) {
    const text = readFileSync(join(out, "js", source.replace(/\.(ts|js)$/, ".js")), "utf8");
    const named = strip.find((name) =>
      new RegExp(`\\b${name}\\b(?!["':])`).test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")),
    );
    if (named) throw new BuildError(`${source} uses ${named}, which manifest.json strips from this board.`);
  }
}

function compileFlags(out, manifest, libraries) {
  const up = `${relative(out, ROOT)}/`;
  const own = [...manifest.include, BOARD, `${BOARD}/xs`, "host-sim/xs", "native/port", "native/include", "native"];
  const system = Object.values(libraries).flatMap(({ folder, include }) => include.map((path) => join(folder, path)));
  return [
    ...TARGET_FLAGS,
    ...["-Wall", "-Wextra", ...(process.env.CI ? ["-Werror"] : [])],
    `-Wstack-usage=${LARGEST_FRAME}`,
    ...XS_DEFINES,
    `-DES_RAM_CAP=${RAM_CAP}`,
    ...own.map((path) => `-I${up}${path}`),
    ...["-Igen", ...system.map((path) => `-isystem${path}`)],
  ];
}

const LINK = (script) => ["-nostartfiles", "-T", script, "-Wl,--gc-sections", "-lm"];

/** Objects of everything, and the freezer linked twice. */
async function makeObjects(out, manifest, libraries, log) {
  const up = `${relative(out, ROOT)}/`;
  const freezer = [
    ...manifest.sources,
    ...SHARED,
    ...BOTH,
    ...FREEZER,
    `${BOARD}/start.S`,
    `${BOARD}/xs/heap.c`,
    `${BOARD}/xs/hooks.c`,
  ];
  const image = [...cFiles(BOARD), ...cFiles(`${BOARD}/xs`)];
  const sources = [...new Set([...freezer, ...image])];
  const generated = ["tables.c", "bytecode.c", "bytecode.S", "stripped.c"].map((file) => ({
    source: `gen/${file}`,
    object: `obj/gen_${file.replace(".", "_")}.o`,
    flags: ["-Igen", "-Os"],
  }));
  const objects = [
    ...sources.map((source) => ({ source: `${up}${source}`, object: objectOf(source), flags: flagsOf(source) })),
    ...generated,
  ];
  const common = [...freezer.map(objectOf), ...generated.map(({ object }) => object)];
  const archives = ["xs", "opus", "speexdsp", "littlefs"].map((name) =>
    join(libraries[name].folder, `lib${name}-rv32.a`),
  );
  const text = makefile({
    cc: boardTools().cc,
    ar: boardTools().ar,
    flags: compileFlags(out, manifest, libraries),
    objects,
    archive: { path: "libboard.a", objects: image.filter((f) => !freezer.includes(f)).map(objectOf) },
    programs: ["first", "second"].map((name) => ({
      path: `${name}.elf`,
      objects: common,
      libraries: archives,
      flags: [...LINK(`gen/${name}.ld`), "-Wl,--no-relax"],
    })),
    folders: ["obj"],
  });
  writeIfChanged(join(out, "Makefile"), text);
  let told = false;
  const warnings = await runMake(out, objects.length, () => {
    if (!told) log("compiling the firmware for the emulated board");
    told = true;
  });
  if (warnings.trim()) log(warnings.trim());
  return { archives, image };
}

const strippedList = (names) =>
  `#include <stddef.h>\nconst char *const es_stripped[] = {${[...names.map((name) => JSON.stringify(name)), "NULL"].join(", ")}};\n`;

function runFreezer(out, name) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  const { objcopy } = boardTools();
  const bin = join(folder, "flash.bin");
  const copied = spawnSync(objcopy, ["-O", "binary", join(out, `${name}.elf`), bin], { encoding: "utf8" });
  if (copied.status !== 0) throw new BuildError(`objcopy failed: ${copied.stderr.trim()}`);
  spawnSync("truncate", ["-s", "32M", bin]);
  const args = [
    ...QEMU_CPU,
    "-m",
    "8M",
    "-icount",
    "shift=0,sleep=off",
    "-semihosting-config",
    "enable=on,target=native",
  ];
  const drive = ["-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${bin}`];
  const run = spawnSync("qemu-system-riscv32", [...args, ...drive, "-serial", "stdio"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (run.status !== 0)
    throw new BuildError(
      `the root machine can't be made on the board (${run.status}): ${`${run.stdout}${run.stderr}`.trim().slice(-600)}`,
    );
  return {
    elf: readElf(readFileSync(join(out, `${name}.elf`))),
    memory: readFileSync(join(folder, "frozen.bin")),
    list: readFileSync(join(folder, "frozen.txt"), "utf8"),
  };
}

/** Sizes that follow from the manifest: `creation` in the bytes of a 32-bit board, and what the engine keeps beside it. */
function areas(creation, aliases) {
  const { chunk, heap, keys, stack } = creation;
  const blocks = 16 * (heap.initial + stack) + chunk.initial + 4 * (keys.initial + keys.name + keys.symbol + aliases);
  const engine = 4 * KB; // the machine itself, its number conversion, jumps of handlers, heads of blocks
  const bytes = Math.ceil((blocks + engine) / 16) * 16;
  return `/* Written by host-sim/build/board.mjs from manifest.json; changes here are lost. */
#include "board.h"
#include "heap.h"

unsigned char es_heap_area[${bytes}] __attribute__((aligned(16)));
const size_t es_heap_bytes = sizeof es_heap_area;
unsigned char es_runtime_area[${RUNTIME_AREA}] __attribute__((aligned(64)));
const size_t es_runtime_area_bytes = sizeof es_runtime_area;
unsigned char es_storage_area[${STORAGE_AREA}] __attribute__((aligned(16)));
const size_t es_storage_area_bytes = sizeof es_storage_area;
`;
}

async function makeImage(out, manifest, libraries, { archives, image }, frozen) {
  const folder = join(out, "image");
  mkdirSync(join(folder, "obj"), { recursive: true });
  writeIfChanged(join(folder, "frozen.S"), frozen.text);
  writeIfChanged(join(folder, "areas.c"), areas(manifest.creation, frozen.aliases));
  writeIfChanged(join(folder, "board.ld"), linkerScript({ ram: RAM, cap: true, shift: false }));
  const outside = new Set([`${BOARD}/xs/flash_modules.c`]);
  const sources = [...manifest.sources, ...SHARED, ...image.filter((f) => !outside.has(f)), `${BOARD}/start.S`];
  const made = [...new Set(sources)].map((source) => `../${objectOf(source)}`);
  const generated = ["../obj/gen_tables_c.o", "../obj/gen_bytecode_c.o", "../obj/gen_bytecode_S.o"];
  const objects = ["frozen.S", "areas.c"].map((file) => ({
    source: file,
    object: `obj/${file.slice(0, -2)}.o`,
    flags: ["-Os"],
  }));
  const text = makefile({
    cc: boardTools().cc,
    flags: compileFlags(folder, manifest, libraries).map((flag) => (flag === "-Igen" ? "-I../gen" : flag)),
    objects,
    programs: [
      {
        path: "earshot.elf",
        objects: [...objects.map(({ object }) => object), ...made, ...generated],
        libraries: [...archives, join(libraries.kernel.folder, "libfreertos-rv32.a")],
        flags: [...LINK("board.ld"), "-Wl,-Map,earshot.map"],
      },
    ],
    folders: ["obj"],
  });
  writeIfChanged(join(folder, "Makefile"), text);
  await runMake(folder, objects.length);
  const bin = join(folder, "earshot.bin");
  const result = spawnSync(boardTools().objcopy, ["-O", "binary", join(folder, "earshot.elf"), bin], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new BuildError(`objcopy failed: ${result.stderr.trim()}`);
  return bin;
}

async function buildAlone(out, log) {
  const manifest = readManifest(ROOT, "rv32");
  for (const folder of ["obj", "gen"]) mkdirSync(join(out, folder), { recursive: true });
  await makeBytecode(out, manifest, log);
  writeIfChanged(join(out, "gen", "tables.c"), tables(manifest));
  writeIfChanged(join(out, "gen", "mc.defines.h"), definesHeader(manifest.defines));
  writeIfChanged(join(out, "gen", "stripped.c"), strippedList(manifest.strip));
  for (const name of ["first", "second"]) {
    writeIfChanged(
      join(out, "gen", `${name}.ld`),
      linkerScript({ ram: FREEZER_RAM, cap: false, shift: name === "second" }),
    );
  }
  const libraries = {
    xs: await boardEngine(log),
    opus: await boardOpus(log),
    speexdsp: await boardEcho(log),
    littlefs: await boardFileSystem(log),
    kernel: await boardKernel(log),
  };
  const objects = await makeObjects(out, manifest, libraries, log);
  const frozen = freeze([runFreezer(out, "first"), runFreezer(out, "second")], SHIFT);
  return { bin: await makeImage(out, manifest, libraries, objects, frozen), frozen };
}

/** build/rv32: { folder, image, elf }. */
export async function buildBoard({ log }) {
  const tools = boardTools();
  if (tools.missing) throw new BuildError(tools.missing);
  const out = join(ROOT, "build", "rv32");
  const image = join(out, "image", "earshot.bin");
  mkdirSync(out, { recursive: true });
  return withLock(`${out}.lock`, log, async () => {
    const stamp = stampOf(ROOT, READ, [tools.version, process.env.CC, process.env.CI]);
    const stampPath = join(out, "stamp");
    if (!existsSync(stampPath) || readFileSync(stampPath, "utf8") !== stamp) {
      rmSync(stampPath, { force: true });
      await buildAlone(out, log);
      writeFileSync(stampPath, stamp);
    }
    return { folder: out, image, elf: join(out, "image", "earshot.elf") };
  });
}

if (
  process.argv[1] &&
  dirname(process.argv[1]) === dirname(fileURLToPath(import.meta.url)) &&
  process.argv[1].endsWith("board.mjs")
) {
  const log = (line) => process.stderr.write(`${line}\n`);
  try {
    log((await buildBoard({ log })).image);
  } catch (error) {
    log(error instanceof BuildError ? error.message : error.stack);
    process.exitCode = 1;
  }
}
