import { describe, expect, it } from "testing";
import { Player } from "../../../src/player/player";
import { musicLog } from "./music-log";

describe("Player", () => {
  it("plays, pauses, goes on and stops, each heard 300 ms after its cause", () => {
    const driver = musicLog();
    const player = new Player(driver);
    expect([player.play(["default"], 0), player.pause(100), player.resume(200), player.stop(300)]).toEqual([
      "done",
      "done",
      "done",
      "done",
    ]);
    expect(driver.orders).toEqual([
      "play default 0 at 4800",
      "pause true at 4900",
      "pause false at 5000",
      "stop at 5100",
    ]);
  });

  it("says what can't be done, and gives no order then", () => {
    const driver = musicLog();
    const player = new Player(driver);
    expect([player.pause(0), player.resume(0), player.stop(0)]).toEqual(["nothing", "nothing", "already"]);
    player.play(["default"], 0);
    expect(player.resume(0)).toBe("already");
    player.pause(0);
    expect(player.pause(0)).toBe("already");
    expect(driver.orders.length).toBe(2);
  });

  it("stays as it is when a piece can't be played", () => {
    const player = new Player(musicLog());
    player.play(["default"], 0);
    expect(player.play(["nothing"], 0)).toBe("unknown");
    expect([player.state, player.piece]).toEqual(["playing", "default"]);
  });

  it("tells the position in ms, 0 when stopped", () => {
    const driver = musicLog();
    const player = new Player(driver);
    driver.frame = 48_000;
    expect(player.positionMs).toBe(0);
    player.play(["default"], 0);
    expect(player.positionMs).toBe(1000);
  });

  it("plays a piece again at its end, until it is stopped", () => {
    const driver = musicLog();
    const player = new Player(driver);
    player.play(["default"], 0);
    player.ended(10_000);
    expect(driver.orders).toEqual(["play default 0 at 4800", "play default 0 at 14800"]);
    player.stop(20_000);
    player.ended(24_800);
    expect([player.state, driver.orders.length]).toEqual(["stopped", 3]);
  });

  it("takes the end of the piece before for no end of the present one", () => {
    const driver = musicLog(["default", "other"]);
    const player = new Player(driver);
    player.play(["default"], 0);
    player.play(["other"], 10_000);
    player.ended(14_800);
    expect(driver.orders.length).toBe(2);
    expect(player.piece).toBe("other");
  });

  it("plays a list around its ends, forward and back, and passes over what can't be played", () => {
    const driver = musicLog(["a", "b", "c"]);
    const player = new Player(driver);
    expect(player.play(["gone", "a", "b", "c"], 0)).toBe("done");
    for (const by of [1, 1, -1, -1] as const) player.skip(by, 0);
    player.ended(10_000);
    const pieces = driver.orders.map((order) => order.split(" ")[1]);
    expect(pieces).toEqual(["a", "b", "c", "b", "a", "b"]);
    driver.frame = 48_000 * 4;
    player.skip(-1, 0);
    expect(driver.orders[driver.orders.length - 1]).toBe("play b 0 at 4800");
    expect(new Player(musicLog()).skip(1, 0)).toBe("nothing");
  });

  it("goes to a place in the piece", () => {
    const driver = musicLog();
    const player = new Player(driver);
    expect(player.seek(1000, 0)).toBe("nothing");
    player.play(["default"], 0);
    player.seek(12_500, 100);
    expect(driver.orders[1]).toBe("play default 600000 at 4900");
  });

  it("takes over what plays already", () => {
    const player = new Player(musicLog());
    player.adopt("paused", "default");
    expect([player.state, player.piece]).toEqual(["paused", "default"]);
    player.adopt("stopped", "default");
    expect([player.state, player.piece]).toEqual(["stopped", ""]);
  });
});
