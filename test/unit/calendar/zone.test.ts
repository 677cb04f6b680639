import { describe, expect, it } from "testing";
import { civilOf, DAY_MS, dateOf, daysOf, isoOf, parseIso } from "../../../src/calendar/civil";
import { instantOfLocal, offsetAt, parseZone, type Zone } from "../../../src/calendar/zone";

const BERLIN = parseZone("CET-1CEST,M3.5.0,M10.5.0/3") as Zone;
const SYDNEY = parseZone("AEST-10AEDT,M10.1.0,M4.1.0/3") as Zone;
const at = (iso: string) => parseIso(iso) as number;

describe("civil dates", () => {
  it("are what Date says, for every day of 800 years", () => {
    for (let days = daysOf(1600, 1, 1); days < daysOf(2400, 1, 1); days += 13) {
      const date = new Date(days * DAY_MS);
      const { year, month, day } = dateOf(days);
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      expect(daysOf(year, month, day)).toBe(days);
      expect(civilOf(days * DAY_MS).weekday).toBe(date.getUTCDay());
    }
  });

  it("are read and written in one form", () => {
    expect(isoOf(at("2026-03-29T02:30"))).toBe("2026-03-29T02:30:00");
    expect(at("1970-01-01")).toBe(0);
    for (const bad of ["", "2026", "2026-02-29", "2026-13-01", "2026-01-01T24:00", "2026-01-01T1:00", "x026-01-01"]) {
      expect(parseIso(bad)).toBe(undefined);
    }
  });
});

describe("time zones", () => {
  it("change over twice a year, on both halves of the globe", () => {
    expect(offsetAt(BERLIN, at("2026-03-29T00:59:59"))).toBe(3_600_000);
    expect(offsetAt(BERLIN, at("2026-03-29T01:00:00"))).toBe(7_200_000);
    expect(offsetAt(BERLIN, at("2026-10-25T00:59:59"))).toBe(7_200_000);
    expect(offsetAt(BERLIN, at("2026-10-25T01:00:00"))).toBe(3_600_000);
    expect(offsetAt(SYDNEY, at("2026-01-01T00:00:00"))).toBe(11 * 3_600_000);
    expect(offsetAt(SYDNEY, at("2026-07-01T00:00:00"))).toBe(10 * 3_600_000);
  });

  it("have times that do not exist, and times that come twice", () => {
    expect(instantOfLocal(BERLIN, at("2026-03-29T02:30")).kind).toBe("gap");
    expect(instantOfLocal(BERLIN, at("2026-10-25T02:30"))).toEqual({ utc: at("2026-10-25T00:30"), kind: "twice" });
    expect(instantOfLocal(BERLIN, at("2026-06-01T12:00"))).toEqual({ utc: at("2026-06-01T10:00"), kind: "once" });
  });

  it("are POSIX rules, and anything else is refused", () => {
    for (const good of ["UTC0", "EST5EDT,M3.2.0,M11.1.0", "<-03>3", "IST-5:30", "NZST-12NZDT-13,M9.5.0,M4.1.0/3"]) {
      expect(parseZone(good)?.rule).toBe(good);
    }
    for (const bad of [
      "",
      "UTC",
      "0",
      "CET-1CEST",
      "CET-1CEST,M13.5.0,M10.5.0",
      "CET-1CEST,M3.5.0",
      "A0",
      "UTC99",
      "UTC0x",
    ]) {
      expect(parseZone(bad)).toBe(undefined);
    }
  });
});
