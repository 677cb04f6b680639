import { describe, expect, it } from "testing";
import { Catalog } from "../../../src/catalog/catalog";
import { type CatalogEntry, entryOf } from "../../../src/catalog/entry";
import { type DeviceWords, findDevices } from "../../../src/home/find-devices";
import type { HomeOrder } from "../../../src/home/home";
import { memoryStore } from "../settings/memory-store";

const LATER: readonly (readonly [string, string])[] = [
  ["Lamp", "bedroom"],
  ["Lamp", "office"],
  ["kitchen", "kitchen"],
];

function finder() {
  const catalog = new Catalog(memoryStore(), () => {});
  for (const [name, detail] of LATER) catalog.add(entryOf({ class: "device", name, detail }) as CatalogEntry);
  return (words: DeviceWords, order: HomeOrder["type"] = "switch", room = ""): string => {
    const found = findDevices(words, order, catalog, room);
    return found.type === "devices" ? found.devices.map(({ name, detail }) => `${name}@${detail}`).join() : found.type;
  };
}

describe("the devices that an order means", () => {
  it("are found by name, by room and name, and by what they are in a room", () => {
    const find = finder();
    expect(find({ device: "the kitchen light" })).toBe("kitchen light@kitchen");
    expect(find({ device: "light", room: "kitchen" })).toBe("kitchen light@kitchen");
    expect(find({ device: "lights", room: "kitchen" })).toBe("kitchen light@kitchen");
    expect(find({ device: "television", room: "living room" })).toBe("none");
    expect(find({ device: "floor lamp" })).toBe("floor lamp@living room");
    expect(find({ device: "bedroom fan" })).toBe("fan@bedroom");
    expect(find({ device: "heating" }, "temperature")).toBe("heating@living room");
    expect(find({ device: "blinds" })).toBe("blinds@living room");
    expect(find({ device: "garage door" })).toBe("garage door@garage");
  });

  it("are never guessed among several: the room that was said, the speaker's own, else a question", () => {
    const find = finder();
    expect(find({ device: "lamp" })).toBe("several");
    expect(find({ device: "lamp", room: "office" })).toBe("Lamp@office");
    expect(find({ device: "lamp" }, "switch", "bedroom")).toBe("Lamp@bedroom");
    expect(find({ device: "lamp" }, "switch", "attic")).toBe("several");
  });

  it("are those that can do what was asked", () => {
    const find = finder();
    expect(find({ device: "kitchen" }, "level")).toBe("unable");
    expect(find({ device: "light", room: "kitchen" }, "level")).toBe("kitchen light@kitchen");
    expect(find({ room: "kitchen", device: "light" }, "temperature")).toBe("unable");
  });

  it("are all of a kind for a plural, and everything but doors for everything", () => {
    const find = finder();
    expect(find({ device: "all the lights" }).split(",").length > 8).toBe(true);
    expect(find({ device: "everything" })).toContain("kettle@kitchen");
    expect(find({ device: "everything" }).includes("front door")).toBe(false);
    expect(find({ device: "lights", room: "attic" })).toBe("no-room");
    expect(find({ device: "lights", room: "here" }, "switch", "office")).toBe(
      "office light@office,desk lamp@office,Lamp@office",
    );
  });

  it("that nobody has are said to be unknown", () => {
    const find = finder();
    expect(find({ device: "submarine" })).toBe("none");
    expect(find({ device: "light", room: "moon" })).toBe("no-room");
  });
});
