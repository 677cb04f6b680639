import { describe, expect, it } from "testing";
import { impliedSlots } from "../../../src/understanding/implied";

describe("impliedSlots", () => {
  it("tells all from one", () => {
    expect(impliedSlots("timerCancel", "cancel all my timers", {})).toEqual({ all: "all" });
    expect(impliedSlots("alarmCancel", "cancel my alarm", {})).toEqual({});
  });

  it("finds the number that is called", () => {
    expect(impliedSlots("call", "call five five five oh one", {})).toEqual({ contact: "five five five oh one" });
    expect(impliedSlots("call", "call anna", { contact: "anna" })).toEqual({});
    expect(impliedSlots("call", "call my", {})).toEqual({});
  });

  it("finds the direction of a change", () => {
    expect(impliedSlots("volumeChange", "mute the speaker", {})).toEqual({ direction: "mute" });
    expect(impliedSlots("volumeChange", "raise the volume", {})).toEqual({ direction: "raise" });
    expect(impliedSlots("volumeChange", "i can't hear you", {})).toEqual({ direction: "louder" });
    expect(impliedSlots("volumeChange", "turn it up", { direction: "up" })).toEqual({});
  });

  it("finds the step of a device without a value", () => {
    expect(impliedSlots("deviceSet", "dim the bedroom", { room: "bedroom" })).toEqual({ value: "dim" });
    expect(impliedSlots("deviceSet", "it's too cold in here", {})).toEqual({ value: "cold", room: "here" });
    expect(impliedSlots("deviceSet", "set the light to red", { value: "red", device: "light" })).toEqual({});
  });
});
