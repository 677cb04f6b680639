import { describe, expect, it } from "testing";
import { Ducking } from "../../../src/player/ducking";
import { musicLog } from "./music-log";

describe("Ducking", () => {
  it("makes way while the speaker talks, and ends early when it is stopped", () => {
    const driver = musicLog();
    const ducking = new Ducking(driver);
    ducking.cover(1000, 9000);
    ducking.release(5000);
    ducking.release(6000);
    expect(driver.orders).toEqual(["duck true at 1000", "duck false at 9000", "duck false at 5000"]);
  });

  it("comes back after a restart, whatever was before", () => {
    const driver = musicLog();
    new Ducking(driver).reset(4800);
    expect(driver.orders).toEqual(["duck false at 4800"]);
  });
});
