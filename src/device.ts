// The firmware without its drivers: every part, and what passes between them. It names no native, so that tests run it
// whole with drivers of their own.

import { Log } from "./base/log";
import { msToSamples, samplesToMs } from "./base/time";
import { Calendar, type CalendarDriver } from "./calendar/calendar";
import { parseZone, UTC } from "./calendar/zone";
import type { BiasEntry } from "./catalog/bias-list";
import { Catalog } from "./catalog/catalog";
import { OwnNames } from "./catalog/own-names";
import type { ConsoleDevice } from "./console/command";
import { Console, type ConsolePort } from "./console/console";
import { DEFAULT_PIECE, Library } from "./player/library";
import { type MusicDriver, type MusicState, Player } from "./player/player";
import { Ringer } from "./player/ringer";
import { type PromptDriver, Voice } from "./player/voice";
import type { EngineEvent } from "./recognizer/events";
import { Hypotheses } from "./recognizer/hypotheses";
import { Recognizer, type RecognizerDriver } from "./recognizer/recognizer";
import { Assistant } from "./request/assistant";
import { History } from "./request/history";
import { Request } from "./request/request";
import type { RequestEffect } from "./request/states";
import { readSetting, type SettingName } from "./settings/schema";
import { SettingsStore, type Store } from "./settings/store";
import type { ListSkill } from "./skills/lists";
import { makeSkills, type SkillDrivers } from "./skills/make-skills";
import { Music } from "./skills/music";
import { type Outcome, ok } from "./skills/skill";
import { ringWords } from "./skills/timers";
import { Timers } from "./timers/timers";
import { Trace } from "./trace/trace";
import type { NameLookup, Understander } from "./understanding/intent";

export interface Drivers {
  readonly clock: { now(): number };
  readonly recognizer: RecognizerDriver;
  readonly music: MusicDriver;
  readonly prompts: PromptDriver;
  readonly calendar: CalendarDriver;
  /** JSON objects: counters and memory; the model; the text of a word piece. */
  readonly reports: { stats(): string; model(): string; piece(id: number): string };
  readonly output: { trace(line: string): void; log(line: string): void };
  readonly console: ConsolePort;
  readonly timers: {
    every(ms: number, callback: () => void): void;
    /** In a call of its own, before the board's first block of sound where that is still to come. */
    soon(callback: () => void): void;
  };
  readonly store: Store;
  /** Replaces the program after the present call; false: this board can't. */
  readonly restart: () => boolean;
  readonly understander: (names: NameLookup) => Understander;
  readonly skills: SkillDrivers;
}

/** Timers, ringing and drivers are looked after this often. */
const TICK_MS = 100;
const TICK = msToSamples(TICK_MS);
/** More ticks than this at once were not late, they did not come: the count begins anew. */
const LOST_TICKS = 10;
const GUARD_TICKS = 10;

export class Device implements ConsoleDevice {
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly calendar: Calendar;
  readonly catalog: Catalog;
  readonly music: Music;
  readonly timers: Timers;
  readonly lists: ListSkill;
  readonly history = new History();
  readonly assistant: Assistant;
  readonly ownNames: OwnNames;
  readonly recognizer: Recognizer;
  readonly hypotheses = new Hypotheses();
  readonly trace = new Trace();
  readonly #drivers: Drivers;
  readonly #voice: Voice;
  readonly #ringer: Ringer;
  readonly #request: Request;
  #namesChanged = false;
  /** Capture time of the last tick, on the grid of ticks: the same at every speed of the CPU. */
  #tickT = 0;
  #ticks = 0;

  constructor(drivers: Drivers) {
    const { clock, store } = drivers;
    this.#drivers = drivers;
    this.log = new Log(clock.now, drivers.output.log);
    this.settings = new SettingsStore(store);
    this.calendar = new Calendar(drivers.calendar, clock.now);
    this.catalog = new Catalog(store, () => {
      this.#namesChanged = true;
    });
    this.ownNames = new OwnNames(store);
    this.music = new Music(new Player(drivers.music), new Library(drivers.music), this.settings);
    this.#voice = new Voice(drivers.prompts, drivers.music);
    this.#ringer = new Ringer(this.#voice);
    this.timers = new Timers(store, this.calendar, {
      ring: (entry, t, late) => {
        this.log.write("timers", `${entry.kind} ${entry.id} rings${late ? ", late" : ""}`);
        this.#tell(this.trace.ring(t, entry.kind, entry.id, entry.name));
        this.#ringer.start(entry.kind === "timer" ? "=timer" : "=alarm", ringWords(entry, late), t);
      },
      missed: (entry, t) => {
        this.log.write("timers", `${entry.kind} ${entry.id} fell due while the device was off`);
        this.#answer(t, 0, ringWords(entry, true));
      },
    });
    const { skills, lists } = makeSkills(this, store, drivers.skills);
    this.lists = lists;
    const now = clock.now;
    this.assistant = new Assistant(
      drivers.understander(this.catalog),
      skills,
      this.history,
      this.#assistantEvents(),
      now,
    );
    this.#request = new Request(now, {
      effect: (effect) => this.#carryOut(effect),
      changed: (from, to) => this.log.detail("request", `${from.name} to ${to.name}`),
      refused: (state, event) => this.log.write("request", `${event.type} refused while ${state.name}`),
    });
    this.recognizer = new Recognizer(drivers.recognizer, (event) => this.#heard(event));
  }

  /** Begins to work. The engine may already run: then this program replaces one that failed. */
  start(): void {
    const t = this.now();
    for (const problem of this.settings.problems) this.log.write("settings", problem);
    if (this.catalog.damaged > 0) this.log.write("catalog", `${this.catalog.damaged} stored names could not be read`);
    const { volume, mute } = this.settings.values;
    this.#voice.reset(t);
    this.music.player.setVolume(volume, t);
    this.recognizer.mute(mute);
    this.applySettings();
    this.#startMusic(t);
    this.#tickT = t;
    this.timers.restore(t);
    if (this.timers.problem !== "") this.log.write("timers", this.timers.problem);
    this.recognizer.keepNames(this.ownNames, "console");
    // Before anybody listens: what a run hears must not depend on what the run before it was given.
    if (this.catalog.count > 0 || !isEmpty(this.ownNames)) this.#drivers.timers.soon(() => this.#giveNames());
    const interpreter = new Console(this);
    this.#drivers.console.onLine((line, json, letters) => interpreter.reply(line, json, letters));
    this.#drivers.timers.every(TICK_MS, () => this.#tick());
    const state = `volume ${volume}, mute ${mute ? "on" : "off"}, music ${this.music.player.state}`;
    this.log.write("device", `started; ${state}`);
  }

  now(): number {
    return this.#drivers.clock.now();
  }

  stats(): string {
    return this.#drivers.reports.stats();
  }

  model(): string {
    return this.#drivers.reports.model();
  }

  piece(id: number): string {
    return this.#drivers.reports.piece(id);
  }

  get skillDrivers(): SkillDrivers {
    return this.#drivers.skills;
  }

  get store(): Store {
    return this.#drivers.store;
  }

  requestState() {
    return this.#request.state;
  }

  setMute(on: boolean): void {
    this.settings.set("mute", on);
    this.recognizer.mute(on);
  }

  /** From its text form; false: it is none. */
  setSetting(name: SettingName, text: string): boolean {
    const wanted = { ...this.settings.values };
    if (!readSetting(wanted, name, text)) return false;
    if (name === "mute") this.setMute(wanted.mute);
    else if (name === "volume") this.music.setVolume(wanted.volume, this.now());
    else this.settings.set(name, wanted[name]);
    this.applySettings();
    return true;
  }

  /** What follows from settings that no driver is told of. */
  applySettings(): void {
    const { zone, history } = this.settings.values;
    if (zone !== this.calendar.zone.rule) {
      this.calendar.zone = parseZone(zone) ?? UTC;
      this.timers.calendarChanged(this.now());
    }
    this.history.on = history;
    this.trace.on = history;
    if (!history) this.forgetHistory();
  }

  /** Nothing that was said stays in memory. */
  forgetHistory(): void {
    this.history.erase();
    this.hypotheses.erase();
    this.trace.erase();
  }

  setTime(utc: number): void {
    this.calendar.set(utc);
    this.timers.calendarChanged(this.now());
  }

  stop(t: number): Outcome {
    const rang = this.timers.stopRinging(t);
    this.#ringer.stop(t);
    if (rang.length > 0) return ok();
    this.#voice.hush(t);
    return this.music.stop(t);
  }

  say(text: string) {
    return this.assistant.say(text, this.now());
  }

  restart(): boolean {
    return this.#drivers.restart();
  }

  /** Everything as it was when the device was made. The present program goes on with it until the restart. */
  eraseAll(): void {
    const t = this.now();
    this.timers.erase(t);
    this.lists.erase();
    this.catalog.reset();
    this.ownNames.clear();
    this.#namesChanged = true;
    this.settings.erase();
    this.forgetHistory();
    this.setMute(false);
    this.applySettings();
  }

  #assistantEvents() {
    return {
      intent: (t: number, utterance: number, intent: Parameters<Trace["intent"]>[2]) =>
        this.#tell(this.trace.intent(t, utterance, intent)),
      action: (t: number, utterance: number, skill: string, name: string, values: object) => {
        this.#tell(this.trace.action(t, utterance, skill, name, values));
        this.log.write("request", `utterance ${utterance}: ${skill} ${name}`);
      },
      answer: (t: number, utterance: number, text: string) => this.#answer(t, utterance, text),
      hold: (utterance: number, revision: number) => this.recognizer.hold(utterance, revision),
      log: (message: string) => this.log.write("request", message),
      detail: (message: string) => this.log.detail("request", message),
    };
  }

  #tell(line: string): void {
    this.#drivers.output.trace(line);
  }

  #answer(t: number, utterance: number, text: string): void {
    this.#tell(this.trace.say(t, utterance, text));
    this.#voice.say(text, t);
  }

  #startMusic(t: number): void {
    const { music, listening } = JSON.parse(this.stats()) as { music?: MusicState; listening?: boolean };
    this.recognizer.adopt(listening === true);
    if (t > 0 && music !== undefined) this.music.player.adopt(music, DEFAULT_PIECE);
    else this.music.player.play([DEFAULT_PIECE], t);
  }

  #tick(): void {
    const now = this.now();
    this.#tickT += TICK;
    if (now - this.#tickT > LOST_TICKS * TICK) this.#tickT = now;
    const t = this.#tickT;
    this.timers.tick(t);
    this.#ringer.tick(t);
    this.assistant.tick(now);
    if (++this.#ticks % GUARD_TICKS === 0) this.#request.guard();
    if (this.#namesChanged) this.#giveNames();
  }

  /** The user's names to the recogniser; they hold from the next utterance on. A thousand take most of what a call may
   *  do, so start has no room for them. */
  #giveNames(): void {
    this.#namesChanged = false;
    try {
      const { names, unspelled, left } = this.recognizer.setNames(listenedFor(this.catalog));
      const more = unspelled + left > 0 ? `, ${unspelled + left} left out` : "";
      this.log.write("catalog", `${this.catalog.count} names; listens for ${names - unspelled}${more}`);
    } catch (error) {
      // A device without a model hears nobody's name; everything else works.
      this.log.write(
        "catalog",
        `names are not listened for: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #heard(event: EngineEvent): void {
    this.#tell(this.trace.line(event));
    switch (event.type) {
      case "musicStart":
      case "duck":
        return;
      case "musicEnd":
        this.music.player.ended(event.t);
        return;
      case "overload":
        this.log.write("engine", `overload: load ${event.load}, ${event.lateMs} ms late`);
        return;
      case "recovered":
      case "underrun":
        this.log.write("engine", event.type);
        return;
      default:
        this.hypotheses.follow(event);
        this.#request.handle(event);
    }
  }

  #carryOut(effect: RequestEffect): void {
    switch (effect.type) {
      case "speech":
        this.#voice.speech(effect.t);
        return;
      case "silence":
        this.#voice.silence(effect.t);
        return;
      case "prepare":
        this.assistant.prepare(effect.t, effect.utterance, effect.revision, effect.hypothesis);
        return;
      case "forget":
        this.assistant.forget();
        return;
      case "dropped":
        this.log.write("request", `utterance ${effect.utterance} dropped: ${effect.reason}`);
        return;
      case "act":
        this.#act(effect);
    }
  }

  #act({ t, utterance, hypothesis }: RequestEffect & { type: "act" }): void {
    this.#request.handle({ type: "begin", t, utterance });
    this.log.write("request", `utterance ${utterance} final at ${samplesToMs(t)} ms, ${hypothesis.words.length} words`);
    this.log.detail("request", hypothesis.text);
    this.assistant.act(t, utterance, hypothesis, this.recognizer.mode === "on");
    this.#request.handle({ type: "done", t, utterance });
  }
}

/** The catalogue's names, one at a time, each time anew. */
function listenedFor(catalog: Catalog): Iterable<BiasEntry> {
  return {
    *[Symbol.iterator]() {
      for (const { folded, class: entryClass } of catalog.entries()) yield { name: folded, class: entryClass };
    },
  };
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}
