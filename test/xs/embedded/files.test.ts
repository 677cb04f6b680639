// ECMA-419 files of the host, in the real engine.

import { describe, expect, it } from "testing";
import root from "../../../host-sim/embedded/storage/files";

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function content(path: string): number[] {
  const file = root.openFile({ path });
  const data = file.read(100, 0) as ArrayBuffer;
  file.close();
  return Array.from(new Uint8Array(data));
}

function put(path: string, ...values: number[]): void {
  const file = root.openFile({ path, mode: "w" });
  file.write(bytes(...values), 0);
  file.close();
}

describe("files", () => {
  it("hold what was written when they are closed", () => {
    put("a", 1, 2, 3);
    expect(content("a")).toEqual([1, 2, 3]);
    expect(root.status("a").size).toBe(3);
    expect(root.status("a").isFile()).toBe(true);
  });

  it("keep the old content until flush or close", () => {
    put("kept", 1, 2, 3);
    const file = root.openFile({ path: "kept", mode: "r+" });
    file.write(bytes(9), 1);
    expect(content("kept")).toEqual([1, 2, 3]);
    file.flush();
    expect(content("kept")).toEqual([1, 9, 3]);
    file.write(bytes(8), 2);
    expect(content("kept")).toEqual([1, 9, 3]);
    file.close();
    expect(content("kept")).toEqual([1, 9, 8]);
  });

  it("read into a buffer, and less at the end", () => {
    put("b", 1, 2, 3);
    const file = root.openFile({ path: "b" });
    const target = new Uint8Array(2);
    expect(file.read(target, 2)).toBe(1);
    expect(target[0]).toBe(3);
    file.close();
  });

  it("change their size", () => {
    put("c", 1, 2, 3);
    const file = root.openFile({ path: "c", mode: "r+" });
    file.setSize(1);
    file.close();
    expect(content("c")).toEqual([1]);
  });

  it("are listed in order, moved and deleted", () => {
    expect(root.createDirectory("folder")).toBe(true);
    expect(root.createDirectory("folder")).toBe(false);
    put("folder/y", 1);
    put("folder/x", 2);
    expect([...root.scan("folder")]).toEqual(["x", "y"]);
    const folder = root.openDirectory({ path: "folder" });
    folder.move("x", "x2", root);
    expect([...folder]).toEqual(["y"]);
    expect(content("x2")).toEqual([2]);
    expect(root.delete("x2")).toBe(true);
    expect(root.delete("x2")).toBe(false);
  });

  it("refuse paths that leave their folder, and wrong modes", () => {
    for (const path of ["../up", "/etc/passwd", "a/../../b", ".", "", "a//b", "a/"]) {
      expect(() => root.openFile({ path, mode: "w" })).toThrow();
    }
    expect(() => root.openFile({ path: "a", mode: "x" as "r" })).toThrow("no mode");
    expect(() => root.openFile({ path: "missing" })).toThrow("files:");
  });

  it("refuse work after close, twice is once", () => {
    const file = root.openFile({ path: "d", mode: "w" });
    file.close();
    file.close();
    expect(() => file.read(1, 0)).toThrow("closed");
  });

  it("refuse to write what is open for reading", () => {
    put("e", 1);
    const file = root.openFile({ path: "e" });
    expect(() => file.write(bytes(2), 0)).toThrow("files:");
    file.close();
  });

  it("refuse another object's methods", () => {
    const file = root.openFile({ path: "f", mode: "w" });
    expect(() => file.read.call({} as typeof file, 1, 0)).toThrow();
    file.close();
  });
});
