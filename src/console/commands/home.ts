import type { CatalogEntry } from "../../catalog/entry";
import { DEVICE_KINDS } from "../../catalog/entry";
import type { DeviceState } from "../../home/home";
import { type Answer, badArgument, type Command, type ConsoleDevice, MANY } from "../command";
import { addNames, recordOf, recordsOf, removed } from "../names";

export const home: Command = {
  name: "home",
  usage: "[add NAME[, ROOM[, KIND]]|remove NAME|import RECORD|erase]",
  summary: "lists the devices of the home with their state, adds or removes some",
  details: [
    "home add Reading Lamp, bedroom, light",
    `Kinds: ${DEVICE_KINDS.join(", ")}; without one the last word of the name tells.`,
    "A device is known by voice within a second.",
  ],
  most: MANY,
  run(args, device) {
    const [order, ...rest] = args;
    const text = rest.join(" ");
    switch (order) {
      case undefined:
        return list(device);
      case "add":
        return addNames(device, [recordOf("device", text)]);
      case "import":
        return addNames(device, recordsOf(text, "device"));
      case "remove":
        return removed(device.catalog.remove("device", text), { one: "device" });
      case "erase":
        return removed(device.catalog.erase("device"), { one: "device" });
      default:
        throw badArgument("add, remove, import or erase", order);
    }
  },
};

function list({ catalog, skillDrivers }: ConsoleDevice): Answer {
  const driver = skillDrivers.home;
  const devices = [...catalog.entries("device")];
  const lines = devices.map((device) => {
    const state = driver?.state(device);
    return `${device.name}${device.detail === "" ? "" : `, ${device.detail}`}, ${device.kind}: ${stateWords(device, state)}`;
  });
  lines.push(`driver: ${driver?.name ?? "none"}`);
  const rows = devices.map((device) => ({
    name: device.name,
    room: device.detail,
    kind: device.kind,
    state: driver?.state(device) ?? null,
  }));
  return { lines, data: { driver: driver?.name ?? null, devices: rows } };
}

function stateWords({ kind }: CatalogEntry, state: DeviceState | undefined): string {
  if (state === undefined) return "not known";
  const words = kind === "cover" ? ["open", "closed"] : kind === "lock" ? ["unlocked", "locked"] : ["on", "off"];
  const parts = [words[state.on ? 0 : 1] as string];
  if (state.level !== undefined) parts.push(`${state.level} %`);
  if (state.color !== undefined) parts.push(state.color);
  if (state.temperature !== undefined) parts.push(`${state.temperature} degrees`);
  return parts.join(", ");
}
