// What plays. The engine owns sound and position; this object owns what was asked for.

import { effectAt } from "../base/time";
import type { DuckDriver } from "./ducking";
import { volumeToQ15 } from "./volume";

export interface MusicDriver extends DuckDriver {
  /** 0, or a negative status when the piece can't be played. */
  play(uri: string, fromFrame: number, at: number): number;
  pause(on: boolean, at: number): void;
  stop(at: number): void;
  /** Frame of the piece, 48,000 a second. */
  position(): number;
  volume(q15: number, at: number): void;
}

export type MusicState = "stopped" | "playing" | "paused";

/** What an order did: "done", or why not. */
export type PlayerResult = "done" | "already" | "nothing" | "unknown";

const FRAMES_PER_MS = 48;

export class Player {
  readonly #driver: MusicDriver;
  #state: MusicState = "stopped";
  #piece = "";
  /** Capture time at which the piece begins: an end before it belongs to the piece before. */
  #startsAt = 0;

  constructor(driver: MusicDriver) {
    this.#driver = driver;
  }

  get state(): MusicState {
    return this.#state;
  }

  /** The piece that plays or is paused; empty when stopped. */
  get piece(): string {
    return this.#piece;
  }

  get positionMs(): number {
    return this.#state === "stopped" ? 0 : Math.floor(this.#driver.position() / FRAMES_PER_MS);
  }

  /** Plays a piece from its beginning. */
  play(piece: string, t: number): PlayerResult {
    const at = effectAt(t);
    if (this.#driver.play(piece, 0, at) < 0) return "unknown";
    this.#state = "playing";
    this.#piece = piece;
    this.#startsAt = at;
    return "done";
  }

  pause(t: number): PlayerResult {
    if (this.#state === "stopped") return "nothing";
    if (this.#state === "paused") return "already";
    this.#driver.pause(true, effectAt(t));
    this.#state = "paused";
    return "done";
  }

  resume(t: number): PlayerResult {
    if (this.#state === "stopped") return "nothing";
    if (this.#state === "playing") return "already";
    this.#driver.pause(false, effectAt(t));
    this.#state = "playing";
    return "done";
  }

  stop(t: number): PlayerResult {
    if (this.#state === "stopped") return "already";
    this.#driver.stop(effectAt(t));
    this.#rest();
    return "done";
  }

  setVolume(volume: number, t: number): void {
    this.#driver.volume(volumeToQ15(volume), effectAt(t));
  }

  /** A piece has ended in the engine: what plays goes on from its beginning until it is stopped. */
  ended(t: number): void {
    if (this.#state === "stopped" || t <= this.#startsAt) return;
    if (this.play(this.#piece, t) !== "done") this.#rest();
  }

  /** After a start of the program: the engine may already play what the program before this one asked for. */
  adopt(state: MusicState, piece: string): void {
    this.#state = state;
    this.#piece = state === "stopped" ? "" : piece;
  }

  #rest(): void {
    this.#state = "stopped";
    this.#piece = "";
  }
}
