import { isoOf, parseIso } from "../../calendar/civil";
import { badArgument, type Command, MANY } from "../command";

export const time: Command = {
  name: "time",
  usage: "[set YYYY-MM-DDTHH:MM[:SS]|zone RULE]",
  summary: "shows or sets the device's calendar and its time zone",
  details: [
    "The time is local. RULE is a POSIX time zone: time zone CET-1CEST,M3.5.0,M10.5.0/3",
    "Set the zone first: the calendar counts in UTC. Timers run on, alarms follow the clock.",
  ],
  most: MANY,
  run(args, device) {
    const { calendar } = device;
    const [order, ...rest] = args;
    const text = rest.join(" ");
    if (order === "set") {
      const local = parseIso(text);
      if (local === undefined) throw badArgument("a time such as 2026-01-01T08:00:00", text);
      const { utc, kind } = calendar.instantOf(local);
      if (kind === "gap") throw badArgument("a time that exists on that day", text);
      device.setTime(utc);
    } else if (order === "zone") {
      if (!device.setSetting("zone", text))
        throw badArgument("a POSIX time zone such as CET-1CEST,M3.5.0,M10.5.0/3", text);
    } else if (order !== undefined) throw badArgument("set or zone", order);
    const local = calendar.local();
    const shown = local === undefined ? null : isoOf(local);
    const { zone } = device.settings.values;
    return { lines: [`time: ${shown ?? "not known"}`, `zone: ${zone}`], data: { time: shown, zone } };
  },
};
