import { describe, expect, it } from "testing";
import { bench } from "../drivers";
import { said } from "./said";

describe("the home by voice", () => {
  it("switches, dims, colors and heats", () => {
    const speaker = bench();
    const state = (name: string) =>
      speaker
        .type("home")
        .split("\n")
        .find((line) => line.startsWith(`${name},`));
    expect(said(speaker, "deviceOn device=light;room=kitchen")).toContain("the light in the kitchen is on");
    expect(state("kitchen light")).toBe("kitchen light, kitchen, light: on");
    said(speaker, "deviceSet device=kitchen light;value=forty percent");
    said(speaker, "deviceSet device=kitchen light;value=brighter");
    said(speaker, "deviceSet device=kitchen light;value=warm white");
    expect(state("kitchen light")).toBe("kitchen light, kitchen, light: on, 60 %, warm white");
    expect(said(speaker, "deviceSet value=twenty one degrees;room=living room")).toContain(
      "is set to twenty one degrees",
    );
    said(speaker, "deviceSet value=warmer;room=living room");
    expect(state("heating")).toBe("heating, living room, climate: on, 22 degrees");
    expect(said(speaker, "deviceOff device=all the lights")).toContain("action: home switchOff, done | done");
    expect(state("kitchen light")).toContain("off");
    expect(said(speaker, "deviceOn lock=front door")).toBe("action: home switchOn, done | done");
    expect(state("front door")).toBe("front door, hallway, lock: unlocked");
    expect(said(speaker, "deviceOn opening=blinds")).toBe("action: home switchOn, done | done");
  });

  it("knows a new device by name at once, and asks when there are two", () => {
    const speaker = bench();
    expect(said(speaker, "deviceOn device=lava lamp")).toContain("no action: none | i can't find that device");
    speaker.type("home add Lava Lamp, bedroom");
    expect(said(speaker, "deviceOn device=lava lamp")).toContain("the lava lamp in the bedroom is on");
    speaker.type("home add Lava Lamp, office");
    expect(said(speaker, "deviceOff device=lava lamp")).toContain(
      "there are several devices of that name please say the room",
    );
    speaker.type("settings room office");
    expect(said(speaker, "deviceOff device=lava lamp")).toContain("the lava lamp in the office is off");
    expect(said(speaker, "deviceSet device=kettle;value=red")).toContain("that device can't do that");
  });
});
