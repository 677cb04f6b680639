import { describe, expect, it } from "testing";
import { migrate } from "../../../src/settings/migration";
import { DEFAULTS } from "../../../src/settings/schema";
import { SettingsStore } from "../../../src/settings/store";
import { memoryStore } from "./memory-store";

describe("settings", () => {
  it("are the defaults on a new device, and nothing is written", () => {
    const store = memoryStore();
    const settings = new SettingsStore(store);
    expect(settings.values).toEqual(DEFAULTS);
    expect(settings.problems).toEqual([]);
    expect(store.writes).toEqual([]);
  });

  it("survive a restart; volume and mute are two of them", () => {
    const store = memoryStore();
    const settings = new SettingsStore(store);
    settings.set("volume", 30);
    settings.set("mute", true);
    expect(new SettingsStore(store).values).toEqual({ ...DEFAULTS, volume: 30, mute: true });
    settings.set("mute", false);
    expect(new SettingsStore(store).values).toEqual({ ...DEFAULTS, volume: 30 });
  });

  it("write the version before the first value, and only what changes", () => {
    const store = memoryStore();
    const settings = new SettingsStore(store);
    for (const volume of [DEFAULTS.volume, 30, 30, 31]) settings.set("volume", volume);
    expect(store.writes).toEqual(["version=2", "volume=30", "volume=31"]);
  });

  it("fall back one by one to their default where the stored text is damaged, and say so", () => {
    for (const volume of ["", "101", "-1", "4.5", " 5", "loud"]) {
      const settings = new SettingsStore(memoryStore({ version: "2", volume, mute: "on" }));
      expect(settings.values).toEqual({ ...DEFAULTS, mute: true });
      expect(settings.problems).toEqual(["the stored volume is not valid; 50 is used"]);
    }
    expect(new SettingsStore(memoryStore({ version: "x", volume: "30" })).problems.length).toBe(1);
  });

  it("of a newer version are read as far as they are understood, and keep their version", () => {
    const store = memoryStore({ version: "7", volume: "30", mute: "later" });
    const settings = new SettingsStore(store);
    expect(settings.values).toEqual({ ...DEFAULTS, volume: 30 });
    settings.set("volume", 40);
    expect(store.writes).toEqual(["volume=40"]);
  });
});

describe("settings of version 1", () => {
  it("keep volume and mute, and stay private", () => {
    const store = memoryStore({ version: "1", volume: "30", mute: "on", privacy: "lattice" });
    expect(new SettingsStore(store).values).toEqual({ ...DEFAULTS, volume: 30, mute: true });
    expect([store.texts.get("version"), store.texts.get("privacy")]).toEqual(["2", "local"]);
    expect(new SettingsStore(store).values).toEqual({ ...DEFAULTS, volume: 30, mute: true });
  });

  it("keep a value that can't be stored out of use", () => {
    const store = memoryStore();
    const settings = new SettingsStore(store);
    store.write = () => {
      throw new Error("full");
    };
    expect(() => settings.set("volume", 3)).toThrow("full");
    expect(settings.values.volume).toBe(DEFAULTS.volume);
  });
});

describe("migrate", () => {
  const steps = [
    (texts: Map<string, string>) => texts.set("volume", `${Number(texts.get("loudness")) * 10}`),
    (texts: Map<string, string>) => texts.delete("loudness"),
  ];

  it("runs the steps from the stored version on", () => {
    const texts = new Map([["loudness", "4"]]);
    expect(migrate(texts, 1, steps)).toBe(3);
    expect([...texts]).toEqual([["volume", "40"]]);
    expect(migrate(texts, 3, steps)).toBe(3);
  });

  it("refuses what is no version", () => {
    for (const version of [0, -1, 1.5, Number.NaN]) expect(migrate(new Map(), version, steps)).toBe(undefined);
  });
});
