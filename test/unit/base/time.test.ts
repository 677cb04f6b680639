import { describe, expect, it } from "testing";
import { EFFECT_DELAY_SAMPLES, effectAt, msToSamples, samplesToMs } from "../../../src/base/time";

describe("time", () => {
  it("turns samples of the capture clock into ms, rounded half up", () => {
    expect([0, 7, 8, 16, 23, 24, 16_000].map(samplesToMs)).toEqual([0, 0, 1, 1, 1, 2, 1000]);
    expect(samplesToMs(msToSamples(1234))).toBe(1234);
  });

  it("puts effects a fixed distance after their cause", () => {
    expect(effectAt(100)).toBe(100 + EFFECT_DELAY_SAMPLES);
    expect(samplesToMs(EFFECT_DELAY_SAMPLES)).toBe(300);
  });
});
