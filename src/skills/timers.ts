// Timers and alarms by voice, and `stop`: it ends what rings, then what plays.

import type { Calendar } from "../calendar/calendar";
import { DAY_MS, MINUTE_MS } from "../calendar/civil";
import { foldName } from "../catalog/entry";
import { ringsOn } from "../timers/alarm-time";
import type { Alarm, Entry, Repeat, Timer } from "../timers/entry";
import { MAX_SPAN_MS, type Timers } from "../timers/timers";
import { type ClockTime, clockTime, type DayMeaning, dayOf, durationSeconds } from "../understanding/values";
import { dateFrom } from "./days";
import { type AnyIntent, act, failed, type Outcome, ok, type Plan, refuse, type Skill } from "./skill";
import { dayWords, spanWords, timeWords, WEEKDAYS } from "./words";

/** Ends what rings, else the music. */
export interface Stopping {
  stop(t: number): Outcome;
}

type Slots = AnyIntent["slots"];

export class TimerSkill implements Skill {
  readonly name = "timers";
  readonly intents = ["timerSet", "timerCancel", "timerQuery", "alarmSet", "alarmCancel", "stop"] as const;
  readonly #timers: Timers;
  readonly #calendar: Calendar;
  readonly #stopping: Stopping;

  constructor(timers: Timers, calendar: Calendar, stopping: Stopping) {
    this.#timers = timers;
    this.#calendar = calendar;
    this.#stopping = stopping;
  }

  plan({ name, slots }: AnyIntent, t: number): Plan {
    switch (name) {
      case "timerSet":
        return this.#setTimer(slots);
      case "timerCancel":
        return act("cancelTimer", { ...slots }, (at) => this.#cancel("timer", slots, at));
      case "timerQuery":
        return act("tellTimers", { ...slots }, (at) => this.#tell(slots, at));
      case "alarmSet":
        return this.#setAlarm(slots, t);
      case "alarmCancel":
        return act("cancelAlarm", { ...slots }, (at) => this.#cancel("alarm", slots, at));
      default:
        return act("stop", {}, (at) => this.#stopping.stop(at));
    }
  }

  #setTimer(slots: Slots): Plan {
    const seconds = slots.duration === undefined ? undefined : durationSeconds(slots.duration);
    if (seconds === undefined || seconds <= 0) return refuse("no-length", "a timer needs a length");
    if (seconds * 1000 > MAX_SPAN_MS) return refuse("too-long", "that is too long for a timer");
    const name = foldName(slots.name ?? "").text;
    const span = spanWords(seconds * 1000);
    return act("setTimer", name === "" ? { seconds } : { seconds, name }, (t) => {
      const timer = this.#timers.addTimer(seconds * 1000, name, t);
      if (timer === undefined) return failed("full", "there are too many timers and alarms");
      return ok(`${name === "" ? "" : `${name} `}timer set for ${span}`);
    });
  }

  #setAlarm(slots: Slots, t: number): Plan {
    const time = slots.time === undefined ? undefined : clockTime(slots.time);
    if (time === undefined) return refuse("no-time", "i did not understand the time");
    const local = this.#calendar.local(t);
    if (local === undefined) return refuse("no-calendar", "i don't know the time yet");
    const day = slots.day === undefined ? undefined : dayOf(slots.day);
    if (slots.day !== undefined && day === undefined) return refuse("no-day", "i did not understand the time");
    const rule = ruleOf(time, day, local);
    if (rule === undefined) return refuse("over", "that time is over");
    if (rule.repeat === "once") {
      const { kind, utc } = this.#calendar.instantOf(rule.day * DAY_MS + rule.minute * MINUTE_MS);
      if (kind === "gap") return refuse("no-such-time", "that time does not exist on that day");
      if (utc <= (this.#calendar.utc(t) as number)) return refuse("over", "that time is over");
    }
    const when = `${timeWords(rule.minute)}${repeatWords(rule, Math.floor(local / DAY_MS))}`;
    const name = foldName(slots.name ?? "").text;
    const told = { minute: rule.minute, repeat: rule.repeat, ...(rule.repeat === "once" ? { day: rule.day } : {}) };
    return act("setAlarm", told, (at) => {
      const alarm = this.#timers.addAlarm({ ...rule, name }, at);
      return alarm === undefined ? failed("full", "there are too many timers and alarms") : ok(`alarm set for ${when}`);
    });
  }

  #cancel(kind: Entry["kind"], slots: Slots, t: number): Outcome {
    const all = this.#timers.entries.filter((entry) => entry.kind === kind);
    const found = all.filter((entry) => this.#matches(entry, slots));
    if (found.length === 0) return failed("nothing", kind === "timer" ? "there is no timer" : "there is no alarm");
    const chosen = slots.all !== undefined ? found : oneOf(found);
    if (chosen === undefined) {
      const what = kind === "timer" ? "timers" : "alarms";
      return failed("several", `there are several ${what} please say which one`);
    }
    // What rings is ended as `stop` ends it, sound and all.
    if (chosen.some((entry) => entry.ringing !== undefined)) this.#stopping.stop(t);
    this.#timers.remove(chosen, t);
    if (chosen.length > 1) return ok(kind === "timer" ? "all timers canceled" : "all alarms canceled");
    return ok(kind === "timer" ? "timer canceled" : "alarm canceled");
  }

  /** Whether an entry is the one that the slots mean; without slots each is. */
  #matches(entry: Entry, { name, duration: span, time, day }: Slots): boolean {
    if (name !== undefined && entry.name !== foldName(name).text) return false;
    if (entry.kind === "timer") return span === undefined || entry.spanMs === (durationSeconds(span) ?? 0) * 1000;
    const clock = time === undefined ? undefined : clockTime(time);
    if (time !== undefined && (clock === undefined || !minutesOf(clock).includes(entry.minute))) return false;
    return day === undefined || this.#onDay(entry, day);
  }

  #onDay(alarm: Alarm, words: string): boolean {
    const day = dayOf(words);
    const local = this.#calendar.local();
    if (day === undefined || local === undefined) return false;
    const repeat = repeatOf(day);
    if (repeat !== "once") return alarm.repeat === repeat && (repeat !== "weekly" || alarm.day === day.weekday);
    const wanted = dateFrom(day, Math.floor(local / DAY_MS));
    return wanted === undefined || ringsOn(alarm, wanted);
  }

  #tell(slots: Slots, t: number): Outcome {
    const timers = this.#timers.entries.filter((entry): entry is Timer => entry.kind === "timer");
    const found = timers.filter((timer) => this.#matches(timer, slots)).sort((a, b) => a.dueT - b.dueT);
    const [next] = found;
    if (next === undefined) return failed("nothing", "there is no timer");
    if (next.ringing !== undefined) return ok("your timer is done");
    const left = spanWords(this.#timers.leftMs(next, t));
    if (found.length > 1) {
      const words = found.map((timer) => `${timer.name} timer has ${spanWords(this.#timers.leftMs(timer, t))} left`);
      return ok(words.map((text) => text.trim()).join(" "));
    }
    return ok(next.name === "" ? `your timer has ${left} left` : `${next.name} timer has ${left} left`);
  }
}

/** What rings, when it is one of several; the only one; else undefined. */
function oneOf(entries: readonly Entry[]): readonly Entry[] | undefined {
  const ringing = entries.filter((entry) => entry.ringing !== undefined);
  if (ringing.length > 0) return ringing;
  return entries.length === 1 ? entries : undefined;
}

/** Minutes after midnight that a time may mean: one, or two twelve hours apart, the morning's first. */
function minutesOf({ hour, minute, exact }: ClockTime): readonly number[] {
  const first = hour * 60 + minute;
  return exact ? [first] : [first, first + 720];
}

/** Of two hours that the words may mean the next one to come; undefined when the time is over. */
function ruleOf(
  time: ClockTime,
  day: DayMeaning | undefined,
  local: number,
): Pick<Alarm, "minute" | "repeat" | "day"> | undefined {
  const today = Math.floor(local / DAY_MS);
  const now = (local - today * DAY_MS) / MINUTE_MS;
  const minutes = minutesOf(time);
  if (day === undefined) {
    const soon = minutes.filter((minute) => minute > now);
    if (soon.length > 0) return { minute: Math.min(...soon), repeat: "once", day: today };
    return { minute: Math.min(...minutes), repeat: "once", day: today + 1 };
  }
  // For another day the morning is meant when nothing else is said.
  const half = day.half === undefined ? undefined : minutes.find((minute) => minute >= 720 === (day.half === "pm"));
  const minute = half ?? (minutes[0] as number);
  const repeat = repeatOf(day);
  if (repeat !== "once") return { minute, repeat, day: day.weekday ?? 0 };
  const wanted = dateFrom(day, today);
  if (wanted === undefined || wanted < today) return undefined;
  if (wanted > today) return { minute, repeat: "once", day: wanted };
  const left = (half === undefined ? minutes : [half]).filter((candidate) => candidate > now);
  return left.length === 0 ? undefined : { minute: Math.min(...left), repeat: "once", day: wanted };
}

function repeatOf({ every }: DayMeaning): Repeat {
  switch (every) {
    case "day":
      return "daily";
    case "weekday":
      return "weekdays";
    case "weekend":
      return "weekends";
    case "week":
      return "weekly";
    default:
      return "once";
  }
}

function repeatWords({ repeat, day }: Pick<Alarm, "repeat" | "day">, today: number): string {
  switch (repeat) {
    case "daily":
      return " every day";
    case "weekdays":
      return " on weekdays";
    case "weekends":
      return " on weekends";
    case "weekly":
      return ` every ${WEEKDAYS[day]}`;
    case "once":
      if (day === today) return " today";
      return day === today + 1 ? " tomorrow" : ` on ${dayWords(day)}`;
  }
}

/** What the speaker says when an entry begins to ring. */
export function ringWords(entry: Entry, late: boolean): string {
  if (late) return entry.kind === "timer" ? "your timer ended while i was off" : "your alarm";
  if (entry.kind === "alarm") return "your alarm";
  return entry.name === "" ? "your timer is done" : `${entry.name} timer is done`;
}
