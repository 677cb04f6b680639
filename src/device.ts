// The firmware without its drivers: every part, and what passes between them. It names no native, so that tests run it
// whole with drivers of their own.

import { Log } from "./base/log";
import { samplesToMs } from "./base/time";
import type { ConsoleDevice } from "./console/command";
import { Console, type ConsolePort } from "./console/console";
import { Ducking } from "./player/ducking";
import { DEFAULT_PIECE } from "./player/library";
import { type MusicDriver, type MusicState, Player } from "./player/player";
import type { EngineEvent } from "./recognizer/events";
import { Hypotheses } from "./recognizer/hypotheses";
import { Recognizer, type RecognizerDriver } from "./recognizer/recognizer";
import { Request } from "./request/request";
import type { RequestEffect } from "./request/states";
import { SettingsStore, type Store } from "./settings/store";
import { MusicSkill } from "./skills/music";
import { Trace } from "./trace/trace";

export interface Drivers {
  readonly clock: { now(): number };
  readonly recognizer: RecognizerDriver;
  readonly music: MusicDriver;
  /** JSON objects: counters and memory; the model. */
  readonly reports: { stats(): string; model(): string };
  readonly output: { trace(line: string): void; log(line: string): void };
  readonly console: ConsolePort;
  readonly timers: { every(ms: number, callback: () => void): void };
  readonly store: Store;
}

const GUARD_MS = 1000;

export class Device implements ConsoleDevice {
  readonly log: Log;
  readonly settings: SettingsStore;
  readonly player: Player;
  readonly music: MusicSkill;
  readonly recognizer: Recognizer;
  readonly hypotheses = new Hypotheses();
  readonly #drivers: Drivers;
  readonly #ducking: Ducking;
  readonly #request: Request;
  readonly #trace = new Trace();

  constructor(drivers: Drivers) {
    this.#drivers = drivers;
    this.log = new Log(drivers.clock.now, drivers.output.log);
    this.settings = new SettingsStore(drivers.store);
    this.player = new Player(drivers.music);
    this.music = new MusicSkill(this.player, this.settings);
    this.#ducking = new Ducking(drivers.music);
    this.#request = new Request(drivers.clock.now, {
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
    const { volume, mute } = this.settings.values;
    this.#ducking.release(t);
    this.player.setVolume(volume, t);
    this.recognizer.mute(mute);
    this.#startMusic(t);
    const interpreter = new Console(this);
    this.#drivers.console.onLine((line, json, letters) => interpreter.reply(line, json, letters));
    this.#drivers.timers.every(GUARD_MS, () => this.#request.guard());
    this.log.write("device", `started; volume ${volume}, mute ${mute ? "on" : "off"}, music ${this.player.state}`);
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

  requestState() {
    return this.#request.state;
  }

  setMute(on: boolean): void {
    this.settings.setMute(on);
    this.recognizer.mute(on);
  }

  #startMusic(t: number): void {
    const { music, listening } = JSON.parse(this.stats()) as { music?: MusicState; listening?: boolean };
    this.recognizer.adopt(listening === true);
    if (t > 0 && music !== undefined) this.player.adopt(music, DEFAULT_PIECE);
    else this.player.play(DEFAULT_PIECE, t);
  }

  #heard(event: EngineEvent): void {
    this.#drivers.output.trace(this.#trace.line(event));
    switch (event.type) {
      case "musicStart":
      case "duck":
        return;
      case "musicEnd":
        this.player.ended(event.t);
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
        this.#ducking.speech(effect.t);
        return;
      case "silence":
        this.#ducking.silence(effect.t);
        return;
      case "dropped":
        this.log.write("request", `utterance ${effect.utterance} dropped: ${effect.reason}`);
        return;
      case "act":
        this.#act(effect);
    }
  }

  /** What the device does with the words that were committed: it keeps them, for the console and for whoever asks. */
  #act({ t, utterance, hypothesis }: RequestEffect & { type: "act" }): void {
    this.#request.handle({ type: "begin", t, utterance });
    this.log.write("request", `utterance ${utterance} final at ${samplesToMs(t)} ms, ${hypothesis.words.length} words`);
    this.log.detail("request", hypothesis.text);
    this.#request.handle({ type: "done", t, utterance });
  }
}
