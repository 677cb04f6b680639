// The compiler, make, and makefiles. In: a list of objects to compile and programs to link. Out: files made by make.
// A makefile holds only paths relative to its own folder, so that spaces in the user's paths never reach make.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { BuildError } from "./packages.mjs";

let known;

/** { cc, make, version, target }, or one sentence with the Debian package that is missing. */
export function toolchain() {
  if (known) return known;
  const cc = process.env.CC || "cc";
  const compiler = spawnSync(cc, ["--version"], { encoding: "utf8" });
  if (compiler.error || compiler.status !== 0) {
    throw new BuildError(`a C compiler (${cc}) is missing: install the Debian package gcc (sudo apt install gcc).`);
  }
  const make = process.env.MAKE || "make";
  const maker = spawnSync(make, ["--version"], { encoding: "utf8" });
  if (maker.error || maker.status !== 0) {
    throw new BuildError(`make is missing: install the Debian package make (sudo apt install make).`);
  }
  const probe = spawnSync(cc, ["-E", "-include", "stdlib.h", "-include", "math.h", "-x", "c", "/dev/null"]);
  if (probe.status !== 0) {
    throw new BuildError(
      "the C library's headers are missing: install the Debian package libc6-dev (sudo apt install libc6-dev).",
    );
  }
  const target = spawnSync(cc, ["-dumpmachine"], { encoding: "utf8" }).stdout.trim();
  known = { cc, ar: "ar", make, version: compiler.stdout.split("\n")[0], target };
  return known;
}

let knownBoard;

/** What the emulated board needs beside the PC's own tools. `missing` is one sentence, or undefined. */
export function boardTools() {
  if (knownBoard) return knownBoard;
  const prefix = "riscv64-unknown-elf-";
  const compiler = spawnSync(`${prefix}gcc`, ["--version"], { encoding: "utf8" });
  const library = spawnSync(`${prefix}gcc`, ["--specs=picolibc.specs", "-E", "-x", "c", "/dev/null"]);
  const emulator = spawnSync("qemu-system-riscv32", ["--version"], { encoding: "utf8" });
  const packages = [
    ...(compiler.status === 0 ? [] : ["gcc-riscv64-unknown-elf"]),
    ...(library.status === 0 ? [] : ["picolibc-riscv64-unknown-elf"]),
    ...(emulator.status === 0 ? [] : ["qemu-system-misc"]),
  ];
  const missing =
    packages.length === 0
      ? undefined
      : `the emulated board needs ${packages.length === 1 ? "a package" : "packages"} that this PC lacks: sudo apt install ${packages.join(" ")}.`;
  knownBoard = {
    missing,
    cc: `${prefix}gcc`,
    ar: `${prefix}ar`,
    nm: `${prefix}nm`,
    objcopy: `${prefix}objcopy`,
    version: compiler.stdout?.split("\n")[0],
    target: "rv32imac-unknown-elf",
  };
  return knownBoard;
}

export function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  writeFileSync(path, text);
  return true;
}

const quote = (flag) => `'${flag.replaceAll("$", "$$").replaceAll("'", `'\\''`)}'`;

/**
 * Text of a makefile. `objects`: { source, object, flags[] }; `archive`: { path, objects[] };
 * `programs`: { path, objects[], libraries[], flags[] }. All paths relative to the makefile's folder.
 */
export function makefile({ cc, ar = "ar", flags, objects, archive, programs = [], folders }) {
  const lines = [
    "# Written by host-sim/build; changes here are lost.",
    `CC = ${cc}`,
    `CFLAGS = ${flags.map(quote).join(" ")}`,
    "MAKEFLAGS += --no-builtin-rules",
    `all: ${[archive?.path, ...programs.map((p) => p.path)].filter(Boolean).join(" ")}`,
    `$(shell mkdir -p ${folders.join(" ")})`,
  ];
  for (const { source, object, flags: own = [] } of objects) {
    lines.push(`${object}: ${source} Makefile`, `\t@echo 'compile ${source}'`);
    lines.push(`\t@$(CC) $(CFLAGS) ${own.map(quote).join(" ")} -MMD -MP -c -o $@ ${source}`);
  }
  if (archive) lines.push(`${archive.path}: ${archive.objects.join(" ")}`, "\t@rm -f $@", `\t@${ar} rcs $@ $^`);
  for (const { path, objects: own, libraries, flags: link = [] } of programs) {
    lines.push(`${path}: ${own.join(" ")} ${libraries.join(" ")}`, `\t@echo 'link ${path}'`);
    lines.push(`\t@$(CC) $(CFLAGS) -o $@.part $^ ${link.map(quote).join(" ")} && mv $@.part $@`);
  }
  lines.push(`-include ${objects.map(({ object }) => object.replace(/\.o$/, ".d")).join(" ")}`, "");
  return lines.join("\n");
}

/** Run make in `folder`; says once a step with `progress(done, total)`. Fails with the compiler's own words. */
export function runMake(folder, total, progress) {
  const { make } = toolchain();
  const jobs = Math.max(1, availableParallelism());
  return new Promise((resolve, reject) => {
    const child = spawn(make, [`-j${jobs}`, "-f", "Makefile"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    let done = 0;
    child.stdout.on("data", (data) => {
      done += data
        .toString()
        .split("\n")
        .filter((line) => line.startsWith("compile ")).length;
      progress?.(done, total);
    });
    child.stderr.on("data", (data) => {
      errors += data;
    });
    child.on("error", (error) => reject(new BuildError(`make did not start: ${error.message}.`)));
    child.on("close", (code) => {
      if (code === 0) resolve(errors);
      else {
        writeFileSync(join(folder, "errors.txt"), errors);
        reject(new BuildError(`compiling in ${folder} failed:\n${errors.split("\n").slice(0, 40).join("\n")}`));
      }
    });
  });
}
