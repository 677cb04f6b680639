import { describe, expect, it } from "testing";
import { decodeNames, encodeNames } from "../../../src/catalog/bias-bytes";
import { bench as anyBench, type BenchOptions } from "../drivers";

/** Without the devices that a new speaker knows. */
const bench = (options: BenchOptions = {}) => anyBench({ ...options, stored: { catalog: "0", ...options.stored } });

const namesOf = (bytes: Uint8Array | undefined) => [...decodeNames(bytes as Uint8Array)].map(({ name }) => name);

describe("bias", () => {
  it("adds names, which the recogniser gets and a restart keeps", () => {
    const speaker = bench();
    expect(speaker.lists.length).toBe(0);
    expect(speaker.type("bias add class=contact Anna Smith")).toBe("names: 1\nok");
    expect(speaker.type("bias add weight=2 Zoë")).toBe("names: 2\nok");
    expect(namesOf(speaker.lists[1])).toEqual(["anna smith", "zoe"]);
    expect(speaker.type("bias list")).toBe("names: 2\n  Anna Smith, contact\n  Zoë, weight 2\nok");
    const again = bench({ stored: Object.fromEntries(speaker.store.texts) });
    expect(namesOf(again.lists[0])).toEqual(["anna smith", "zoe"]);
    expect(again.type("bias remove anna SMITH")).toBe("names: 1\nok");
    expect(again.type("bias clear")).toBe("names: 0\nok");
    expect(again.type("bias list")).toBe("names: 0\nok");
  });

  it("refuses what is no name, in one sentence each", () => {
    const { type, lists } = bench();
    expect(type("bias add")).toBe("error bad-argument expected a name; found none");
    expect(type("bias add Иван")).toBe('error bad-argument "Иван" has "и", for which the model has no letters');
    expect(type("bias add Quinn")).toBe(`error bad-argument "Quinn" can't be spelled with the model's word pieces`);
    expect(type("bias add weight=many anna")).toBe(
      'error bad-argument "anna" has a weight that is not a number from 0 to 10',
    );
    expect(type(`bias add ${"x".repeat(200)}`)).toContain("has 200 letters, more than 64");
    expect(type("bias remove anna")).toBe('error nothing "anna" is no name that was added here');
    expect(type("bias hum")).toBe('error bad-argument bias takes add, list, remove, clear, load or test; found "hum"');
    expect(type("bias list 0")).toBe('error bad-argument expected a number from 1; found "0"');
    expect(lists.length).toBe(0);
    type("bias add anna");
    expect(type("bias add anna")).toBe('error already "anna" is listed already');
  });

  it("loads the lines that follow; a bad one is refused alone", () => {
    const { type, lists } = bench();
    expect(type("bias load")).toBe("a name a line; a single dot ends\nok");
    expect(type("Anna Smith\tcontact\t1.5")).toBe("ok");
    expect(type("stop")).toBe("ok");
    expect(type("\t\t")).toBe("ok");
    expect(type("Иван")).toContain("error bad-argument");
    expect(lists.length).toBe(0);
    expect(type(".")).toBe("names: 2\nok");
    expect([...decodeNames(lists[0] as Uint8Array)]).toEqual([
      { name: "anna smith", class: "contact", weight: 1.5 },
      { name: "stop", class: null, weight: 1 },
    ]);
    expect(type("bias list 2", true)).toBe(
      '{"type":"reply","command":"bias","ok":true,"count":2,"from":2,"names":[{"name":"stop","class":null,"weight":1}]}',
    );
  });

  it("shows how a name is spelled and where it is listed", () => {
    const { type } = bench();
    type("bias add class=room Living Room 2");
    expect(type("bias test living room two")).toBe(
      "name: living room two\npieces: ▁living ▁room ▁two\nlisted: room, weight 1\nok",
    );
    expect(type("bias test anna")).toBe("name: anna\npieces: ▁anna\nlisted: no\nok");
  });

  it("keeps the names that the board was given", () => {
    const { type, lists } = bench({ given: encodeNames([{ name: "jarvis" }], () => new Uint8Array(100)).bytes });
    type("bias add anna");
    expect(namesOf(lists[0])).toEqual(["jarvis", "anna"]);
    expect(type("bias list")).toBe("names: 2\n  jarvis\n  anna\nok");
    type("bias clear");
    expect(namesOf(lists[1])).toEqual(["jarvis"]);
  });
});
