// The settings. Volume and mute are two settings: neither changes the other.

import { VOLUME_MAX, VOLUME_MIN } from "../player/volume";

export interface Settings {
  /** 0–100. */
  volume: number;
  /** Microphone off. */
  mute: boolean;
}

/** Version of the keys and text forms below; a change of either raises it and adds a step to migration.ts. */
export const SETTINGS_VERSION = 1;

export const DEFAULTS: Readonly<Settings> = { volume: 50, mute: false };

export const SETTING_NAMES = ["volume", "mute"] as const satisfies readonly (keyof Settings)[];

export function isVolume(value: number): boolean {
  return Number.isInteger(value) && value >= VOLUME_MIN && value <= VOLUME_MAX;
}

/** Sets `name` from its text form; false when the text is not one, and then nothing is changed. */
export function readSetting(settings: Settings, name: keyof Settings, text: string): boolean {
  if (name === "mute") {
    if (text !== "on" && text !== "off") return false;
    settings.mute = text === "on";
    return true;
  }
  const volume = Number(text);
  if (text.trim() !== text || text === "" || !isVolume(volume)) return false;
  settings.volume = volume;
  return true;
}

export function settingText(settings: Readonly<Settings>, name: keyof Settings): string {
  return name === "mute" ? (settings.mute ? "on" : "off") : String(settings.volume);
}
