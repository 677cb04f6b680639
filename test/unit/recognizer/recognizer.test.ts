import { describe, expect, it } from "testing";
import type { EngineEvent } from "../../../src/recognizer/events";
import { type RawEventHandler, Recognizer } from "../../../src/recognizer/recognizer";

const LISTEN = 0;
const TIMEOUT = 5;

function setUp() {
  const orders: boolean[] = [];
  const holds: number[][] = [];
  const events: EngineEvent[] = [];
  let handler: RawEventHandler = () => {};
  const driver = {
    onEvent: (given: RawEventHandler) => {
      handler = given;
    },
    listen: (on: boolean) => orders.push(on),
    mute: () => {},
    hold: (utterance: number, revision: number) => holds.push([utterance, revision]),
  };
  const recognizer = new Recognizer(driver, (event) => events.push(event));
  const raise = (type: number) => handler(type, 0, 1, 0, 0, 1, undefined);
  return { recognizer, orders, holds, events, raise };
}

describe("Recognizer", () => {
  it("listens once: until one utterance has ended", () => {
    const { recognizer, orders, events, raise } = setUp();
    recognizer.listen("once");
    raise(LISTEN);
    expect(recognizer.mode).toBe("once");
    raise(TIMEOUT);
    expect(recognizer.mode).toBe("off");
    expect(orders).toEqual([true, false]);
    expect(events.map((event) => event.type)).toEqual(["listen", "timeout"]);
  });

  it("listens on and on until it is switched off, and gives each order once", () => {
    const { recognizer, orders, raise } = setUp();
    recognizer.listen("on");
    raise(LISTEN);
    raise(TIMEOUT);
    recognizer.listen("on");
    expect(orders).toEqual([true]);
    recognizer.listen("off");
    recognizer.listen("off");
    expect(orders).toEqual([true, false]);
  });

  it("hands on which revision is not complete", () => {
    const { recognizer, holds } = setUp();
    recognizer.hold(7, 2);
    expect(holds).toEqual([[7, 2]]);
  });

  it("goes on when the host pressed the button", () => {
    const { recognizer, orders, raise } = setUp();
    raise(LISTEN);
    raise(TIMEOUT);
    expect(recognizer.mode).toBe("on");
    expect(orders).toEqual([]);
  });
});
