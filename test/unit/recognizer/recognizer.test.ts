import { describe, expect, it } from "testing";
import { decodeNames } from "../../../src/catalog/bias-bytes";
import type { EngineEvent } from "../../../src/recognizer/events";
import { type RawEventHandler, Recognizer } from "../../../src/recognizer/recognizer";

const LISTEN = 0;
const TIMEOUT = 5;

function setUp() {
  const orders: boolean[] = [];
  const holds: number[][] = [];
  const lists: Uint8Array[] = [];
  const events: EngineEvent[] = [];
  let handler: RawEventHandler = () => {};
  const driver = {
    onEvent: (given: RawEventHandler) => {
      handler = given;
    },
    listen: (on: boolean) => orders.push(on),
    mute: () => {},
    hold: (utterance: number, revision: number) => holds.push([utterance, revision]),
    names: (bytes: Uint8Array) => lists.push(bytes) && (bytes[2] as number) - 1,
    namesRoom: () => new Uint8Array(4000),
    givenNames: () => undefined,
    unspelled: () => 0,
    spell: (name: string) => (name === "anna" ? "▁an na\n▁a nna" : ""),
  };
  const recognizer = new Recognizer(driver, (event) => events.push(event));
  const raise = (type: number) => handler(type, 0, 1, 0, 0, 1, undefined);
  return { recognizer, orders, holds, lists, events, raise };
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

  it("gives the names of all sources as one list, and tells what became of them", () => {
    const { recognizer, lists } = setUp();
    expect(recognizer.setNames([{ name: "Anna" }, { name: "?" }])).toEqual({
      names: 1,
      left: 1,
      problems: [{ name: "?", reason: "holds no letters" }],
      unspelled: 1,
    });
    recognizer.setNames([{ name: "Bo" }], "console");
    recognizer.setNames([]);
    expect(lists.map((list) => [...decodeNames(list)].map(({ name }) => name))).toEqual([
      ["anna"],
      ["bo", "anna"],
      ["bo"],
    ]);
    expect(recognizer.spell("anna")).toEqual(["▁an na", "▁a nna"]);
    expect(recognizer.spell("otto")).toEqual([]);
  });
});
