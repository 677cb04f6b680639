// What plays. The engine owns sound and position; this object owns what was asked for.

import { effectAt } from "../base/time";
import type { DuckDriver } from "./ducking";
import type { LibraryDriver } from "./library";
import { Queue } from "./queue";
import { volumeToQ15 } from "./volume";

export interface MusicDriver extends DuckDriver, LibraryDriver {
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
/** "Previous" within this much of the beginning means the piece before; later it means this one again. */
const AGAIN_MS = 3000;

export class Player {
  readonly #driver: MusicDriver;
  readonly #queue = new Queue();
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

  /** Plays pieces one after the other, from the beginning of the first that can be played. */
  play(pieces: readonly string[], t: number): PlayerResult {
    for (let i = 0; i < pieces.length; i++) {
      if (this.#start(pieces[i] as string, 0, t) !== "done") continue;
      this.#queue.set(pieces, i);
      return "done";
    }
    return "unknown";
  }

  /** To the next piece of what plays, or with -1 to the one before. */
  skip(by: 1 | -1, t: number): PlayerResult {
    if (this.#state === "stopped") return "nothing";
    const stays = by < 0 && this.positionMs > AGAIN_MS;
    const piece = (stays ? this.#queue.piece : this.#queue.step(by)) ?? this.#piece;
    return this.#start(piece, 0, t);
  }

  /** To a place in the piece that plays. Behind its end the engine tells that it ended. */
  seek(ms: number, t: number): PlayerResult {
    if (this.#state === "stopped") return "nothing";
    return this.#start(this.#piece, Math.max(0, Math.round(ms)) * FRAMES_PER_MS, t);
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

  /** A piece has ended in the engine: what was asked for goes on, around its end, until it is stopped. */
  ended(t: number): void {
    if (this.#state === "stopped" || t <= this.#startsAt) return;
    const piece = this.#queue.step(1) ?? this.#piece;
    if (this.#start(piece, 0, t) !== "done") this.#rest();
  }

  /** After a start of the program: the engine may already play what the program before this one asked for. */
  adopt(state: MusicState, piece: string): void {
    this.#state = state;
    this.#piece = state === "stopped" ? "" : piece;
    this.#queue.set(state === "stopped" ? [] : [piece]);
  }

  #start(piece: string, fromFrame: number, t: number): PlayerResult {
    const at = effectAt(t);
    if (this.#driver.play(piece, fromFrame, at) < 0) return "unknown";
    this.#state = "playing";
    this.#piece = piece;
    this.#startsAt = at;
    return "done";
  }

  #rest(): void {
    this.#state = "stopped";
    this.#piece = "";
    this.#queue.set([]);
  }
}
