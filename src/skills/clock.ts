// Time and date.

import type { Calendar } from "../calendar/calendar";
import { DAY_MS, MINUTE_MS } from "../calendar/civil";
import { dayOf } from "../understanding/values";
import { dateFrom } from "./days";
import { type AnyIntent, act, failed, type Outcome, ok, type Plan, refuse, type Skill } from "./skill";
import { dayWords, numberWords, timeWords } from "./words";

const UNKNOWN = "i don't know the time yet";

export class ClockSkill implements Skill {
  readonly name = "clock";
  readonly intents = ["time", "date"] as const;
  readonly #calendar: Calendar;

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  plan({ name, slots }: AnyIntent): Plan {
    if (slots.place !== undefined) return refuse("no-place", "the clock shows only this place");
    if (name === "time") return act("tellTime", {}, (t) => this.#time(t));
    return act("tellDate", { ...slots }, (t) => this.#date(slots, t));
  }

  #time(t: number): Outcome {
    const local = this.#calendar.local(t);
    if (local === undefined) return failed("no-calendar", UNKNOWN);
    return ok(`it is ${timeWords(Math.floor((local % DAY_MS) / MINUTE_MS))}`);
  }

  #date(slots: AnyIntent["slots"], t: number): Outcome {
    const local = this.#calendar.local(t);
    if (local === undefined) return failed("no-calendar", UNKNOWN);
    const today = Math.floor(local / DAY_MS);
    if (slots.day === undefined) return ok(`today is ${dayWords(today)}`);
    const meaning = dayOf(slots.day);
    const wanted = meaning === undefined ? undefined : dateFrom(meaning, today);
    if (wanted === undefined) return failed("no-day", "i don't know the answer to that");
    if (wanted === today) return ok(`today is ${dayWords(today)}`);
    if (wanted === today + 1) return ok(`tomorrow is ${dayWords(wanted)}`);
    if (wanted < today) return ok(`it was ${dayWords(wanted)}`);
    const until = wanted - today;
    const days = until <= 1000 ? ` ${numberWords(until)} days until` : "";
    return ok(`it is${days} ${dayWords(wanted)}`);
  }
}
