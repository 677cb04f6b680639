import { describe, expect, it } from "testing";
import { Log } from "../../../src/base/log";

describe("Log", () => {
  it("keeps the last lines with their capture time in ms, and hands each to the host", () => {
    const sent: string[] = [];
    const log = new Log(
      () => 16_000,
      (line) => sent.push(line),
    );
    log.write("device", "started");
    expect(log.last()).toEqual(["1000 device: started"]);
    expect(sent).toEqual(["1000 device: started"]);
    for (let i = 0; i < log.capacity; i++) log.write("device", `line ${i}`);
    expect(log.last().length).toBe(log.capacity);
    expect(log.last(1)).toEqual([`1000 device: line ${log.capacity - 1}`]);
  });

  it("holds details, spoken words among them, only while debugging", () => {
    const sent: string[] = [];
    const log = new Log(
      () => 0,
      (line) => sent.push(line),
    );
    log.detail("request", "secret");
    expect(sent).toEqual([]);
    log.debug = true;
    log.detail("request", "secret");
    expect(sent).toEqual(["0 request: secret"]);
  });
});
