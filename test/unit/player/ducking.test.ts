import { describe, expect, it } from "testing";
import { Ducking } from "../../../src/player/ducking";
import { musicLog } from "./music-log";

describe("Ducking", () => {
  it("makes way for a voice once, and comes back once", () => {
    const driver = musicLog();
    const ducking = new Ducking(driver);
    ducking.silence(0);
    ducking.speech(100);
    ducking.speech(200);
    expect(ducking.on).toBe(true);
    ducking.silence(300);
    ducking.silence(400);
    expect(driver.orders).toEqual(["duck true at 4900", "duck false at 5100"]);
  });

  it("comes back after a restart, whatever was before", () => {
    const driver = musicLog();
    new Ducking(driver).release(0);
    expect(driver.orders).toEqual(["duck false at 4800"]);
  });
});
