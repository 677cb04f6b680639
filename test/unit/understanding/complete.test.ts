import { describe, expect, it } from "testing";
import { isComplete } from "../../../src/understanding/complete";

describe("isComplete", () => {
  it("asks for more where words must follow", () => {
    expect(isComplete("timerSet", "set a timer for", {})).toBe(false);
    expect(isComplete("timerSet", "set a timer", {})).toBe(false);
    expect(isComplete("deviceOn", "turn on the", {})).toBe(false);
    expect(isComplete("orderDrink", "get me a latte with milk and", { coffeeDrink: "latte" })).toBe(false);
    expect(isComplete("call", "call", {})).toBe(false);
    expect(isComplete("none", "set a", {})).toBe(false);
    expect(isComplete("none", "", {})).toBe(false);
  });

  it("lets whole requests through", () => {
    expect(isComplete("timerSet", "set a timer for ten minutes", { duration: "ten minutes" })).toBe(true);
    expect(isComplete("deviceOn", "turn the light on", { device: "light" })).toBe(true);
    expect(isComplete("deviceOff", "turn it off", { device: "it" })).toBe(true);
    expect(isComplete("alarmSet", "wake me tomorrow", { day: "tomorrow" })).toBe(true);
    expect(isComplete("stop", "stop", {})).toBe(true);
    expect(isComplete("message", "text anna", { contact: "anna" })).toBe(true);
    expect(isComplete("none", "what is my bank balance", {})).toBe(true);
  });
});
