// The skills that a device has, in the order in which they are asked. A new skill is one line here.

import type { Calendar } from "../calendar/calendar";
import type { Catalog } from "../catalog/catalog";
import type { HomeDriver } from "../home/home";
import type { SettingsStore, Store } from "../settings/store";
import type { Timers } from "../timers/timers";
import { ClockSkill } from "./clock";
import { type CoffeeDriver, CoffeeSkill } from "./coffee";
import { HelpSkill } from "./help";
import { HomeSkill } from "./home";
import { type InformationDriver, InformationSkill } from "./information";
import { ListSkill } from "./lists";
import type { Music } from "./music";
import { type PhoneDriver, PhoneSkill } from "./phone";
import { PlaySkill } from "./play";
import type { Outcome } from "./skill";
import { Skills } from "./skills";
import { TimerSkill } from "./timers";
import { VolumeSkill } from "./volume";

/** What lies outside of the speaker; a driver that a board lacks is undefined, and its skill says so when asked. */
export interface SkillDrivers {
  readonly home: HomeDriver | undefined;
  readonly phone: PhoneDriver | undefined;
  readonly coffee: CoffeeDriver | undefined;
  readonly information: InformationDriver | undefined;
}

export interface SkillParts {
  readonly music: Music;
  readonly catalog: Catalog;
  readonly calendar: Calendar;
  readonly timers: Timers;
  readonly settings: SettingsStore;
  /** Ends what rings, else the music. */
  stop(t: number): Outcome;
}

export function makeSkills(parts: SkillParts, store: Store, drivers: SkillDrivers) {
  const { music, catalog, calendar, timers, settings } = parts;
  const lists = new ListSkill(store);
  const skills = new Skills([
    new PlaySkill(music, catalog),
    new VolumeSkill(music),
    new TimerSkill(timers, calendar, parts),
    new HomeSkill(catalog, settings, drivers.home),
    new PhoneSkill(catalog, drivers.phone),
    lists,
    new ClockSkill(calendar),
    new CoffeeSkill(drivers.coffee),
    new InformationSkill(drivers.information),
    new HelpSkill(),
  ]);
  return { skills, lists };
}
