// Freezes the root machine into flash. In: two runs of the freezer (boards/rv32/tools/freeze.c), the second with flash
// and RAM at other addresses. Out: assembler text with the root's memory, every pointer a symbol, so that the image may
// lie where it likes and holds no code that only builds the root.
// A word that is equal in both runs is data, one that differs by the shift of RAM or flash is a pointer, anything else is
// an error. Only what the root machine reaches is kept, 16 bytes a slot, one unit a chunk.
import { BuildError } from "./packages.mjs";

const SLOT = 16;

/** `run`: { elf (readElf), memory (Buffer), list (text of frozen.txt) }, two of them; shifts: { ram, flash } in bytes. */
export function freeze(runs, shifts) {
  const [first, second] = runs.map((run) => ({ ...run, parts: partsOf(run.list) }));
  const image = new Image(first, second, shifts);
  return image.write();
}

function partsOf(list) {
  const parts = list
    .trim()
    .split("\n")
    .map((line) => {
      const [kind, at, bytes] = line.split(" ");
      return { kind, at: Number.parseInt(at, 16), bytes: Number.parseInt(bytes, 16) };
    });
  const of = (kind) => parts.filter((part) => part.kind === kind);
  return { area: of("area")[0], units: unitsOf(of), machine: of("machine")[0], aliases: of("aliases")[0].bytes };
}

function unitsOf(of) {
  const units = ["chunk", "machine", "table", "stack"].flatMap((kind) => of(kind));
  for (const { at, bytes } of of("slots")) {
    for (let k = 0; k < bytes; k += SLOT) units.push({ kind: "slot", at: at + k, bytes: SLOT });
  }
  return units.sort((a, b) => a.at - b.at);
}

class Image {
  constructor(first, second, shifts) {
    this.first = first;
    this.second = second;
    this.shifts = shifts;
    this.base = first.parts.area.at;
    this.units = first.parts.units;
    this.strings = new Map(); // text in flash to its label
    this.symbols = first.elf.symbols.filter(({ type }) => type !== "section" && type !== "file");
    if (second.parts.area.at - this.base !== shifts.ram || second.parts.units.length !== this.units.length) {
      throw new BuildError("the two runs of the freezer do not agree: the root machine is not deterministic.");
    }
  }

  /** The unit that holds `address`; the end of the stack belongs to it. */
  unitAt(address) {
    let low = 0;
    let high = this.units.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.units[middle].at <= address) low = middle + 1;
      else high = middle;
    }
    const unit = this.units[low - 1];
    const end = unit === undefined ? 0 : unit.at + unit.bytes + (unit.kind === "stack" ? 1 : 0);
    if (unit !== undefined && address < end) return unit;
    const before = this.units[low - 2];
    return before?.kind === "stack" && address === before.at + before.bytes ? before : undefined;
  }

  /** { value } of data, { heap } of a pointer into the root, { flash } of one to code, constants or bytecode. */
  word(address) {
    const offset = address - this.base;
    const a = this.first.memory.readUInt32LE(offset);
    const b = this.second.memory.readUInt32LE(offset);
    const difference = (b - a) >>> 0;
    if (difference === 0) return { value: a };
    if (difference === this.shifts.ram) return { heap: a };
    if (difference === this.shifts.flash) return { flash: a };
    throw new BuildError(
      `the root machine can't be frozen: the word at ${hex(address)} is ${hex(a)} in one run and ${hex(b)} in the other.`,
    );
  }

  reach() {
    const reached = new Set();
    const pending = [this.unitAt(this.first.parts.machine.at)];
    for (let unit = pending.pop(); unit; unit = pending.pop()) {
      if (reached.has(unit)) continue;
      reached.add(unit);
      for (let at = unit.at; at + 4 <= unit.at + unit.bytes; at += 4) {
        const { heap } = this.word(at);
        if (heap === undefined) continue;
        const target = this.unitAt(heap);
        if (target === undefined)
          throw new BuildError(
            `the root machine points outside of itself: the word at ${hex(at)} (${unit.kind} ${hex(unit.at)}) holds ${hex(heap)}.`,
          );
        pending.push(target);
      }
    }
    return this.units.filter((unit) => reached.has(unit));
  }

  write() {
    const kept = this.reach();
    let offset = 0;
    for (const unit of kept) {
      // Slots and what is read by words need 16; a chunk's data begins 8 bytes into it.
      offset = (offset + 15) & ~15;
      unit.offset = offset;
      offset += unit.bytes;
    }
    const lines = ["# Written by host-sim/build/freeze.mjs; changes here are lost.", '    .section .frozen, "a"'];
    lines.push("    .balign 16", "es_frozen:");
    for (const unit of kept) {
      lines.push("    .balign 16");
      if (unit.kind === "machine") lines.push("    .globl es_frozen_root", "es_frozen_root:");
      for (let at = unit.at; at < unit.at + unit.bytes; at += 4) this.emit(lines, at, unit);
    }
    lines.push("    .balign 16", "    .space 16");
    for (const [text, label] of this.strings) {
      lines.push("    .balign 8", `${label}:`, `    .byte ${[...text, 0].join(", ")}`);
    }
    lines.push("    .space 16", "");
    return {
      text: lines.join("\n"),
      bytes: offset,
      slots: kept.filter(({ kind }) => kind === "slot").length,
      aliases: this.first.parts.aliases,
    };
  }

  emit(lines, at, unit) {
    if (unit.at + unit.bytes - at < 4) {
      const rest = this.first.memory.subarray(at - this.base, unit.at + unit.bytes - this.base);
      lines.push(`    .byte ${[...rest].join(", ")}`);
      return;
    }
    const { value, heap, flash } = this.word(at);
    if (value !== undefined) lines.push(`    .word ${hex(value)}`);
    else if (heap !== undefined) {
      const target = this.unitAt(heap);
      lines.push(`    .word es_frozen + ${target.offset + heap - target.at}`);
    } else lines.push(`    .word ${this.symbolAt(flash)}`);
  }

  /** Code by its function, data by its object; what has no name is text. */
  symbolAt(address) {
    let low = 0;
    let high = this.symbols.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.symbols[middle].address <= address) low = middle + 1;
      else high = middle;
    }
    const code = [];
    for (let k = low - 1; k >= 0 && code.length === 0 && address - this.symbols[k].address < 1 << 20; k--) {
      const symbol = this.symbols[k];
      const inside = address === symbol.address || address < symbol.address + symbol.bytes;
      const bytecode = symbol.section === ".bytecode" && this.sectionAt(address) === ".bytecode";
      if (inside || bytecode) {
        for (let j = k; j >= 0 && this.symbols[j].address === symbol.address; j--) code.push(this.symbols[j]);
      } else if (symbol.bytes > 0) break;
    }
    const known = code.find(({ global }) => global);
    if (known) return address === known.address ? known.name : `${known.name} + ${address - known.address}`;
    if (code.length > 0) {
      throw new BuildError(`the root machine holds ${code[0].name}, which is static: give it a name that links.`);
    }
    return this.stringAt(address);
  }

  sectionAt(address) {
    return this.first.elf.sections.find((s) => s.address <= address && address < s.address + s.length && s.address > 0)
      ?.name;
  }

  stringAt(address) {
    const section = this.first.elf.sections.find(
      (s) => s.data && s.address > 0 && s.address <= address && address < s.address + s.length,
    );
    if (section?.name !== ".rodata")
      throw new BuildError(`the root machine points to ${hex(address)} in flash, which has no name.`);
    const from = address - section.address;
    const text = section.data.toString("latin1", from, section.data.indexOf(0, from));
    const bytes = Buffer.from(text, "latin1");
    for (const [known, label] of this.strings) if (known.equals(bytes)) return label;
    const label = `es_frozen_text_${this.strings.size}`;
    this.strings.set(bytes, label);
    return label;
  }
}

const hex = (value) => `0x${value.toString(16).padStart(8, "0")}`;
