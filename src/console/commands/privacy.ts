import { badArgument, type Command } from "../command";

export const privacy: Command = {
  name: "privacy",
  usage: "[local|lattice]",
  summary: "shows or sets what may leave the device",
  details: [
    "local: nothing does, and no connection to the Internet is opened. lattice: what was heard, as a lattice without",
    "sound, may go to a server of yours. This version has no server to send to: nothing leaves it in either mode.",
  ],
  most: 1,
  run(args, device) {
    if (args[0] !== undefined && !device.setSetting("privacy", args[0])) throw badArgument("local or lattice", args[0]);
    const { privacy: mode } = device.settings.values;
    return { lines: [`privacy: ${mode}`, "bytes sent since the start: 0"], data: { privacy: mode, bytesSent: 0 } };
  },
};
