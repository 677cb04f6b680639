// The command line's options, dates and rooms.

import { describe, expect, it } from "vitest";
import { parseDate, pcCalendar } from "../../host-sim/cli/commands/date.ts";
import { parseRoom } from "../../host-sim/cli/commands/room.ts";
import { type Command, helpText, parseArguments } from "../../host-sim/cli/options.ts";

const COMMAND: Command = {
  name: "try",
  invocation: "npm run try --",
  summary: "Tries.",
  operands: { name: "FILE", least: 0, most: 2, help: "a file" },
  options: [
    { name: "json", help: "as JSON" },
    { name: "mips", value: "N", help: "speed" },
    { name: "console", value: "pty", optional: true, help: "console" },
  ],
};

const parse = (...args: string[]) => parseArguments(COMMAND, args);

describe("options", () => {
  it("take their value after a space or an equals sign", () => {
    expect(parse("--mips", "60").number("mips", 1, 100)).toBe(60);
    expect(parse("--mips=62.5").number("mips", 1, 100)).toBe(62.5);
  });

  it("with an optional value take it after an equals sign only", () => {
    const args = parse("--console", "a.wav");
    expect(args.flag("console")).toBe(true);
    expect(args.text("console")).toBeUndefined();
    expect(args.operands).toEqual(["a.wav"]);
    expect(parse("--console=pty").text("console")).toBe("pty");
  });

  it("end at --, so that files may begin with a dash", () => {
    expect(parse("--json", "--", "-a.wav", "--json").operands).toEqual(["-a.wav", "--json"]);
  });

  it.each([[["--mips", "0x10"]], [["--mips", "1e3"]], [["--mips", ""]], [["--mips", "101"]], [["--mips=-5"]]])(
    "refuse %j as a number of 1 to 100",
    (args) => {
      expect(() => parse(...args).number("mips", 1, 100)).toThrow(/--mips: expected a number from 1 to 100; found/);
    },
  );

  it("refuse too many files by name", () => {
    expect(() => parse("a", "b", "c")).toThrow(/at most 2 × FILE; found "c"/);
  });

  it("are all in the help", () => {
    for (const text of ["--json", "--mips N", "--console[=pty]", "--help", "[FILE]…"])
      expect(helpText(COMMAND)).toContain(text);
  });
});

describe("a date", () => {
  it("without a zone is what the device's clock shows", () => {
    expect(parseDate("2026-01-01T08:00:00")).toBe(1767254400000);
    expect(parseDate("2026-01-01 08:00")).toBe(1767254400000);
    expect(parseDate("2026-01-01")).toBe(1767225600000);
  });

  it("with a zone is that moment", () => {
    expect(parseDate("2026-01-01T08:00:00Z")).toBe(1767254400000);
    expect(parseDate("2026-01-01T09:00:00+01:00")).toBe(1767254400000);
  });

  it.each(["", "today", "2026-02-30", "2026-13-01", "2026-01-01T25:00:00", "01.01.2026"])("%j is refused", (text) => {
    expect(() => parseDate(text)).toThrow(/--date: expected/);
  });

  it("of the PC is its local time", () => {
    const now = new Date(2026, 5, 1, 12, 30);
    expect(new Date(pcCalendar(now)).toISOString()).toBe("2026-06-01T12:30:00.000Z");
  });
});

describe("a room", () => {
  it.each([
    ["0.4", "0.4"],
    ["0.4,-6", "0.4,-6"],
    ["0,+3.5", "0,3.5"],
  ])("%s is taken", (text, passed) => {
    expect(parseRoom(text)).toBe(passed);
  });

  it.each(["", "six", "0.4,", "-1", "0.4,-6,1", "0.4 -6", "9", "0.4,99"])("%j is refused", (text) => {
    expect(() => parseRoom(text)).toThrow(/--room: expected/);
  });
});
