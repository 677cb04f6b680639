import { isoOf } from "../../calendar/civil";
import type { Entry } from "../../timers/entry";
import { type Answer, badArgument, type Command, type ConsoleDevice, ConsoleError, count } from "../command";

export const timers: Command = {
  name: "timers",
  usage: "[cancel ID|erase|stop]",
  summary: "lists timers and alarms, cancels them, or ends their ringing",
  details: ["They are set by words: say set a pasta timer for ten minutes"],
  most: 2,
  run(args, device) {
    const [order, id] = args;
    const t = device.now();
    switch (order) {
      case undefined:
        return list(device, t);
      case "stop":
        if (device.timers.ringing.length === 0) throw new ConsoleError("nothing", "nothing rings");
        device.say("stop");
        return list(device, t);
      case "erase":
        device.timers.erase(t);
        return list(device, t);
      case "cancel": {
        const wanted = count(id ?? "", 1_000_000_000);
        const found = device.timers.entries.filter((entry) => entry.id === wanted);
        if (found.length === 0) throw new ConsoleError("nothing", `there is no timer or alarm ${wanted}`);
        device.timers.remove(found, t);
        return list(device, t);
      }
      default:
        throw badArgument("cancel ID, erase or stop", order);
    }
  },
};

function list(device: ConsoleDevice, t: number): Answer {
  const { entries } = device.timers;
  const rows = entries.map((entry) => row(device, entry, t));
  const lines = rows.map(({ id, kind, name, ringing, leftMs, due, repeat }) => {
    const when = ringing
      ? "rings"
      : leftMs !== null
        ? `${Math.ceil(leftMs / 1000)} s left`
        : (due ?? "when the time is known");
    return `${id} ${kind}${name === "" ? "" : ` ${name}`}: ${when}${repeat === null || repeat === "once" ? "" : `, ${repeat}`}`;
  });
  return { lines: lines.length === 0 ? ["none"] : lines, data: { timers: rows } };
}

function row({ timers, calendar }: ConsoleDevice, entry: Entry, t: number) {
  const { id, kind, name } = entry;
  const due = entry.kind === "alarm" && entry.due !== undefined ? isoOf(calendar.localOf(entry.due)) : null;
  return {
    id,
    kind,
    name,
    ringing: entry.ringing !== undefined,
    leftMs: entry.kind === "timer" ? timers.leftMs(entry, t) : null,
    due,
    repeat: entry.kind === "alarm" ? entry.repeat : null,
  };
}
