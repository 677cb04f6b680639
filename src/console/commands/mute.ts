import { type Command, onOff } from "../command";

export const mute: Command = {
  name: "mute",
  usage: "[on|off]",
  summary: "shows, or switches, the microphone's mute",
  details: [
    "While it is on the microphone is off and nothing is heard; music goes on, and the volume stays what it is.",
    "It is kept over a restart.",
  ],
  most: 1,
  run(args, device) {
    if (args[0] !== undefined) device.setMute(onOff(args[0]));
    const present = device.settings.values.mute;
    return { lines: [`mute: ${present ? "on" : "off"}`], data: { mute: present } };
  },
};
