// The bindings are safe against wrong arguments: each throws, and nothing has happened then.

import { describe, expect, it } from "testing";

// Only natives that refuse their arguments before they touch the engine: a test has none.
const CALLS: [string, ...unknown[]][] = [
  ["es_events"],
  ["es_events", 5],
  ["es_console", "text"],
  ["es_names", 1],
  ["es_names"],
  ["es_music_play"],
  ["es_music_play", 1, 0, 0],
  ["es_music_play", "default", -1, 0],
  ["es_music_play", "default", Number.NaN, 0],
  ["es_music_play", "default", 0, Number.POSITIVE_INFINITY],
  ["es_music_stop", "now"],
  ["es_trace", 5],
  ["es_log"],
  ["es_log", { toString: () => "object" }],
];

describe("natives", () => {
  it("refuse wrong arguments", () => {
    for (const [name, ...values] of CALLS) {
      const call = native(name as "es_log") as unknown as (...values: unknown[]) => void;
      expect(() => call(...values)).toThrow();
    }
  });

  it("that do not exist are named", () => {
    expect(() => native("es_nothing" as "es_log")).toThrow("no native es_nothing");
    expect(() => native(undefined as unknown as "es_log")).toThrow("no string");
  });
});
