import { describe, expect, it } from "testing";
import { STALL_SAMPLES } from "../../src/request/request";
import { bench, DUCK, FINAL, LISTEN, MUSIC_END, OVERLOAD, PARTIAL, RESET, SPECULATIVE, TIMEOUT } from "./drivers";

const typeOf = (line: string) => (JSON.parse(line) as { type: string }).type;

describe("the device", () => {
  it("starts with the stored volume and mute, and plays its piece", () => {
    const { music, mutes } = bench({ stored: { version: "2", volume: "100", mute: "on" } });
    expect(music.orders).toEqual(["duck false at 4800", "volume 32768 at 4800", "play default 0 at 4800"]);
    expect(mutes).toEqual([true]);
  });

  it("starts without music", () => {
    const speaker = bench({ pieces: [] });
    expect(speaker.type("status")).toContain("music: stopped\n");
  });

  it("traces an utterance and does what it asks", () => {
    const { music, raise, traced } = bench();
    music.orders.length = 0;
    raise(LISTEN, 1);
    raise(PARTIAL, 1, "stop");
    raise(SPECULATIVE, 1, "stop");
    raise(RESET, 1);
    raise(PARTIAL, 1, "stop it");
    raise(SPECULATIVE, 1, "stop it", { revision: 1 });
    raise(DUCK, 1, undefined, { value: 1 });
    raise(FINAL, 1, "stop it", { revision: 1 });
    expect(music.orders).toEqual(["stop at 4800"]);
    expect(traced.map(typeOf)).toEqual([
      "listen",
      "partial",
      "speculative",
      "reset",
      "partial",
      "speculative",
      "duck",
      "final",
      "intent",
      "action",
    ]);
  });

  it("goes on when an utterance times out, and when it stalls", () => {
    const speaker = bench();
    speaker.raise(LISTEN, 1);
    speaker.raise(PARTIAL, 1, "stop");
    speaker.raise(TIMEOUT, 1);
    speaker.raise(LISTEN, 2);
    speaker.raise(PARTIAL, 2, "stop");
    speaker.t = STALL_SAMPLES + 1;
    for (let i = 0; i < 10; i++) speaker.tick();
    expect(speaker.type("log 3")).toContain("utterance 2 dropped: stalled");
  });

  it("keeps words out of its log unless debugging", () => {
    const { logged, raise, type } = bench();
    raise(LISTEN, 1);
    raise(FINAL, 1, "secret");
    expect(logged.join("\n").includes("secret")).toBe(false);
    type("log debug on");
    raise(LISTEN, 2);
    raise(FINAL, 2, "secret");
    expect(logged.join("\n")).toContain("secret");
  });

  it("replaces a program that failed: the level comes back, music goes on, a request that was open is dropped", () => {
    const speaker = bench({ t: 16_000, stats: { music: "playing", listening: true } });
    expect(speaker.music.orders).toEqual(["duck false at 20800", "volume 8192 at 20800"]);
    expect(speaker.type("status")).toContain("listening: on\nmusic: playing default at 0.0 s");
    speaker.raise(FINAL, 4, "stop");
    expect(speaker.type("log 1")).toContain("final refused while idle");
    speaker.raise(LISTEN, 5);
    speaker.raise(FINAL, 5, "stop");
    expect(speaker.type("log 1")).toContain("utterance 5: timers stop");
  });

  it("plays the piece again at its end, and notes overload", () => {
    const speaker = bench();
    speaker.t = 48_000;
    speaker.raise(MUSIC_END, 0);
    expect(speaker.music.orders[3]).toBe("play default 0 at 52800");
    speaker.raise(OVERLOAD, 0);
    expect(speaker.type("log 1")).toBe("3000 engine: overload: load full, 0 ms late\nok");
  });
});
