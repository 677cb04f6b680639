// How loud the speaker is.

import { VOLUME_MAX, VOLUME_MIN } from "../player/volume";
import { directionOf, levelOf } from "../understanding/values";
import type { Music } from "./music";
import { type AnyIntent, act, type Plan, refuse, type Skill } from "./skill";
import { numberWords } from "./words";

const STEP = 10;
/** "volume seven" means seven of ten: people count so without a percentage. */
const TEN = 10;
const bounded = (volume: number): number => Math.min(VOLUME_MAX, Math.max(VOLUME_MIN, volume));

export class VolumeSkill implements Skill {
  readonly name = "volume";
  readonly intents = ["volumeSet", "volumeChange"] as const;
  readonly #music: Music;

  constructor(music: Music) {
    this.#music = music;
  }

  plan({ name, slots }: AnyIntent): Plan {
    return name === "volumeSet" ? this.#set(slots) : this.#change(slots);
  }

  #set(slots: AnyIntent["slots"]): Plan {
    const level = levelOf(slots.level ?? "");
    const volume = level === undefined ? VOLUME_MAX + 1 : Math.round(level.value * (isOfTen(level) ? TEN : 1));
    if (volume > VOLUME_MAX) return refuse("no-number", "i did not understand the number");
    return act("set", { volume }, (t) => this.#music.setVolume(volume, t));
  }

  #change({ direction = "", amount }: AnyIntent["slots"]): Plan {
    const step = amount === undefined ? STEP : levelOf(amount)?.value;
    if (step === undefined) return refuse("no-number", "i did not understand the number");
    if (direction === "mute") return act("set", { volume: 0 }, (t) => this.#music.setVolume(0, t));
    const sign = directionOf(direction);
    if (sign === undefined) return refuse("no-direction", `the volume is ${numberWords(this.#music.volume)}`);
    const by = sign * Math.round(step);
    return act("change", { by }, (t) => this.#music.setVolume(bounded(this.#music.volume + by), t));
  }
}

function isOfTen({ value, percent }: { readonly value: number; readonly percent: boolean }): boolean {
  return !percent && value >= 1 && value <= TEN;
}
