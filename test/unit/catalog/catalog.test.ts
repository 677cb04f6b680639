import { describe, expect, it } from "testing";
import { Catalog, MAX_ENTRIES } from "../../../src/catalog/catalog";
import { type CatalogEntry, entryOf } from "../../../src/catalog/entry";
import { importText } from "../../../src/catalog/import";
import { parseJson } from "../../../src/catalog/json-text";
import { type MemoryStore, memoryStore } from "../settings/memory-store";

const entry = (entryClass: string, name: string, detail = "", kind = ""): CatalogEntry => {
  const made = entryOf({ class: entryClass, name, detail, kind });
  if (typeof made === "string") throw new Error(made);
  return made;
};

function setUp(store: MemoryStore = memoryStore()) {
  let changes = 0;
  const catalog = new Catalog(store, () => changes++);
  return { catalog, store, changes: () => changes };
}

describe("the catalogue", () => {
  it("comes with the devices of the simulated home, and keeps them when the owner adds one", () => {
    const { catalog, store } = setUp();
    const before = catalog.count;
    expect(catalog.resolve("device", "Kitchen  light")).toEqual(["kitchen light"]);
    expect(catalog.add(entry("device", "Großer Fernseher", "living room"))).toBe("done");
    const again = setUp(store).catalog;
    expect(again.count).toBe(before + 1);
    expect(again.resolve("device", "grosser fernseher")).toEqual(["Großer Fernseher"]);
    expect(again.resolve("device", "kitchen light")).toEqual(["kitchen light"]);
  });

  it("finds a name in any spelling, in its class alone", () => {
    const { catalog, changes } = setUp();
    catalog.add(entry("contact", "Zoë O’Brien-Smith", "+1 555"));
    catalog.add(entry("device", "Lamp 2", "Den"));
    for (const spelling of ["zoe o'brien smith", "ZOË  O'BRIEN SMITH", "Zoe\u0308 O’Brien-Smith"]) {
      expect(catalog.resolve("contact", spelling)).toEqual(["Zoë O’Brien-Smith"]);
    }
    expect(catalog.resolve("device", "zoe o'brien smith")).toEqual([]);
    expect(catalog.find("device", "lamp two")[0]).toEqual(entry("device", "Lamp 2", "den"));
    expect(changes()).toBe(2);
  });

  it("knows two of one name apart by what belongs to them", () => {
    const { catalog } = setUp();
    expect(catalog.add(entry("contact", "Anna", "1"))).toBe("done");
    expect(catalog.add(entry("contact", "Anna", "2"))).toBe("done");
    expect(catalog.add(entry("contact", "Anna", "2"))).toBe("already");
    expect(catalog.resolve("contact", "anna")).toEqual(["Anna", "Anna"]);
    expect(catalog.remove("contact", "ANNA")).toBe(2);
    expect(catalog.resolve("contact", "anna")).toEqual([]);
  });

  it("takes no name over its bound, over many pages, and forgets a class or everything", () => {
    const { catalog, store } = setUp();
    const before = catalog.count;
    for (let i = 0; i < 60; i++) catalog.add(entry("contact", `name ${i}`));
    expect(catalog.count).toBe(before + 60);
    expect(catalog.resolve("contact", "name five nine")).toEqual(["name 59"]);
    expect(MAX_ENTRIES).toBe(1000);
    for (const [key, page] of store.texts) if (key.startsWith("names")) expect(page.length < 1600).toBe(true);
    expect(catalog.erase("contact")).toBe(60);
    expect(catalog.count).toBe(before);
    catalog.erase();
    expect([catalog.count, setUp(store).catalog.count]).toEqual([0, 0]);
    catalog.reset();
    expect([catalog.count, setUp(store).catalog.count]).toEqual([before, before]);
  });

  it("leaves damaged lines out and counts them", () => {
    const store = memoryStore({
      catalog: "1",
      names0: "\nnonsense\ncontact\tanna\t\t1\t\ncontact\t\t\t\t\ndevice\tx\t\t\tspoon\n",
    });
    const { catalog } = setUp(store);
    expect([catalog.count, catalog.damaged]).toEqual([1, 3]);
    expect(setUp(memoryStore({ catalog: "lots" })).catalog.count > 10).toBe(true);
  });
});

describe("an entry", () => {
  it("that can't be used says why", () => {
    const why = (record: Parameters<typeof entryOf>[0]) => entryOf(record);
    expect(why({ class: "pet", name: "Rex" })).toBe('has the class "pet"; expected contact, device, room, playlist');
    expect(why({ class: "contact", name: "!!" })).toBe("holds no letters");
    expect(why({ class: "contact", name: "Ann\ufffda" })).toBe("holds bytes that are not UTF-8 text");
    expect(why({ class: "contact", name: "安娜" })).toBe('has "安", for which there are no letters');
    expect(why({ class: "contact", name: "a".repeat(65) })).toBe("has 65 letters, more than 64");
    expect(why({ class: "contact", name: "a\u0007" })).toBe("holds the control character 7");
    expect(why({ class: "device", name: "x", kind: "spoon" })).toContain("has the kind");
    expect(why({ class: "contact", name: "x", detail: "1".repeat(97) })).toContain("97 letters beside its name");
  });

  it("tells what a device is by its last word", () => {
    const kinds = ["Desk Lamp", "ceiling fan", "Heating", "blinds", "front door", "garage door", "toaster"];
    expect(kinds.map((name) => entry("device", name).kind)).toEqual([
      "light",
      "fan",
      "climate",
      "cover",
      "lock",
      "cover",
      "switch",
    ]);
  });
});

describe("importing", () => {
  const names = (text: string) =>
    importText(text).records.map(({ class: c, name, detail = "" }) => `${c}:${name}:${detail}`);

  it("reads CSV with and without a first row of names", () => {
    expect(names("Anna\nBob\n")).toEqual(["contact:Anna:", "contact:Bob:"]);
    expect(names('\ufeffclass,name,room\r\ndevice,"Lamp, big",Den\r\n\r\nroom,Attic\r\n')).toEqual([
      "device:Lamp, big:Den",
      "room:Attic:",
    ]);
    expect(names("Name;Phone\nZoë;1\n")).toEqual(["contact:Zoë:1"]);
    expect(importText('a,"b\nc').refused).toBe("expected a closing quote; the row of line 1 has none");
  });

  it("reads JSON, as a list or by class", () => {
    expect(names('[{"name":"Anna","phone":"1"},"Bob"]')).toEqual(["contact:Anna:1", "contact:Bob:"]);
    expect(
      names(
        '{"devices":[{"name":"Lamp","room":"Den","kind":"light"}],"playlists":[{"name":"Jazz","pieces":["a","b"]}]}',
      ),
    ).toEqual(["device:Lamp:Den", "playlist:Jazz:a b"]);
    expect(importText('{"name":}').refused).toContain("not well-formed");
    expect(importText('{"x":1}').refused).toContain("expected lists of names by class");
  });

  it("reads vCards", () => {
    const card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë\r\n  Long\r\nTEL;TYPE=cell:tel:+1-555\r\nEND:VCARD\r\n";
    expect(names(card)).toEqual(["contact:Zoë Long:+1-555"]);
    expect(names("BEGIN:VCARD\nN:Doe;John;;;\nEND:VCARD")).toEqual(["contact:John Doe:"]);
    expect(importText("BEGIN:VCARD\nFN:x").refused).toContain("has none");
  });

  it("reads what JSON.parse reads, and refuses what it refuses", () => {
    for (const text of ['"a\\u0041\\n"', "[1,-2.5e3,true,null]", " {} ", '{"a":{"b":[]}}']) {
      expect(parseJson(text) === undefined).toBe(false);
    }
    for (const text of ["", "[1,]", "{a:1}", '"\\x"', "01x", "[", '"', "nul", "-", "[[[[[[[[[[]]]]]]]]]]"]) {
      expect(parseJson(text)).toBe(undefined);
    }
  });
});
