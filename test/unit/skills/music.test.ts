import { describe, expect, it } from "testing";
import { Library } from "../../../src/player/library";
import { Player } from "../../../src/player/player";
import { SettingsStore } from "../../../src/settings/store";
import { Music } from "../../../src/skills/music";
import { musicLog } from "../player/music-log";
import { memoryStore } from "../settings/memory-store";

function setUp(pieces?: string[]) {
  const driver = musicLog(pieces);
  const settings = new SettingsStore(memoryStore());
  return { driver, settings, music: new Music(new Player(driver), new Library(driver), settings) };
}

describe("Music", () => {
  it("plays all there is, and goes on where music was paused", () => {
    const { driver, music } = setUp();
    for (const outcome of [music.start(0), music.pause(0), music.start(0), music.stop(0)]) {
      expect(outcome.done).toBe(true);
    }
    expect(driver.orders).toEqual([
      "play default 0 at 4800",
      "pause true at 4800",
      "pause false at 4800",
      "stop at 4800",
    ]);
  });

  it("says why something can't be done", () => {
    const { music } = setUp();
    const codes = [music.pause(0), music.stop(0), music.resume(0), music.playAll(["waltz"], 0), music.skip(1, 0)];
    expect(codes.map(({ code }) => code)).toEqual(["nothing", "nothing", "nothing", "no-music", "nothing"]);
    music.start(0);
    expect(music.start(0).code).toBe("already");
    expect(setUp([]).music.start(0).answer).toBe("there is no music on this device");
  });

  it("sets and keeps the volume", () => {
    const { driver, settings, music } = setUp();
    music.setVolume(100, 16);
    expect(driver.orders).toEqual(["volume 32768 at 4816"]);
    expect(settings.values.volume).toBe(100);
  });
});
