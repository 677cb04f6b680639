import { describe, expect, it } from "testing";
import { Player } from "../../../src/player/player";
import { SettingsStore } from "../../../src/settings/store";
import { MusicSkill } from "../../../src/skills/music";
import { musicLog } from "../player/music-log";
import { memoryStore } from "../settings/memory-store";

function setUp(pieces?: string[]) {
  const driver = musicLog(pieces);
  const settings = new SettingsStore(memoryStore());
  return { driver, settings, music: new MusicSkill(new Player(driver), settings) };
}

describe("MusicSkill", () => {
  it("plays the default piece, and goes on where music was paused", () => {
    const { driver, music } = setUp();
    for (const outcome of [music.play(undefined, 0), music.pause(0), music.play(undefined, 0), music.stop(0)]) {
      expect(outcome).toEqual({ done: true });
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
    expect(music.pause(0)).toEqual({ done: false, code: "nothing", reason: "no music plays" });
    expect(music.stop(0)).toEqual({ done: false, code: "nothing", reason: "no music plays" });
    expect(music.resume(0)).toEqual({ done: false, code: "nothing", reason: "no music is paused" });
    expect(music.play("waltz", 0)).toEqual({ done: false, code: "no-music", reason: "there is no piece waltz" });
    expect(music.play("../x", 0).done).toBe(false);
    music.play(undefined, 0);
    expect(music.play(undefined, 0)).toEqual({ done: false, code: "already", reason: "music plays already" });
    expect(setUp([]).music.play(undefined, 0)).toEqual({
      done: false,
      code: "no-music",
      reason: "there is no music on this device",
    });
  });

  it("sets and keeps the volume", () => {
    const { driver, settings, music } = setUp();
    music.setVolume(100, 16);
    expect(driver.orders).toEqual(["volume 32768 at 4816"]);
    expect(settings.values.volume).toBe(100);
  });
});
