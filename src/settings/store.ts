// Settings over a key-value storage.

import { migrate } from "./migration";
import { DEFAULTS, readSetting, SETTING_NAMES, SETTINGS_VERSION, type Settings, settingText } from "./schema";

export interface Store {
  /** undefined when the key has no value. */
  read(key: string): string | undefined;
  /** Throws when the storage can't take the value. */
  write(key: string, value: string): void;
  /** A key without a value is no fault. */
  delete(key: string): void;
}

const VERSION_KEY = "version";

export class SettingsStore {
  readonly #store: Store;
  readonly #values: Settings = { ...DEFAULTS };
  readonly #problems: string[] = [];
  #versionWritten = false;

  constructor(store: Store) {
    this.#store = store;
    this.#load();
  }

  get values(): Readonly<Settings> {
    return this.#values;
  }

  /** What could not be read, one sentence each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Throws when the storage fails: then the old value holds. The value must be one that its text form can have. */
  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): void {
    const before = this.#values[name];
    if (before === value) return;
    this.#values[name] = value;
    try {
      this.#save(name);
    } catch (error) {
      this.#values[name] = before;
      throw error;
    }
  }

  /** All settings as they were when the device was made. */
  erase(): void {
    for (const name of [...SETTING_NAMES, VERSION_KEY]) this.#store.delete(name);
    Object.assign(this.#values, DEFAULTS);
    this.#versionWritten = false;
  }

  #load(): void {
    const versionText = this.#store.read(VERSION_KEY);
    if (versionText === undefined) return;
    const texts = new Map<string, string>();
    for (const name of SETTING_NAMES) {
      const text = this.#store.read(name);
      if (text !== undefined) texts.set(name, text);
    }
    const stored = Number(versionText);
    if (migrate(texts, stored) === undefined) {
      this.#problems.push("the stored settings have no valid version; defaults are used");
      return;
    }
    for (const name of SETTING_NAMES) this.#take(name, texts.get(name));
    // A newer firmware's version stays as it is: that firmware may come back.
    this.#versionWritten = stored >= SETTINGS_VERSION;
    if (!this.#versionWritten) for (const name of SETTING_NAMES) this.#save(name);
  }

  #take(name: keyof Settings, text: string | undefined): void {
    if (text === undefined || readSetting(this.#values, name, text)) return;
    this.#problems.push(`the stored ${name} is not valid; ${settingText(DEFAULTS, name)} is used`);
  }

  #save(name: keyof Settings): void {
    // The version goes first: a value without a version would not be read.
    if (!this.#versionWritten) {
      this.#store.write(VERSION_KEY, String(SETTINGS_VERSION));
      this.#versionWritten = true;
    }
    this.#store.write(name, settingText(this.#values, name));
  }
}
