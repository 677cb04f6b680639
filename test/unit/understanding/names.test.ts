import { describe, expect, it } from "testing";
import type { NameLookup } from "../../../src/understanding/intent";
import { nameSlots } from "../../../src/understanding/names";

/** Class and folded words to the owner's spelling. */
function catalogue(entries: readonly (readonly [string, string, string])[]): NameLookup {
  return {
    resolve: (nameClass, words) => entries.filter(([c, w]) => c === nameClass && w === words).map(([, , name]) => name),
  };
}

const names = catalogue([
  ["contact", "anna lena", "Anna-Lena"],
  ["device", "kitchen light", "Kitchen light"],
  ["device", "blue moon", "Blue Moon"],
  ["room", "living room", "Living room"],
]);

describe("nameSlots", () => {
  it("gives the owner's spelling", () => {
    expect(nameSlots("call", "call anna lena", { contact: "anna lena" }, names)).toEqual({ contact: "Anna-Lena" });
  });

  it("takes a room and a device for one name where the owner has it", () => {
    const slots = { room: "kitchen", device: "light" };
    expect(nameSlots("deviceOn", "turn on the kitchen light", slots, names)).toEqual({ device: "Kitchen light" });
    const others = { room: "living room", device: "lamp" };
    expect(nameSlots("deviceOn", "turn on the living room lamp", others, names)).toEqual({
      room: "Living room",
      device: "lamp",
    });
  });

  it("finds a name that was taken in part, or not at all", () => {
    expect(nameSlots("call", "call anna lena", { contact: "anna" }, names)).toEqual({ contact: "Anna-Lena" });
    expect(nameSlots("call", "call my anna lena", { contact: "my anna lena" }, names)).toEqual({
      contact: "Anna-Lena",
    });
    expect(nameSlots("deviceOn", "turn on the blue moon", {}, names)).toEqual({ device: "Blue Moon" });
  });

  it("leaves words that are no name of the owner's", () => {
    expect(nameSlots("call", "call bob", { contact: "bob" }, names)).toEqual({ contact: "bob" });
  });
});
