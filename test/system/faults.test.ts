// A fault in JavaScript: the request ends, the program is replaced, music goes on as if nothing had happened.

import { describe, expect, it } from "vitest";
import { job, MUSIC, noise, type Run, runHost } from "./firmware";

const FAULT_T = 24_000; // test/xs/faults/once.ts: 1.5 s
const EFFECT_DELAY = 4800; // native/include/earshot/runtime.h
const SPEECH = job("noise.wav", noise(4));

const of = (run: Run, type: string) => run.records.filter((record) => record.type === type);
const withFault = (name: string) => runHost(["--music", MUSIC, "--main", `test/xs/faults/${name}`], SPEECH);
const healthy = runHost(["--music", MUSIC], SPEECH);

const CASES = [
  {
    name: "exception",
    reason: "exception",
    message: "RangeError: out of tune",
    place: "at broken (test/xs/faults/exception.ts:4)",
  },
  {
    name: "rejection",
    reason: "rejection",
    message: "TypeError: nobody waits for this",
    place: "at broken (test/xs/faults/rejection.ts:5)",
  },
  {
    name: "memory",
    reason: "memory",
    message: "JavaScript memory is exhausted",
    place: "at greedy (test/xs/faults/memory.ts:5)",
  },
  {
    name: "chunks",
    reason: "memory",
    message: "JavaScript memory is exhausted",
    place: "at hoard (test/xs/faults/chunks.ts:5)",
  },
  {
    name: "stack",
    reason: "stack",
    message: "the JavaScript stack overflowed",
    place: "at deeper (test/xs/faults/stack.ts:4)",
  },
  {
    name: "loop",
    reason: "loop",
    message: "JavaScript ran too long without an end",
    place: "at endless (test/xs/faults/loop.ts:4)",
  },
  {
    name: "keys",
    reason: "keys",
    message: "no more JavaScript property names fit",
    place: "at names (test/xs/faults/keys.ts:6)",
  },
];

describe.each(CASES)("a fault in JavaScript: $name", ({ name, reason, message, place }) => {
  const run = withFault(name);

  it("is told once, with the reason and the TypeScript file and line", () => {
    expect(of(run, "fault")).toHaveLength(1);
    expect(of(run, "fault")[0]).toMatchObject({ t: FAULT_T, reason, message });
    expect(String(of(run, "fault")[0]?.stack)).toContain(place);
  });

  it("ends the request, and the program that replaces it hears the next one", () => {
    const fault = run.records.findIndex((record) => record.type === "fault");
    const after = run.records.slice(fault + 1).filter((record) => "utterance" in record);
    expect(after[0]).toMatchObject({ reason: "input" });
    expect(after.find((record) => record.type === "listen")?.utterance).toBe(Number(after[0]?.utterance) + 1);
    expect(of(run, "summary")[0]).toMatchObject({ restarts: 1 });
    expect(run.code).toBe(0);
  });

  it("does not touch the music", () => {
    expect(of(run, "musicStart")).toHaveLength(1);
    expect(of(run, "summary")[0]).toMatchObject({ underruns: 0 });
    expect(run.played.length).toBe(healthy.played.length);
    // The fault ends the utterance at the end of what was heard, and with it ducking, EFFECT_DELAY later: until then both
    // runs play the same samples.
    const fault = run.records.findIndex((record) => record.type === "fault");
    const end = Number(run.records.slice(fault).find((record) => record.reason === "input")?.t);
    expect(FAULT_T - end).toBeLessThan(1600);
    const second = 48_000 * 4;
    const same = ((end + EFFECT_DELAY) / 16_000) * second;
    expect(run.played.subarray(0, same).equals(healthy.played.subarray(0, same))).toBe(true);
    expect(loudness(run.played.subarray(-second))).toBeGreaterThan(100);
  });
});

function loudness(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += Math.abs(bytes.readInt16LE(at));
  return sum / (bytes.length / 2);
}

describe("a program that fails at each start", () => {
  it("is started three times, then the speaker goes on without it and says so", () => {
    const run = withFault("start");
    expect(of(run, "fault")).toHaveLength(3);
    expect(run.log).toContain("JavaScript failed to start three times");
    expect(of(run, "summary")).toHaveLength(1);
    expect(run.code).toBe(1);
  });
});

describe("a program that fails every 10 ms", () => {
  it("is replaced 1,000 times without a leak, while music plays", () => {
    const run = runHost(["--music", MUSIC, "--main", "test/xs/faults/always"], job("noise.wav", noise(10)));
    expect(Number(of(run, "summary")[0]?.restarts)).toBeGreaterThanOrEqual(1000);
    expect(of(run, "summary")[0]).toMatchObject({ underruns: 0 });
    expect(run.log).not.toContain("Sanitizer"); // with EARSHOT_TEST_BUILD=host-test-sanitize
    expect(run.code).toBe(0);
  }, 60_000);
});

describe("the same input", () => {
  it("gives the same trace and the same played sound, byte for byte", () => {
    const again = runHost(["--music", MUSIC], SPEECH);
    expect(again.stdout).toBe(healthy.stdout);
    expect(again.played.equals(healthy.played)).toBe(true);
  });

  it("does so however it is cut", () => {
    const other = runHost(["--music", MUSIC], job("noise.wav", noise(4), 1));
    expect(other.stdout).toBe(healthy.stdout);
  });
});
