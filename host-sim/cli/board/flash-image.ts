// Flash bank 1 of the emulated board: a table of partitions, then what lies in them. boards/rv32/flash.c reads it.
// In: the parts' bytes. Out: a file as long as the bank (sparse where nothing lies).

import { open } from "node:fs/promises";
import { inputFailure } from "../failure.ts";

export const BANK_BYTES = 32 * 1024 * 1024;
/** What the flash erases at once. */
export const SECTOR = 256 * 1024;
const MAGIC = "ESPARTS1";
const HEAD = 16;
const NAME = 16;
const ENTRY = NAME + 8;
const FIRST = 4096;

export interface Partition {
  readonly name: string;
  readonly data: Buffer;
  /** Reserved when longer than the data. */
  readonly bytes?: number;
  /** Begins and ends with a sector: it will be written by the board. */
  readonly writable?: boolean;
}

const up = (value: number, step: number): number => Math.ceil(value / step) * step;

export async function writeFlash(path: string, partitions: readonly Partition[]): Promise<void> {
  const table = Buffer.alloc(HEAD + partitions.length * ENTRY);
  table.write(MAGIC, 0, "latin1");
  table.writeUInt32LE(partitions.length, MAGIC.length);
  const file = await open(path, "w");
  try {
    let at = FIRST;
    for (const [index, { name, data, bytes = data.length, writable = false }] of partitions.entries()) {
      at = up(at, writable ? SECTOR : FIRST);
      const entry = HEAD + index * ENTRY;
      table.write(name, entry, NAME - 1, "latin1");
      table.writeUInt32LE(at, entry + NAME);
      table.writeUInt32LE(bytes, entry + NAME + 4);
      if (at + bytes > BANK_BYTES)
        throw inputFailure(
          `expected model and music of together at most ${BANK_BYTES / 2 ** 20} MB, the board's flash; found more.`,
        );
      await file.write(data, 0, data.length, at);
      at += bytes;
    }
    await file.write(table, 0, table.length, 0);
    await file.truncate(BANK_BYTES);
  } finally {
    await file.close();
  }
}

/** What the board left in a partition. */
export async function readPartition(path: string, name: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const table = Buffer.alloc(FIRST);
    await file.read(table, 0, FIRST, 0);
    for (let k = 0; k < table.readUInt32LE(MAGIC.length); k++) {
      const entry = HEAD + k * ENTRY;
      if (table.toString("latin1", entry, table.indexOf(0, entry)) !== name) continue;
      const data = Buffer.alloc(table.readUInt32LE(entry + NAME + 4));
      await file.read(data, 0, data.length, table.readUInt32LE(entry + NAME));
      return data;
    }
    return Buffer.alloc(0);
  } finally {
    await file.close();
  }
}
