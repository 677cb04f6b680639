import { describe, expect, it } from "testing";
import { INTENTS, type UnderstandingDriver } from "../../../src/understanding/intent";
import { readScored } from "../../../src/understanding/scored";
import { Understanding } from "../../../src/understanding/understanding";

const TIMER = {
  text: "set a timer for ten minutes",
  intent: "timerSet",
  second: "none",
  refused: false,
  confidence: 32_000,
  margin: 4000,
  reading: 1,
  readings: 3,
  slots: [["duration", "ten minutes"]],
};

function driver(words: object, lattice: object = { error: "CORRUPT" }): UnderstandingDriver & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    scoreText: (text) => {
      asked.push(text);
      return JSON.stringify(words);
    },
    scoreLattice: () => JSON.stringify(lattice),
  };
}

describe("Understanding", () => {
  it("asks the scorer with normalized words", () => {
    const scorer = driver(TIMER);
    const intent = new Understanding(scorer).understandText("Set a timer for 10 minutes!");
    expect(scorer.asked).toEqual(["set a timer for ten minutes"]);
    expect(intent).toEqual({
      name: "timerSet",
      slots: { duration: "ten minutes" },
      confidence: 32_000 / 32_768,
      complete: true,
    });
  });

  it("refuses with the name none and no slots", () => {
    const intent = new Understanding(driver({ ...TIMER, refused: true })).understandText("what is love");
    expect(intent.name).toBe("none");
    expect(intent.slots).toEqual({});
  });

  it("asks nobody about a text without words", () => {
    const scorer = driver(TIMER);
    expect(new Understanding(scorer).understandText("?!").name).toBe("none");
    expect(scorer.asked).toEqual([]);
  });

  it("uses the lattice where there is one, and the text where that can't be read", () => {
    const lattice = new Uint8Array([1]);
    const heard = { text: "set a dimer for ten minutes", words: [], lattice };
    expect(new Understanding(driver({ ...TIMER, refused: true }, TIMER)).understand(heard).name).toBe("timerSet");
    expect(new Understanding(driver(TIMER)).understand(heard).name).toBe("timerSet");
  });

  it("keeps the first of a slot that was said twice", () => {
    const twice = {
      ...TIMER,
      slots: [
        ["duration", "ten minutes"],
        ["duration", "five minutes"],
      ],
    };
    expect(new Understanding(driver(twice)).understandText("x").slots).toEqual({ duration: "ten minutes" });
  });
});

describe("readScored", () => {
  it("knows every intent and refuses others", () => {
    for (const intent of INTENTS) expect(readScored(JSON.stringify({ ...TIMER, intent }))?.intent).toBe(intent);
    expect(readScored(JSON.stringify({ ...TIMER, intent: "selfDestruct" }))).toBe(undefined);
    expect(readScored('{"error":"STATE"}')).toBe(undefined);
  });
});
