import { describe, expect, it } from "testing";
import { bench } from "../drivers";
import { said } from "./said";

describe("music by voice", () => {
  const PIECES = ["blue-train", "moon.river", "So_What"];

  it("plays by name, steps, and goes on", () => {
    const speaker = bench({ pieces: PIECES });
    expect(said(speaker, "play song=moon river")).toBe("action: music play, done | playing");
    expect(speaker.device.music.player.piece).toBe("moon.river");
    expect(said(speaker, "play song=so what;artist=miles davis")).toContain("playing");
    expect(said(speaker, "next")).toBe("action: music next, done");
    expect(said(speaker, "pause")).toBe("action: music pause, done");
    expect(said(speaker, "resume")).toBe("action: music resume, done");
    expect(said(speaker, "play artist=nobody")).toBe("action: music play, no-music | i can't find that music");
    expect(said(speaker, "stop")).toBe("action: timers stop, done");
    expect(said(speaker, "next")).toContain("nothing is playing");
  });

  it("plays the owner's playlists, and says when one has gone", () => {
    const speaker = bench({ pieces: PIECES });
    speaker.type("playlists add Late Night, blue-train moon.river gone");
    speaker.type("playlists add Nothing, gone");
    expect(said(speaker, "play playlist=late night")).toBe("action: music play, done | playing");
    expect(speaker.device.music.player.piece).toBe("blue-train");
    expect(said(speaker, "play playlist=nothing")).toContain("that playlist is empty");
    speaker.type("playlists remove late night");
    expect(said(speaker, "play playlist=late night")).toContain("i can't find that playlist");
  });

  it("sets the volume in percent and of ten, and changes it", () => {
    const speaker = bench();
    const volume = () => speaker.device.settings.values.volume;
    for (const [words, expected] of [
      ["volumeSet level=thirty percent", 30],
      ["volumeSet level=seven", 70],
      ["volumeSet level=maximum", 100],
      ["volumeChange direction=down", 90],
      ["volumeChange direction=up;amount=five percent", 95],
      ["volumeChange direction=louder", 100],
      ["volumeChange direction=mute", 0],
      ["volumeSet level=zero", 0],
    ] as const) {
      said(speaker, words);
      expect(`${words} ${volume()}`).toBe(`${words} ${expected}`);
    }
    expect(said(speaker, "volumeSet level=two hundred")).toContain("no action: no-number");
  });
});
