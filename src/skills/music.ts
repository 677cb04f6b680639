// Music and volume as orders. Every order takes the capture time `t` of what caused it.

import { DEFAULT_PIECE, isPieceName } from "../player/library";
import type { Player } from "../player/player";
import type { SettingsStore } from "../settings/store";
import { DONE, refuse, type SkillOutcome } from "./skill";

export class MusicSkill {
  readonly #player: Player;
  readonly #settings: SettingsStore;

  constructor(player: Player, settings: SettingsStore) {
    this.#player = player;
    this.#settings = settings;
  }

  /** Without a name: goes on where it was paused, else plays the default piece. */
  play(name: string | undefined, t: number): SkillOutcome {
    if (name === undefined) {
      if (this.#player.state === "paused") return this.resume(t);
      if (this.#player.state === "playing") return refuse("already", "music plays already");
    }
    const piece = name ?? DEFAULT_PIECE;
    if (!isPieceName(piece)) return refuse("bad-argument", "a piece is named with letters, digits and . _ -");
    if (this.#player.play(piece, t) === "done") return DONE;
    return refuse("no-music", name === undefined ? "there is no music on this device" : `there is no piece ${piece}`);
  }

  pause(t: number): SkillOutcome {
    const result = this.#player.pause(t);
    if (result === "done") return DONE;
    return result === "already" ? refuse("already", "music is paused already") : refuse("nothing", "no music plays");
  }

  resume(t: number): SkillOutcome {
    const result = this.#player.resume(t);
    if (result === "done") return DONE;
    return result === "already" ? refuse("already", "music plays already") : refuse("nothing", "no music is paused");
  }

  stop(t: number): SkillOutcome {
    return this.#player.stop(t) === "done" ? DONE : refuse("nothing", "no music plays");
  }

  /** Holds after a restart, and under ducking too. */
  setVolume(volume: number, t: number): SkillOutcome {
    this.#player.setVolume(volume, t);
    this.#settings.setVolume(volume);
    return DONE;
  }
}
