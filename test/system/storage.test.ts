// Settings on the disk: whole after every write, refused when damaged.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runHost } from "./firmware";

const folder = mkdtempSync(join(tmpdir(), "earshot-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);
const volumeOf = (path: string) =>
  /^volume: (\d+)$/m.exec(runHost(["--storage", path], undefined, "volume\n").replies)?.[1];

describe("settings", () => {
  it("survive a restart", () => {
    const path = file("kept");
    expect(runHost(["--storage", path], undefined, "volume 23\n").code).toBe(0);
    expect(volumeOf(path)).toBe("23");
  });

  it("leave no file aside", () => {
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("are the last good ones when the power failed while they were written", () => {
    const path = file("kept");
    writeFileSync(`${path}.part`, readFileSync(path).subarray(0, 20));
    expect(volumeOf(path)).toBe("23");
  });

  it.each([
    ["a flipped byte", "CHECKSUM"],
    ["a cut", "CHECKSUM"],
    ["another file", "MAGIC"],
  ])("are refused whole after %s", (what, code) => {
    const bytes = readFileSync(file("kept"));
    if (what === "a flipped byte") bytes[15] = (bytes[15] as number) ^ 1;
    const damaged =
      what === "a cut"
        ? bytes.subarray(0, -3)
        : what === "another file"
          ? Buffer.from("settings, perhaps, of a neighbor")
          : bytes;
    writeFileSync(file("damaged"), damaged);
    const run = runHost(["--storage", file("damaged")]);
    expect(run.code).toBe(2);
    expect(run.records.at(-1)).toMatchObject({ type: "error", what: "storage", code, file: file("damaged") });
    expect(readFileSync(file("damaged")).equals(damaged)).toBe(true);
  });

  it("stay as they were when they can't be written, and the console says so", () => {
    const path = file("blocked");
    mkdirSync(`${path}.part`); // nothing can be put aside
    const run = runHost(["--storage", path], undefined, "volume 7\nvolume\n");
    expect(existsSync(path)).toBe(false);
    expect(run.code).toBe(0);
    expect(run.replies).toMatch(/^error /m);
  });
});
