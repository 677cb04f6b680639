import { describe, expect, it } from "testing";
import { OwnNames } from "../../../src/catalog/own-names";
import { memoryStore } from "../settings/memory-store";

const all = (names: OwnNames) => [...names].map(({ name }) => name);

describe("names added by hand", () => {
  it("are kept in the store, as they were written", () => {
    const store = memoryStore();
    const names = new OwnNames(store);
    expect(names.add({ name: "Zoë", class: "contact", weight: 2 })).toBe("done");
    expect(names.add({ name: "Bo" })).toBe("done");
    expect([...new OwnNames(store)]).toEqual([
      { name: "Zoë", class: "contact", weight: 2 },
      { name: "Bo", class: null, weight: 1 },
    ]);
  });

  it("are there once, and go when asked", () => {
    const names = new OwnNames(memoryStore());
    names.add({ name: "Anna", class: "contact" });
    names.add({ name: "anna", class: "playlist" });
    expect(names.add({ name: "Anna", class: "contact" })).toBe("already");
    expect(names.remove("anna", "playlist")).toBe(1);
    expect(names.remove("otto", null)).toBe(0);
    expect(all(names)).toEqual(["Anna"]);
    expect(names.clear()).toBe(1);
    expect(all(names)).toEqual([]);
  });

  it("leave out lines that the storage has damaged", () => {
    const names = new OwnNames(memoryStore({ bias0: "Anna\t\t1\nbroken\nBo\tcontact\tmuch" }));
    expect(all(names)).toEqual(["Anna"]);
  });
});
