// The settings. Volume and mute are two settings: neither changes the other.

import { parseZone } from "../calendar/zone";
import { VOLUME_MAX, VOLUME_MIN } from "../player/volume";

/** local: nothing leaves the device. lattice: what was heard, as a lattice, may go to the owner's server. */
export type Privacy = "local" | "lattice";

export interface Settings {
  /** 0–100. */
  volume: number;
  /** Microphone off. */
  mute: boolean;
  privacy: Privacy;
  /** POSIX TZ rule. */
  zone: string;
  /** Folded name of the room the speaker stands in; empty: not told. */
  room: string;
  /** Whether requests are remembered for the console. */
  history: boolean;
}

/** Version of the keys and text forms below; a change of either raises it and adds a step to migration.ts. */
export const SETTINGS_VERSION = 2;

export const DEFAULTS: Readonly<Settings> = {
  volume: 50,
  mute: false,
  privacy: "local",
  zone: "UTC0",
  room: "",
  history: true,
};

export type SettingName = keyof Settings;

export const SETTING_NAMES = [
  "volume",
  "mute",
  "privacy",
  "zone",
  "room",
  "history",
] as const satisfies readonly SettingName[];

const MAX_ROOM = 64;

export function isVolume(value: number): boolean {
  return Number.isInteger(value) && value >= VOLUME_MIN && value <= VOLUME_MAX;
}

/** What a setting's text may be, for people. */
export const FORMS: Readonly<Record<SettingName, string>> = {
  volume: "0 to 100",
  mute: "on or off",
  privacy: "local or lattice",
  zone: "a POSIX time zone such as CET-1CEST,M3.5.0,M10.5.0/3",
  room: "a room's name in lower case",
  history: "on or off",
};

const onOff = (text: string): boolean | undefined => (text === "on" ? true : text === "off" ? false : undefined);

/** Sets `name` from its text form; false when the text is not one, and then nothing is changed. */
export function readSetting(settings: Settings, name: SettingName, text: string): boolean {
  switch (name) {
    case "volume":
      return take(settings, name, readVolume(text));
    case "mute":
    case "history":
      return take(settings, name, onOff(text));
    case "privacy":
      return take(settings, name, text === "local" || text === "lattice" ? text : undefined);
    case "zone":
      return take(settings, name, parseZone(text)?.rule);
    case "room":
      return take(settings, name, isRoom(text) ? text : undefined);
  }
}

function take<Name extends SettingName>(settings: Settings, name: Name, value: Settings[Name] | undefined): boolean {
  if (value === undefined) return false;
  settings[name] = value;
  return true;
}

function readVolume(text: string): number | undefined {
  const volume = Number(text);
  return text.trim() === text && text !== "" && isVolume(volume) ? volume : undefined;
}

function isRoom(text: string): boolean {
  if (text.length > MAX_ROOM) return false;
  for (const char of text) if (char !== " " && char !== "'" && (char < "a" || char > "z")) return false;
  return true;
}

export function settingText(settings: Readonly<Settings>, name: SettingName): string {
  const value = settings[name];
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
