// Timers over a store and clocks that tests move.

import { Calendar } from "../../../src/calendar/calendar";
import { parseIso } from "../../../src/calendar/civil";
import { parseZone, UTC } from "../../../src/calendar/zone";
import type { Entry } from "../../../src/timers/entry";
import { Timers } from "../../../src/timers/timers";
import { type MemoryStore, memoryStore } from "../settings/memory-store";

export interface TimerBench {
  readonly timers: Timers;
  readonly calendar: Calendar;
  readonly store: MemoryStore;
  /** "ring ID at MS", "late ID at MS", "missed ID". */
  readonly events: string[];
  /** Capture time in samples. */
  t: number;
  /** UTC at capture time 0; NaN: not known. */
  date: number;
  /** Time goes on, with ticks. */
  pass(ms: number): void;
}

export const at = (iso: string): number => parseIso(iso) as number;

export function timerBench(
  options: { store?: MemoryStore; date?: number; zone?: string; t?: number } = {},
): TimerBench {
  const store = options.store ?? memoryStore();
  const events: string[] = [];
  const calendar = new Calendar(
    {
      date: () => bench.date + bench.t / 16,
      setDate: (utc) => {
        bench.date = utc - bench.t / 16;
      },
    },
    () => bench.t,
  );
  const name = (entry: Entry, word: string, t: number) => `${word} ${entry.id} at ${t / 16}`;
  const timers = new Timers(store, calendar, {
    ring: (entry, t, late) => events.push(name(entry, late ? "late" : "ring", t)),
    missed: (entry) => events.push(`missed ${entry.id}`),
  });
  const bench: TimerBench = {
    timers,
    calendar,
    store,
    events,
    t: options.t ?? 0,
    date: options.date ?? at("2026-01-01T08:00"),
    pass: (ms) => {
      // Long waits in long steps: the real engine ends a test that turns too often.
      const step = ms > 600_000 ? 10_000 : 100;
      for (let left = ms; left > 0; left -= step) {
        bench.t += Math.min(step, left) * 16;
        timers.tick(bench.t);
      }
    },
  };
  calendar.zone = parseZone(options.zone ?? "UTC0") ?? UTC;
  timers.restore(bench.t);
  return bench;
}

/** After a reset: the capture clock begins anew, `off` ms later by the calendar. */
export function afterReset(before: TimerBench, off: number, date = before.date + before.t / 16 + off): TimerBench {
  return timerBench({
    store: memoryStore(Object.fromEntries(before.store.texts)),
    date,
    zone: before.calendar.zone.rule,
  });
}
