import { describe, expect, it } from "testing";
import { parseEntry } from "../../../src/timers/entry";
import { MAX_ENTRIES } from "../../../src/timers/timers";
import { afterReset, at, timerBench } from "./bench";

const MINUTE = 60_000;
const DAILY = { minute: 7 * 60, repeat: "daily", day: 0, name: "" } as const;

describe("timers", () => {
  it("ring when their span is over, until they are stopped", () => {
    const bench = timerBench();
    bench.timers.addTimer(2000, "tea", 0);
    bench.timers.addTimer(3000, "", 0);
    bench.pass(10_000);
    expect(bench.events).toEqual(["ring 1 at 2000", "ring 2 at 3000"]);
    expect(bench.timers.ringing.length).toBe(2);
    expect(bench.timers.stopRinging(bench.t).length).toBe(2);
    expect(bench.timers.entries).toEqual([]);
    bench.pass(10_000);
    expect(bench.events.length).toBe(2);
  });

  it("have what is left after a reset, and what fell due meanwhile rings late", () => {
    const bench = timerBench();
    bench.timers.addTimer(10 * MINUTE, "", 0);
    bench.timers.addTimer(2 * MINUTE, "", 0);
    bench.pass(MINUTE);
    const next = afterReset(bench, 4 * MINUTE);
    expect(next.events).toEqual(["late 2 at 0"]);
    next.pass(5 * MINUTE);
    expect(next.events).toEqual(["late 2 at 0", `ring 1 at ${5 * MINUTE}`]);
  });

  it("that fell due hours ago are told, and do not ring at night", () => {
    const bench = timerBench();
    bench.timers.addTimer(MINUTE, "", 0);
    const next = afterReset(bench, 300 * MINUTE);
    expect(next.events).toEqual(["missed 1"]);
    expect(next.timers.entries).toEqual([]);
  });

  it("that ring at the reset ring on", () => {
    const bench = timerBench();
    bench.timers.addTimer(1000, "", 0);
    bench.pass(2000);
    const next = afterReset(bench, 3 * 3_600_000);
    expect(next.events).toEqual(["late 1 at 0"]);
    expect(afterReset(next, 0).events).toEqual(["late 1 at 0"]);
  });

  it("run on when the calendar jumps", () => {
    const bench = timerBench({ date: at("1970-01-01") });
    bench.timers.addTimer(5 * MINUTE, "", 0);
    bench.pass(MINUTE);
    bench.calendar.set(at("2026-05-05T12:00"));
    bench.timers.calendarChanged(bench.t);
    bench.pass(3 * MINUTE);
    expect(bench.events).toEqual([]);
    bench.pass(MINUTE);
    expect(bench.events).toEqual([`ring 1 at ${5 * MINUTE}`]);
  });

  it("without a calendar go on with what was left, and are put right when the time is known", () => {
    const bench = timerBench();
    bench.timers.addTimer(10 * MINUTE, "", 0);
    bench.timers.addAlarm({ ...DAILY, minute: 8 * 60 + 30 }, 0);
    const next = afterReset(bench, 0, Number.NaN);
    next.pass(4 * MINUTE);
    expect(next.events).toEqual([]);
    next.calendar.set(at("2026-01-01T08:12"));
    next.timers.calendarChanged(next.t);
    next.pass(100);
    expect(next.events).toEqual([`ring 1 at ${4 * MINUTE + 100}`]);
    next.pass(18 * MINUTE);
    expect(next.events.length).toBe(2);
  });

  it("in the same run after a fault of the program keep their end, with and without a calendar", () => {
    for (const date of [at("2026-01-01"), Number.NaN]) {
      const bench = timerBench({ date });
      bench.timers.addTimer(3 * MINUTE, "", 0);
      bench.pass(MINUTE);
      bench.timers.addTimer(9 * MINUTE, "", bench.t);
      bench.pass(MINUTE);
      const next = timerBench({ store: bench.store, t: bench.t, date });
      next.pass(MINUTE);
      expect(next.events).toEqual([`ring 1 at ${3 * MINUTE}`]);
    }
  });

  it("are bounded, and are not set when they can't be stored", () => {
    const { store, timers } = timerBench();
    for (let i = 0; i < MAX_ENTRIES; i++) timers.addTimer(1000, "", 0);
    expect(timers.addTimer(1000, "", 0)).toBe(undefined);
    timers.erase(0);
    store.write = () => {
      throw new Error("full");
    };
    expect(() => timers.addTimer(1000, "", 0)).toThrow("full");
    expect(timers.entries).toEqual([]);
  });

  it("ring although the store fails", () => {
    const bench = timerBench();
    bench.timers.addTimer(1000, "", 0);
    bench.store.write = () => {
      throw new Error("broken");
    };
    bench.pass(2000);
    expect(bench.events).toEqual(["ring 1 at 1000"]);
    bench.timers.stopRinging(bench.t);
    expect(bench.timers.entries).toEqual([]);
  });
});

describe("alarms", () => {
  it("ring at their local time on both change-over days", () => {
    for (const [start, rings] of [
      ["2026-03-28T12:00", ["2026-03-29T05:00", "2026-03-30T05:00"]],
      ["2026-10-24T12:00", ["2026-10-25T06:00", "2026-10-26T06:00"]],
    ] as const) {
      const bench = timerBench({ date: at(start), zone: "CET-1CEST,M3.5.0,M10.5.0/3" });
      bench.timers.addAlarm(DAILY, 0);
      for (const ring of rings) {
        const { due } = bench.timers.entries[0] as { due?: number };
        expect(due).toBe(at(ring));
        bench.pass(at(ring) - (bench.date + bench.t / 16));
        bench.timers.stopRinging(bench.t);
      }
      expect(bench.events.length).toBe(2);
    }
  });

  it("at a time that the clock skips ring when it has skipped it, and ring once for a time that comes twice", () => {
    const zone = "CET-1CEST,M3.5.0,M10.5.0/3";
    const spring = timerBench({ date: at("2026-03-28T12:00"), zone });
    spring.timers.addAlarm({ ...DAILY, minute: 150 }, 0);
    expect((spring.timers.entries[0] as { due?: number }).due).toBe(at("2026-03-29T01:30"));
    const autumn = timerBench({ date: at("2026-10-24T22:00"), zone });
    autumn.timers.addAlarm({ ...DAILY, minute: 150 }, 0);
    autumn.pass(3 * 3_600_000);
    autumn.timers.stopRinging(autumn.t);
    autumn.pass(2 * 3_600_000);
    expect(autumn.events).toEqual(["ring 1 at 9000000"]);
  });

  it("follow the wall clock, ring for what fell due an hour ago at most, and are never lost", () => {
    const bench = timerBench();
    bench.timers.addAlarm({ ...DAILY, minute: 9 * 60 }, 0);
    bench.timers.addAlarm({ minute: 9 * 60, repeat: "once", day: at("2026-01-01") / 86_400_000, name: "" }, 0);
    expect(afterReset(bench, 90 * MINUTE).timers.entries.length).toBe(2);
    const soon = afterReset(bench, 90 * MINUTE);
    soon.pass(100);
    expect(soon.events).toEqual(["late 1 at 100", "late 2 at 100"]);
    const later = afterReset(bench, 9 * 60 * MINUTE);
    later.pass(100);
    expect(later.events).toEqual(["missed 1", "missed 2"]);
    expect(later.timers.entries.length).toBe(1);
  });

  it("wait for a calendar that is not known", () => {
    const bench = timerBench();
    bench.timers.addAlarm(DAILY, 0);
    const next = afterReset(bench, 0, Number.NaN);
    next.pass(MINUTE);
    expect(next.timers.entries.length).toBe(1);
    next.calendar.set(at("2026-01-02T06:59"));
    next.timers.calendarChanged(next.t);
    next.pass(2 * MINUTE);
    expect(next.events.length).toBe(1);
  });
});

describe("a stored line", () => {
  it("that is damaged is left out, and said", () => {
    const bench = timerBench();
    bench.timers.addTimer(MINUTE, "tea", 0);
    bench.store.texts.set("timers", `${bench.store.texts.get("timers")}\ntimer\tx\ngarbage`);
    const next = timerBench({ store: bench.store });
    expect(next.timers.entries.length).toBe(1);
    expect(next.timers.problem).toBe("2 stored timers could not be read");
    for (const line of [
      "",
      "timer",
      "alarm\t1\t\t\t1440\tdaily\t0\t0",
      "alarm\t1\t\t\t0\tweekly\t7\t0",
      "timer\t0\t\t\t1\t1\t\t0",
    ]) {
      expect(parseEntry(line)).toBe(undefined);
    }
  });
});
