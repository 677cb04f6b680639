import { describe, expect, it } from "testing";
import { applyVolumeOrder, volumeToQ15 } from "../../../src/player/volume";

describe("volume", () => {
  it("is silence at 0, full at 100, a quarter of the amplitude at 50, and never falls between", () => {
    expect([0, 50, 100].map(volumeToQ15)).toEqual([0, 8192, 32_768]);
    for (let volume = 1; volume <= 100; volume++) expect(volumeToQ15(volume) > volumeToQ15(volume - 1)).toBe(true);
  });

  it("is set by a number from 0 to 100", () => {
    expect(["0", "7", "100", "050"].map((order) => applyVolumeOrder(order, 30))).toEqual([0, 7, 100, 50]);
  });

  it("is changed by + and -, and stops at the ends", () => {
    expect(["+10", "-10", "+90", "-31", "+0"].map((order) => applyVolumeOrder(order, 30))).toEqual([
      40, 20, 100, 0, 30,
    ]);
  });

  it("refuses everything else", () => {
    for (const order of ["", "+", "-", "101", "1000", "4.5", "1e1", "++1", "ten", "٣", " 5"]) {
      expect(applyVolumeOrder(order, 30)).toBe(undefined);
    }
  });
});
