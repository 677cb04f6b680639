// npm run report:memory [-- --json]: what lies where on the emulated board, and how much of it was used.
// In: the image's link map, the summary of one run (the packaged requests over music, 250 MIPS). Out: tables in Markdown,
// or one JSON object. Exit codes: 0; 1 our fault; 2 a package is missing.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBoard, IMAGE_CAP, RAM_CAP } from "../build/board.mjs";
import { BuildError } from "../build/packages.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RAM = 0x80000000;
const FLASH = 0x20000000;
const KB = 1024;

/** [section, address, bytes, object] of each piece that the linker placed. */
function pieces(map) {
  const found = [];
  const text = map.slice(map.indexOf("Linker script and memory map"));
  const row = /^ (\.\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S.*)$/gm;
  // A long name of a section has a line of its own.
  for (const [, section, at, size, object] of text.replaceAll(/^( \.\S+)\n\s+/gm, "$1 ").matchAll(row)) {
    const bytes = Number.parseInt(size, 16);
    if (bytes > 0) found.push({ section, at: Number.parseInt(at, 16), bytes, object: object.replace(/^.*\//, "") });
  }
  return found;
}

/** Which part of the firmware an object belongs to. */
const PARTS = [
  [/^frozen\.o/, "JavaScript: frozen root machine"],
  [/^gen_bytecode/, "JavaScript: bytecode"],
  [/^libxs/, "XS engine"],
  [/^libopus/, "libopus"],
  [/^libspeexdsp/, "SpeexDSP"],
  [/^liblittlefs|native_storage/, "littlefs and settings"],
  [/^libfreertos|native_port_freertos/, "FreeRTOS, tasks and their stacks"],
  [/^lib(c|m|gcc|g)\.a/, "C library"],
  [/native_(nn|features|model|decoder|base)/, "recogniser"],
  [/native_(music|runtime|echo)/, "music and runtime"],
  [/native_understanding/, "understanding"],
  [/native_xs|host-sim_xs|host-sim_embedded|gen_tables/, "bindings and scripts' host"],
  [/^areas\.o/, "areas: runtime, JavaScript, settings"],
  [/host-sim_boards/, "board"],
];
const partOf = (object) => PARTS.find(([pattern]) => pattern.test(object))?.[1] ?? "other";

function sums(found, from, to) {
  const by = new Map();
  for (const { at, bytes, object } of found) {
    if (at < from || at >= to) continue;
    by.set(partOf(object), (by.get(partOf(object)) ?? 0) + bytes);
  }
  return [...by].sort((a, b) => b[1] - a[1]);
}

function runRequests() {
  const folder = join(ROOT, "host-sim", "demo", "requests");
  const files = readdirSync(folder)
    .filter((name) => /\.(wav|flac|opus)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
  const args = [join(ROOT, "host-sim", "setup.cjs"), "board", "--json", ...files];
  const ran = spawnSync(process.execPath, args, { encoding: "utf8", cwd: ROOT, maxBuffer: 64 << 20 });
  if (ran.status !== 0) throw new BuildError(`the run on the board failed: ${ran.stderr.trim().split("\n").at(-1)}`);
  return JSON.parse(ran.stdout.trim().split("\n").at(-1));
}

const row = (...cells) => `| ${cells.join(" | ")} |`;
const kb = (bytes) => (bytes / KB).toFixed(1);

function tables({ flash, ram, image, reserved, summary }) {
  const { memory, tasks } = summary;
  const lines = ["## Flash, used in place (KB)", "", row("part", "KB"), row("---", "---:")];
  for (const [part, bytes] of flash) lines.push(row(part, kb(bytes)));
  lines.push(row("**image without the model**", `**${kb(image)}** of ${kb(IMAGE_CAP)}`));
  lines.push("", "## Internal RAM, reserved by the linker (KB)", "", row("part", "KB"), row("---", "---:"));
  for (const [part, bytes] of ram) lines.push(row(part, kb(bytes)));
  lines.push(row("**reserved**", `**${kb(reserved)}** of ${kb(RAM_CAP)}`));
  lines.push("", "## High-water marks: the packaged requests over music at 250 MIPS", "");
  lines.push(row("what", "used", "reserved"), row("---", "---:", "---:"));
  lines.push(row("runtime's arena, KB", kb(memory.runtime), kb(memory.runtimeArea)));
  lines.push(row("JavaScript's heap, KB", kb(memory.javascript), kb(memory.javascriptArea)));
  lines.push(row("JavaScript's slots", memory.slotsPeak, memory.slotsSize));
  lines.push(row("JavaScript's chunks, bytes", memory.chunksPeak, memory.chunksSize));
  for (const [name, { stackUsed, stackSize }] of Object.entries(tasks)) {
    lines.push(row(`stack of ${name}, bytes`, stackUsed, stackSize));
  }
  lines.push(row("**internal RAM in use, KB**", `**${kb(memory.used)}**`, kb(RAM_CAP)), "");
  return lines.join("\n");
}

async function main(args) {
  const { folder } = await buildBoard({ log: (line) => process.stderr.write(`${line}\n`) });
  const found = pieces(readFileSync(join(folder, "image", "earshot.map"), "utf8"));
  const summary = runRequests();
  const flash = sums(found, FLASH, FLASH + (32 << 20));
  const ram = sums(found, RAM, RAM + 512 * KB);
  const total = (rows) => rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  const result = { flash, ram, image: total(flash), reserved: summary.memory.reserved, summary };
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(result)}\n` : tables(result));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`report:memory: ${error.message}\n`);
  process.exitCode = error.message.includes("apt install") ? 2 : 1;
}
