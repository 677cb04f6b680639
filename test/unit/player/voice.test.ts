import { describe, expect, it } from "testing";
import { Ringer } from "../../../src/player/ringer";
import { Voice } from "../../../src/player/voice";

/** A voice whose every text takes 0.5 s. */
function setUp() {
  const log: string[] = [];
  const voice = new Voice(
    {
      say: (text, at) => {
        log.push(`${text} at ${at}`);
        return 8000;
      },
      stop: (at) => log.push(`hush at ${at}`),
    },
    { duck: () => {} },
  );
  return { log, voice };
}

describe("Voice", () => {
  it("says a text 300 ms after its cause, and the next one after it", () => {
    const { log, voice } = setUp();
    voice.say("one", 0);
    voice.say("two", 0);
    voice.say("", 0);
    expect(log).toEqual(["one at 4800", "two at 15360"]);
    expect([voice.busy(15_000), voice.busy(23_360)]).toEqual([true, false]);
  });

  it("never talks over a person: what is to be said waits, what is being said ends", () => {
    const { log, voice } = setUp();
    voice.say("one", 0);
    voice.speech(1000);
    voice.say("two", 2000);
    expect(log).toEqual(["one at 4800", "hush at 5800"]);
    voice.silence(20_000);
    expect(log[2]).toBe("two at 24800");
    voice.silence(21_000);
    expect(log.length).toBe(3);
  });

  it("forgets what waited too long, and the oldest of too much", () => {
    const { log, voice } = setUp();
    voice.speech(0);
    for (const text of ["a", "b", "c", "d", "e"]) voice.say(text, 0);
    voice.say("f", 100_000);
    voice.silence(200_000);
    expect(log).toEqual(["f at 204800"]);
  });
});

describe("Ringer", () => {
  it("rings every two seconds, says what for, and stops", () => {
    const { log, voice } = setUp();
    const ringer = new Ringer(voice);
    ringer.start("=timer", "pasta timer is done", 0);
    for (let t = 0; t <= 160_000; t += 1600) ringer.tick(t);
    expect(log.filter((line) => line.startsWith("=timer")).length > 3).toBe(true);
    expect(log[1]).toContain("pasta timer is done at ");
    ringer.stop(161_600);
    const { length } = log;
    for (let t = 161_600; t <= 320_000; t += 1600) ringer.tick(t);
    expect([log.length, ringer.on]).toEqual([length, false]);
  });

  it("is silent while somebody speaks, and rings on afterwards", () => {
    const { log, voice } = setUp();
    const ringer = new Ringer(voice);
    ringer.start("=alarm", "", 0);
    voice.speech(1600);
    const { length } = log;
    for (let t = 1600; t <= 96_000; t += 1600) ringer.tick(t);
    expect(log.length).toBe(length);
    voice.silence(97_600);
    expect(log[length]).toContain("=alarm at ");
  });

  it("rings once a minute after ten minutes, and never ends by itself", () => {
    const { log, voice } = setUp();
    const ringer = new Ringer(voice);
    ringer.start("=alarm", "", 0);
    const minute = 960_000;
    for (let t = 0; t < 20 * minute; t += 16_000) {
      ringer.tick(t);
      if (t < 11 * minute) log.length = 0;
    }
    expect(log.length >= 8 && log.length <= 10).toBe(true);
    expect(ringer.on).toBe(true);
  });
});
