// ECMA-419 key-value storage of the host, in the real engine.

import { describe, expect, it } from "testing";
import keyValue from "../../../host-sim/embedded/storage/key-value";

describe("key-value storage", () => {
  it("reads what was written, and undefined before", () => {
    const store = keyValue.open({ path: "one", format: "string" });
    expect(store.read("name")).toBe(undefined);
    store.write("name", "Größe 20 \u{1f50a}");
    expect(store.read("name")).toBe("Größe 20 \u{1f50a}");
    store.delete("name");
    expect(store.read("name")).toBe(undefined);
  });

  it("keeps paths apart and lists keys in the order of first writing", () => {
    const a = keyValue.open({ path: "a", format: "string" });
    const b = keyValue.open({ path: "b", format: "string" });
    a.write("x", "1");
    b.write("x", "2");
    a.write("y", "3");
    a.write("x", "4");
    expect(a.read("x")).toBe("4");
    expect(b.read("x")).toBe("2");
    expect([...a]).toEqual(["x", "y"]);
  });

  it("holds numbers of each width and refuses what does not fit", () => {
    for (const [format, least, most] of [
      ["uint8", 0, 255],
      ["int8", -128, 127],
      ["uint16", 0, 65535],
      ["int16", -32768, 32767],
      ["uint32", 0, 4294967295],
      ["int32", -2147483648, 2147483647],
    ] as const) {
      const store = keyValue.open({ path: "numbers", format });
      for (const value of [least, most]) {
        store.write(format, value);
        expect(store.read(format)).toBe(value);
      }
      expect(() => store.write(format, most + 1)).toThrow("does not fit");
      expect(() => store.write(format, least - 1)).toThrow("does not fit");
    }
    const wide = keyValue.open({ path: "numbers", format: "int64" });
    wide.write("wide", -9223372036854775808n);
    expect(wide.read("wide")).toBe(-9223372036854775808n);
  });

  it("holds buffers", () => {
    const store = keyValue.open({ path: "buffers" });
    store.write("b", Uint8Array.from([1, 2, 3]).subarray(1));
    expect(Array.from(new Uint8Array(store.read("b") as ArrayBuffer))).toEqual([2, 3]);
    const target = new Uint8Array(4);
    expect(store.read("b", target)).toBe(2);
    expect(() => store.read("b", new Uint8Array(1))).toThrow("too small");
  });

  it("refuses wrong kinds, long names and long values", () => {
    const store = keyValue.open({ path: "bounds", format: "string" });
    expect(() => store.write("k", 5)).toThrow("no string");
    expect(() => store.write("", "v")).toThrow("empty or too long");
    expect(() => store.write("k".repeat(65), "v")).toThrow("empty or too long");
    expect(() => store.write("k", "v".repeat(16385))).toThrow();
    expect(() => keyValue.open({ path: "p", format: "float" as "string" })).toThrow("no format");
  });

  it("obeys its mode, and ends with close", () => {
    const store = keyValue.open({ path: "a", format: "string", mode: "r" });
    expect(() => store.write("x", "5")).toThrow("reading only");
    store.close();
    expect(() => store.read("x")).toThrow("closed");
  });
});
