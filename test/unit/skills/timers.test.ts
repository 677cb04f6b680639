import { describe, expect, it } from "testing";
import { bench } from "../drivers";
import { said } from "./said";

describe("timers and alarms by voice", () => {
  it("say the span back, have names, and are told and canceled by them", () => {
    const speaker = bench();
    expect(said(speaker, "timerSet duration=an hour and a half")).toContain(
      "timer set for one hour and thirty minutes",
    );
    expect(said(speaker, "timerSet duration=ten minutes;name=pasta")).toContain("pasta timer set for ten minutes");
    expect(said(speaker, "timerQuery name=pasta")).toContain("pasta timer has ten minutes left");
    expect(said(speaker, "timerCancel")).toContain("there are several timers please say which one");
    expect(said(speaker, "timerCancel name=pasta")).toContain("timer canceled");
    expect(said(speaker, "timerQuery")).toContain("your timer has one hour and thirty minutes left");
    expect(said(speaker, "timerCancel all=all")).toContain("timer canceled");
    expect(said(speaker, "timerCancel")).toContain("there is no timer");
  });

  it("of no length, of a year or of nonsense are refused in plain words", () => {
    const speaker = bench();
    for (const words of ["timerSet", "timerSet duration=zero minutes", "timerSet duration=a while"]) {
      expect(said(speaker, words)).toBe("no action: no-length | a timer needs a length");
    }
    expect(said(speaker, "timerSet duration=a year")).toBe("no action: too-long | that is too long for a timer");
    expect(speaker.device.timers.entries).toEqual([]);
  });

  it("ring until stop, say what for, and are stopped before the music is", () => {
    const speaker = bench();
    said(speaker, "timerSet duration=two seconds;name=tea");
    speaker.pass(3000);
    expect(speaker.spoken.some((line) => line.startsWith("say =timer"))).toBe(true);
    expect(speaker.spoken.some((line) => line.startsWith("say tea timer is done"))).toBe(true);
    expect(speaker.traced.some((line) => line.includes('"type":"ring"'))).toBe(true);
    expect(said(speaker, "stop")).toBe("action: timers stop, done");
    expect(speaker.device.music.player.state).toBe("playing");
    const { length } = speaker.spoken;
    speaker.pass(10_000);
    expect(speaker.spoken.length).toBe(length);
  });

  it("can be canceled while they ring", () => {
    const speaker = bench();
    said(speaker, "timerSet duration=one second");
    speaker.pass(2000);
    expect(said(speaker, "timerCancel")).toContain("timer canceled");
    expect(speaker.device.timers.ringing).toEqual([]);
  });

  it("ring on after a reset, and have what is left", () => {
    const speaker = bench();
    said(speaker, "timerSet duration=one minute");
    said(speaker, "alarmSet time=nine am");
    const next = bench({ store: speaker.store, date: speaker.date + 120_000 });
    expect(next.spoken.some((line) => line.startsWith("say =timer"))).toBe(true);
    expect(next.type("timers")).toContain("2 alarm: 2026-01-01T09:00:00");
    said(next, "stop");
    next.pass(57.9 * 60_000);
    expect(next.device.timers.ringing).toEqual([]);
    next.pass(12_000);
    expect(next.device.timers.ringing.length).toBe(1);
  });

  it("take the next of two hours, the day that was said, and no time that is over", () => {
    const speaker = bench();
    const due = () => speaker.type("timers").split("\n").slice(-2)[0]?.split(": ")[1];
    for (const [words, expected] of [
      ["time=nine", "2026-01-01T09:00:00"],
      ["time=seven", "2026-01-01T19:00:00"],
      ["time=seven am", "2026-01-02T07:00:00"],
      ["time=seven;day=tomorrow", "2026-01-02T07:00:00"],
      ["time=half past six;day=tomorrow night", "2026-01-02T18:30:00"],
      ["time=six;day=on monday", "2026-01-05T06:00:00"],
      ["time=six;day=on weekdays", "2026-01-02T06:00:00, weekdays"],
      ["time=noon;day=every sunday", "2026-01-04T12:00:00, weekly"],
      ["time=midnight", "2026-01-02T00:00:00"],
    ] as const) {
      said(speaker, `alarmSet ${words}`);
      expect(`${words} ${due()}`).toBe(`${words} ${expected}`);
    }
    expect(said(speaker, "alarmSet time=six am;day=today")).toBe("no action: over | that time is over");
    expect(said(speaker, "alarmSet time=twenty five")).toContain("i did not understand the time");
    expect(said(speaker, "alarmCancel time=nine")).toContain("alarm canceled");
    expect(said(speaker, "alarmCancel")).toContain("there are several alarms please say which one");
  });

  it("at a time that does not exist, or without a calendar, are refused", () => {
    const speaker = bench({ date: 1_774_692_000_000 }); // 2026-03-28T10:00
    speaker.type("time zone CET-1CEST,M3.5.0,M10.5.0/3");
    expect(said(speaker, "alarmSet time=two thirty am;day=tomorrow")).toContain("that time does not exist on that day");
    const lost = bench({ date: Number.NaN });
    expect(said(lost, "alarmSet time=seven am")).toBe("no action: no-calendar | i don't know the time yet");
    expect(said(lost, "time")).toContain("i don't know the time yet");
    expect(lost.type("time")).toContain("time: not known");
    expect(lost.type("time set 2026-02-03T04:05")).toContain("time: 2026-02-03T04:05:00");
    expect(said(lost, "time")).toContain("it is four oh five a m");
  });
});
