// Timers and alarms: what is set, what is due, what rings. Everything is in the store before it is confirmed, so that
// neither a reset nor a power cut loses one. Ringing ends by `stop` alone.

import { msToSamples, samplesToMs } from "../base/time";
import type { Calendar } from "../calendar/calendar";
import type { Store } from "../settings/store";
import { nextRing } from "./alarm-time";
import { type Alarm, alarmLine, type Entry, parseEntry, type StoredEntry, type Timer, timerLine } from "./entry";

export const MAX_ENTRIES = 24;
/** A timer that would run longer is an alarm. */
export const MAX_SPAN_MS = 24 * 3_600_000;
/** What fell due while the device was off rings when that is not longer ago; else it is only told. */
export const LATE_RING_MS = 3_600_000;

const KEY = "timers";

export interface TimerEvents {
  /** Begins to ring now. `late`: it fell due while the device was off. */
  ring(entry: Entry, t: number, late: boolean): void;
  /** Fell due so long ago, while the device was off, that it does not ring any more. */
  missed(entry: Entry, t: number): void;
}

export class Timers {
  readonly #store: Store;
  readonly #calendar: Calendar;
  readonly #events: TimerEvents;
  readonly #entries: Entry[] = [];
  /** Ends of restored timers by the calendar, by id, while the calendar is not known. */
  readonly #expected = new Map<number, number>();
  #last = 0;
  #problem = "";

  constructor(store: Store, calendar: Calendar, events: TimerEvents) {
    this.#store = store;
    this.#calendar = calendar;
    this.#events = events;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get ringing(): readonly Entry[] {
    return this.#entries.filter((entry) => entry.ringing !== undefined);
  }

  /** What could not be read at the start; empty: nothing. */
  get problem(): string {
    return this.#problem;
  }

  leftMs(timer: Timer, t: number): number {
    return Math.max(0, samplesToMs(timer.dueT - t));
  }

  /** undefined: there are too many. Throws when the store fails: then nothing is set. */
  addTimer(spanMs: number, name: string, t: number): Timer | undefined {
    if (this.#entries.length >= MAX_ENTRIES) return undefined;
    const dueT = t + msToSamples(spanMs);
    const timer: Timer = { kind: "timer", id: this.#last + 1, name, spanMs, dueT, ringing: undefined };
    this.#add(timer, t);
    return timer;
  }

  /** undefined: there are too many. The calendar must be known. */
  addAlarm(rule: Pick<Alarm, "minute" | "repeat" | "day" | "name">, t: number): Alarm | undefined {
    if (this.#entries.length >= MAX_ENTRIES) return undefined;
    const doneUntil = this.#calendar.utc(t) ?? 0;
    const due = nextRing(rule, doneUntil, this.#calendar);
    const alarm: Alarm = { kind: "alarm", id: this.#last + 1, ...rule, due, doneUntil, ringing: undefined };
    this.#add(alarm, t);
    return alarm;
  }

  #add(entry: Entry, t: number): void {
    this.#entries.push(entry);
    try {
      this.#save(t);
    } catch (error) {
      this.#entries.pop();
      throw error;
    }
    this.#last = entry.id;
  }

  /** Takes entries away. Throws when the store fails: then they stay. */
  remove(gone: readonly Entry[], t: number): void {
    this.#change(t, () => {
      for (const entry of gone) {
        const at = this.#entries.indexOf(entry);
        if (at >= 0) this.#entries.splice(at, 1);
        this.#expected.delete(entry.id);
      }
    });
  }

  /** Ends all ringing; returns what rang. Alarms that repeat stay, for their next day. Works with a store that fails,
   *  since what can't be silenced is worse than what may ring again after a reset. */
  stopRinging(t: number): readonly Entry[] {
    const rang = this.ringing;
    for (const entry of rang) {
      entry.ringing = undefined;
      const stays = entry.kind === "alarm" && entry.repeat !== "once";
      if (!stays) this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
    if (rang.length > 0) this.#trySave(t);
    return rang;
  }

  /** To be called several times a second. */
  tick(t: number): void {
    const utc = this.#calendar.utc(t);
    for (const entry of [...this.#entries]) {
      if (entry.ringing !== undefined) continue;
      if (entry.kind === "timer" && t >= entry.dueT) this.#begin(entry, t, false);
      else if (entry.kind === "alarm" && utc !== undefined && entry.due !== undefined && utc >= entry.due) {
        this.#alarmIsDue(entry, utc, t);
      }
    }
  }

  /** The calendar was set, or the zone. Spans run on; alarms follow, and so do timers that a reset left with their end
   *  in the calendar alone. */
  calendarChanged(t: number): void {
    const utc = this.#calendar.utc(t);
    if (utc === undefined) return;
    for (const entry of this.#entries) {
      if (entry.kind === "alarm") {
        // Set back, the clock comes again to times that have rung; what was set stays set.
        entry.doneUntil = Math.min(entry.doneUntil, utc);
        entry.due = nextRing(entry, entry.doneUntil, this.#calendar);
        continue;
      }
      const end = this.#expected.get(entry.id);
      if (end !== undefined) entry.dueT = t + msToSamples(Math.max(0, end - utc));
    }
    this.#expected.clear();
    this.#trySave(t);
  }

  /** Once, after the start. */
  restore(t: number): void {
    const text = this.#store.read(KEY);
    if (text === undefined) return;
    const utc = this.#calendar.utc(t);
    let bad = 0;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const stored = this.#entries.length < MAX_ENTRIES ? parseEntry(line) : undefined;
      if (stored === undefined) bad++;
      else this.#restoreOne(stored, utc, t);
    }
    if (bad > 0) this.#problem = `${bad} stored timers could not be read`;
    for (const entry of this.#entries) this.#last = Math.max(this.#last, entry.id);
    for (const entry of this.ringing) this.#events.ring(entry, t, true);
    for (const entry of [...this.#entries]) {
      if (entry.kind === "timer" && entry.ringing === undefined && entry.dueT <= t) this.#lateTimer(entry, utc, t);
    }
  }

  #lateTimer(timer: Timer, utc: number | undefined, t: number): void {
    const since = utc === undefined || timer.endedAt === undefined ? 0 : utc - timer.endedAt;
    if (since <= LATE_RING_MS) {
      this.#begin(timer, t, true);
      return;
    }
    this.#entries.splice(this.#entries.indexOf(timer), 1);
    this.#trySave(t);
    this.#events.missed(timer, t);
  }

  #restoreOne(stored: StoredEntry, utc: number | undefined, t: number): void {
    if (stored.kind === "alarm") {
      const due = utc === undefined ? undefined : nextRing(stored, stored.doneUntil, this.#calendar);
      this.#entries.push({ ...stored, due });
      return;
    }
    const { id, name, spanMs, ringing } = stored;
    let left = stored.leftMs;
    if (utc !== undefined && stored.due !== undefined) left = Math.max(0, stored.due - utc);
    // Without a calendar: the same run, when its clock is past the writing; else the time that it was off is not known.
    else if (t > 0 && t >= stored.writtenT) left = Math.max(0, left - samplesToMs(t - stored.writtenT));
    if (utc === undefined && stored.due !== undefined) this.#expected.set(id, stored.due);
    const dueT = t + msToSamples(Math.min(left, spanMs));
    const endedAt = stored.due;
    this.#entries.push({ kind: "timer", id, name, spanMs, ringing, dueT, ...(left === 0 ? { endedAt } : {}) });
  }

  #alarmIsDue(alarm: Alarm, utc: number, t: number): void {
    const due = alarm.due as number;
    if (utc - due <= LATE_RING_MS) {
      this.#begin(alarm, t, utc - due > 60_000);
      return;
    }
    alarm.doneUntil = utc;
    alarm.due = nextRing(alarm, utc, this.#calendar);
    if (alarm.repeat === "once") this.#entries.splice(this.#entries.indexOf(alarm), 1);
    this.#trySave(t);
    this.#events.missed(alarm, t);
  }

  #begin(entry: Entry, t: number, late: boolean): void {
    const utc = this.#calendar.utc(t) ?? 0;
    entry.ringing = utc;
    if (entry.kind === "alarm") {
      entry.doneUntil = utc;
      entry.due = nextRing(entry, utc, this.#calendar);
    }
    this.#trySave(t);
    this.#events.ring(entry, t, late);
  }

  erase(t: number): void {
    this.remove([...this.#entries], t);
  }

  /** A change that is undone when it can't be stored. */
  #change(t: number, change: () => void): void {
    const before = [...this.#entries];
    change();
    try {
      this.#save(t);
    } catch (error) {
      this.#entries.splice(0, this.#entries.length, ...before);
      throw error;
    }
  }

  #trySave(t: number): void {
    try {
      this.#save(t);
    } catch {
      // A store that fails must not keep an alarm from ringing; the next change is stored again.
      this.#problem = "timers could not be stored";
    }
  }

  /** One value holds all: after a power cut it is the old list or the new one. */
  #save(t: number): void {
    const utc = this.#calendar.utc(t);
    const lines = this.#entries.map((entry) => {
      if (entry.kind === "alarm") return alarmLine(entry);
      const left = this.leftMs(entry, t);
      return timerLine(entry, left, utc === undefined ? this.#expected.get(entry.id) : utc + left, t);
    });
    this.#store.write(KEY, lines.join("\n"));
  }
}
