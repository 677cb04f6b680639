// Orders to the native recogniser, and its events, typed.

import { type EngineEvent, readEvent } from "./events";

export type RawEventHandler = (
  type: number,
  t: number,
  utterance: number,
  revision: number,
  value: number,
  reason: number,
  bytes: Uint8Array | undefined,
) => void;

export interface RecognizerDriver {
  onEvent(handler: RawEventHandler): void;
  listen(on: boolean): void;
  mute(on: boolean): void;
  hold(utterance: number, revision: number): void;
}

/** off; once: until one utterance has ended; on: listening resumes after each utterance. */
export type ListenMode = "off" | "once" | "on";

export class Recognizer {
  readonly #driver: RecognizerDriver;
  #mode: ListenMode = "off";

  constructor(driver: RecognizerDriver, onEvent: (event: EngineEvent) => void) {
    this.#driver = driver;
    driver.onEvent((type, t, utterance, revision, value, reason, bytes) => {
      const event = readEvent({ type, t, utterance, revision, value, reason, bytes });
      this.#follow(event);
      onEvent(event);
    });
  }

  get mode(): ListenMode {
    return this.#mode;
  }

  /** As if the button were pressed: one utterance, or with "on" every utterance until "off". */
  listen(mode: ListenMode): void {
    const was = this.#mode;
    this.#mode = mode;
    if ((was === "off") !== (mode === "off")) this.#driver.listen(mode !== "off");
  }

  mute(on: boolean): void {
    this.#driver.mute(on);
  }

  /** "Not complete yet", of a speculative revision: its final end waits up to the upper bound. A revision that is open
   *  no more changes nothing. */
  hold(utterance: number, revision: number): void {
    this.#driver.hold(utterance, revision);
  }

  /** After a start of the program: the engine may already listen. */
  adopt(listening: boolean): void {
    this.#mode = listening ? "on" : "off";
  }

  /** The host can press the button too: listening that nobody here asked for goes on until it is switched off. */
  #follow(event: EngineEvent): void {
    if (event.type === "listen" && this.#mode === "off") this.#mode = "on";
    if ((event.type === "final" || event.type === "timeout") && this.#mode === "once") this.listen("off");
  }
}
