// Music and volume as orders of the console and of the skills. Every order takes the capture time `t` of what caused it.

import { DEFAULT_PIECE, type Library } from "../player/library";
import type { Player, PlayerResult } from "../player/player";
import type { SettingsStore } from "../settings/store";
import { failed, type Outcome, ok } from "./skill";

export class Music {
  readonly player: Player;
  readonly library: Library;
  readonly #settings: SettingsStore;

  constructor(player: Player, library: Library, settings: SettingsStore) {
    this.player = player;
    this.library = library;
    this.#settings = settings;
  }

  get volume(): number {
    return this.#settings.values.volume;
  }

  /** Goes on where it was paused, else plays all there is. */
  start(t: number): Outcome {
    if (this.player.state === "paused") return this.resume(t);
    if (this.player.state === "playing") return failed("already", "music plays already");
    const pieces = [...this.library.pieces()];
    return this.playAll(pieces.length === 0 ? [DEFAULT_PIECE] : pieces, t);
  }

  playAll(pieces: readonly string[], t: number): Outcome {
    return this.player.play(pieces, t) === "done" ? ok() : failed("no-music", "there is no music on this device");
  }

  pause(t: number): Outcome {
    return outcomeOf(this.player.pause(t), "music is paused already", "nothing is playing");
  }

  resume(t: number): Outcome {
    return outcomeOf(this.player.resume(t), "music plays already", "nothing is paused");
  }

  stop(t: number): Outcome {
    return outcomeOf(this.player.stop(t), "nothing is playing", "nothing is playing");
  }

  skip(by: 1 | -1, t: number): Outcome {
    return outcomeOf(this.player.skip(by, t), "", "nothing is playing");
  }

  seek(ms: number, t: number): Outcome {
    return outcomeOf(this.player.seek(ms, t), "", "nothing is playing");
  }

  /** Holds after a restart, and under ducking too. */
  setVolume(volume: number, t: number): Outcome {
    this.player.setVolume(volume, t);
    this.#settings.set("volume", volume);
    return ok();
  }
}

function outcomeOf(result: PlayerResult, already: string, nothing: string): Outcome {
  if (result === "done") return ok();
  if (result === "already") return failed(already === nothing ? "nothing" : "already", already);
  return result === "nothing" ? failed("nothing", nothing) : failed("no-music", "there is no music on this device");
}
