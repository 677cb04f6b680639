import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EFFECT_DELAY_SAMPLES } from "../../../src/base/time";

describe("the effect delay", () => {
  it("is the engine's ES_EFFECT_DELAY", () => {
    const header = readFileSync(new URL("../../../native/include/earshot/runtime.h", import.meta.url), "utf8");
    expect(header).toMatch(new RegExp(`^#define ES_EFFECT_DELAY ${EFFECT_DELAY_SAMPLES}$`, "m"));
  });
});
